import Foundation
import Mixtures

// Change this: say what the weights depend on, and what the gate's parameters are.
/// Weights π_s that differ between the two sides s of a threshold in the first feature that the gate sees, each with a
/// Dirichlet distribution of its own: π_s ~ Dir(μ, …, μ).
public struct StepGate: Gate {
  /// Where the step is, in the units of the feature: a row at it is above.
  public let threshold: Double
  /// μ, as so many rows of each expert on each side.
  public let concentration: Double
  /// The prior of the weights on either side.
  public private(set) var prior: Dirichlet
  /// q(π_s), below and above the threshold; none before a mixture has said how many experts there are.
  public internal(set) var sides: [Dirichlet] = []

  /// A gate for a mixture of any number of experts.
  ///
  /// - Throws: `ArgumentError` unless the concentration is positive and finite.
  public init(threshold: Double, concentration: Double = 1) throws {
    self.threshold = threshold
    self.concentration = concentration
    prior = try Dirichlet(concentration: [concentration])
  }

  /// K; zero before a mixture has said how many experts there are.
  public var expertCount: Int { sides.first?.concentration.count ?? 0 }

  /// The weights depend on the features.
  public var readsFeatures: Bool { true }

  // Change this: keep what belongs to the experts that stay; a new one, nil, starts at its prior.
  /// Keeps the concentrations of the experts that stay.
  public mutating func select(_ experts: [Int?]) throws {
    let known = sides.map(\.concentration)
    prior = try Dirichlet(concentration: experts.map { _ in concentration })
    sides = try (0..<2).map { side in
      try Dirichlet(concentration: experts.map { old in old.map { known[side][$0] } ?? concentration })
    }
  }

  // Change this: starting values, and what you ask of the data.
  /// Starts at the prior.
  ///
  /// - Throws: `DataError` if the gate sees no feature.
  public mutating func configure(for data: DataSummary) throws {
    guard !data.gateFeatures.isEmpty else { throw DataError("the gate sees no feature: name one, as in y ~ x | time") }
    sides = [prior, prior]
  }

  // Change this: E ln π_k of each assignment under q, or a lower bound of it.
  /// E ln π_sk of the side on which the assignment lies.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, sides.map(\.meanLog))
  }

  // Change this: ln E π_k, of weights that sum to one.
  /// ln E π_sk of the side on which the assignment lies.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, sides.map { $0.mean.map { log($0) } })
  }

  // Change this: how many sums over the assignments your update needs.
  /// 2 K: N_sk, side after side.
  public var statisticsCount: Int { 2 * expertCount }

  // Change this: what an assignment adds to the sums.
  /// Adds N_sk = Σ r_k over the assignments on side s.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    let features = tile.gateFeatures
    for k in 0..<expertCount {
      for i in 0..<tile.assignmentCount {
        statistics[side(features[i]) * expertCount + k] += responsibilities[k * tile.capacity + i]
      }
    }
  }

  // Change this: the maximum over q of Σ r_k E ln π_k − divergence, from the sums.
  /// q(π_s) = Dir(μ + N_s).
  public mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    sides = try (0..<2).map { side in
      try Dirichlet(concentration: (0..<expertCount).map { concentration + statistics[side * expertCount + $0] })
    }
  }

  // Change this: the sum over your factors.
  /// Σ_s KL(q(π_s) ‖ Dir(μ)).
  public var divergence: Double { sides.reduce(0) { $0 + $1.divergence(from: prior) } }

  // Change this: what tables show of each expert.
  /// The weights on both sides, with standard errors.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    (0..<expertCount).map { k in
      zip(["below", "above"], sides).map { name, distribution in
        ParameterEstimate("weight(\(name))", value: distribution.mean[k], standardError: distribution.standardDeviations[k])
      }
    }
  }

  private func side(_ value: Double) -> Int { value < threshold ? 0 : 1 }

  /// Writes `values[side][expert]`. Feature j of assignment i is `tile.gateFeatures[j * tile.capacity + i]`.
  private func fill(_ scores: inout MutableSpan<Double>, _ tile: Tile, _ values: [[Double]]) {
    let features = tile.gateFeatures
    for k in 0..<expertCount {
      for i in 0..<tile.assignmentCount { scores[k * tile.capacity + i] = values[side(features[i])][k] }
    }
  }
}
