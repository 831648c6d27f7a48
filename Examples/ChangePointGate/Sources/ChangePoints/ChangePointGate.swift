import Foundation
import Mixtures

/// Weights that change once, somewhere along the first feature that the gate sees: π⁻ before the change and π⁺ from it on, each with the
/// prior Dir(μ, …, μ), and the change at one of T candidates, all as probable beforehand.
public struct ChangePointGate: Gate {
  /// Where the change may be, in the units of the feature and ascending.
  public let candidates: [Double]
  /// μ, as so many rows of each expert before the change and after it.
  public let concentration: Double
  /// q(t) of the change's candidate.
  public internal(set) var change: Categorical
  /// q(π⁻) and q(π⁺); none before a mixture has said how many experts there are.
  public internal(set) var sides: [Dirichlet] = []

  /// A gate for a mixture of any number of experts.
  ///
  /// - Throws: `DataError` without candidates; `ArgumentError` unless the concentration is positive and finite.
  public init(candidates: [Double], concentration: Double = 1) throws {
    guard !candidates.isEmpty, candidates.allSatisfy(\.isFinite) else {
      throw DataError("a change point needs candidates, which are numbers")
    }
    self.candidates = Set(candidates).sorted()
    self.concentration = concentration
    _ = try Dirichlet(concentration: [concentration])
    change = try Categorical(weights: self.candidates.map { _ in 1 })
  }

  /// K; zero before a mixture has said how many experts there are.
  public var expertCount: Int { sides.first?.concentration.count ?? 0 }

  /// The weights depend on the features.
  public var readsFeatures: Bool { true }

  /// Keeps the concentrations of the experts that stay, and the change.
  public mutating func select(_ experts: [Int?]) throws {
    let known = sides.map(\.concentration)
    sides = try (0..<2).map { side in
      try Dirichlet(concentration: experts.map { old in old.map { known[side][$0] } ?? concentration })
    }
  }

  /// Starts at the prior.
  ///
  /// - Throws: `DataError` if the gate sees no feature.
  public mutating func configure(for data: DataSummary) throws {
    guard !data.gateFeatures.isEmpty else { throw DataError("the gate sees no feature: name one, as in y ~ x | time") }
    sides = [try prior, try prior]
    change = try Categorical(weights: candidates.map { _ in 1 })
  }

  /// (1 − A) E ln π⁻_k + A E ln π⁺_k, A being the probability that the assignment lies after the change.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, sides.map(\.meanLog)) { $0 }
  }

  /// ln [(1 − A) E π⁻_k + A E π⁺_k].
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, sides.map(\.mean)) { log($0) }
  }

  /// (T + 1) K: N_bk for the intervals b between the candidates, one after another.
  public var statisticsCount: Int { (candidates.count + 1) * expertCount }

  /// Adds N_bk = Σ r_k over the assignments in interval b.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    for (i, interval) in intervals(tile).enumerated() {
      for k in 0..<expertCount { statistics[interval * expertCount + k] += responsibilities[k * tile.capacity + i] }
    }
  }

  /// q(π⁻) = Dir(μ + Σ_b (1 − A_b) N_b) and q(π⁺) = Dir(μ + Σ_b A_b N_b), then given them q(t) ∝ exp(Σ_{b>t} g_b) with
  /// g_b = Σ_k N_bk (E ln π⁺_k − E ln π⁻_k).
  public mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    var concentrations = [[Double]](repeating: Array(repeating: concentration, count: expertCount), count: 2)
    for (interval, after) in probabilitiesAfter.enumerated() {
      for k in 0..<expertCount {
        let count = statistics[interval * expertCount + k]
        concentrations[0][k] += (1 - after) * count
        concentrations[1][k] += after * count
      }
    }
    sides = try concentrations.map { try Dirichlet(concentration: $0) }
    var logWeights = candidates.map { _ in 0.0 }
    var sum = 0.0
    for interval in candidates.indices.reversed() {
      for k in 0..<expertCount {
        sum += statistics[(interval + 1) * expertCount + k] * (sides[1].meanLog[k] - sides[0].meanLog[k])
      }
      logWeights[interval] = sum
    }
    let largest = logWeights.max() ?? 0
    change = try Categorical(weights: logWeights.map { exp($0 - largest) })
  }

  /// KL(q(t) ‖ 1 / T) + KL(q(π⁻) ‖ Dir(μ)) + KL(q(π⁺) ‖ Dir(μ)).
  public var divergence: Double {
    guard let prior = try? prior else { return 0 }
    return sides.reduce(log(Double(candidates.count)) - change.entropy) { $0 + $1.divergence(from: prior) }
  }

  /// The weights before and after the change, with standard errors.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    (0..<expertCount).map { k in
      zip(["before", "after"], sides).map { name, distribution in
        ParameterEstimate("weight(\(name))", value: distribution.mean[k], standardError: distribution.standardDeviations[k])
      }
    }
  }

  /// Where the change is.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] {
    let mean = zip(change.probabilities, candidates).reduce(0) { $0 + $1.0 * $1.1 }
    let variance = zip(change.probabilities, candidates).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    return [ParameterEstimate("change", value: mean, standardError: variance.squareRoot())]
  }
}

extension ChangePointGate {
  private var prior: Dirichlet {
    get throws { try Dirichlet(concentration: Array(repeating: concentration, count: expertCount)) }
  }

  /// A_b = Σ_{t<b} q(t) for each interval b: before the first candidate, between the first and the second, …, after the last.
  private var probabilitiesAfter: [Double] {
    change.probabilities.reduce(into: [0]) { $0.append(min($0[$0.count - 1] + $1, 1)) }
  }

  /// The interval of each assignment: how many candidates are not above its value.
  private func intervals(_ tile: Tile) -> [Int] {
    tile.gateFeatures.prefix(tile.assignmentCount).map { value in
      var (low, high) = (0, candidates.count)
      while low < high {
        let middle = (low + high) / 2
        if candidates[middle] <= value { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// Writes a function of (1 − A) v⁻_k + A v⁺_k for each assignment.
  private func fill(
    _ scores: inout MutableSpan<Double>, _ tile: Tile, _ values: [[Double]], _ function: (Double) -> Double
  ) {
    let after = probabilitiesAfter
    let table = after.map { a in (0..<expertCount).map { function((1 - a) * values[0][$0] + a * values[1][$0]) } }
    for (i, interval) in intervals(tile).enumerated() {
      for k in 0..<expertCount { scores[k * tile.capacity + i] = table[interval][k] }
    }
  }
}
