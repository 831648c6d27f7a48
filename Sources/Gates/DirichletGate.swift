import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Constant weights π with a Dirichlet prior and posterior: π ~ Dir(μ), q(π) = Dir(α), α_k = μ_k + N_k.
///
/// With entries of μ below one, experts that the data do not need lose their rows (Rousseau & Mengersen 2011). A symmetric
/// μ can be learned: its best value solves ψ(Kμ) − ψ(μ) = −mean_k E ln π_k, within bounds because for counts no more unequal
/// than chance it is infinite.
public struct DirichletGate: Gate, Equatable {
  /// How the prior's concentration μ is found.
  public enum Concentration: Sendable, Codable, Equatable {
    /// Given, one for each expert.
    case fixed([Double])
    /// One value for all experts, learned within the bounds; nil stands for 10⁻³ … the number of assignments.
    case learned(within: ClosedRange<Double>?)
  }

  /// How μ is found.
  public let concentration: Concentration
  /// The prior Dir(μ) of the weights.
  public internal(set) var prior: Dirichlet
  /// The posterior Dir(α) of the weights.
  public internal(set) var posterior: Dirichlet

  /// Between which values a learned μ is sought, once the data are known.
  private var bounds: ClosedRange<Double>?

  /// A gate with μ given for each expert.
  ///
  /// - Throws: `GSLError` unless all are positive and finite.
  public init(concentration: [Double]) throws {
    self.concentration = .fixed(concentration)
    prior = try Dirichlet(concentration: concentration)
    posterior = prior
  }

  /// A gate with the same μ for all experts.
  ///
  /// - Throws: `GSLError` unless it is positive and finite, or without experts.
  public init(expertCount: Int, concentration: Double = 1) throws {
    try self.init(concentration: Array(repeating: concentration, count: expertCount))
  }

  /// A gate that learns one μ for all experts, starting at one or at the nearest bound.
  ///
  /// - Throws: `GSLError` without experts, or if a bound is not positive and finite.
  public init(expertCount: Int, learningConcentrationWithin bounds: ClosedRange<Double>?) throws {
    if let bounds, !(bounds.lowerBound > 0 && bounds.upperBound.isFinite) {
      throw GSLError(domainErrorIn: "DirichletGate(learningConcentrationWithin: \(bounds))")
    }
    concentration = .learned(within: bounds)
    let start = bounds.map { min(max(1, $0.lowerBound), $0.upperBound) } ?? 1
    prior = try Dirichlet(concentration: Array(repeating: start, count: expertCount))
    posterior = prior
  }

  /// K, the number of entries of μ.
  public var expertCount: Int { prior.concentration.count }

  /// The predictive weights E π_k = α_k / Σα.
  public var weights: [Double] { posterior.mean }

  /// K: one sum N_k for each expert.
  public var statisticsCount: Int { expertCount }

  /// KL(q(π) ‖ Dir(μ)).
  public var divergence: Double { posterior.divergence(from: prior) }

  /// Starts q(π) at the prior; a learned μ gets its bounds, by default 10⁻³ … the number of assignments, and starts at one
  /// or at the nearest bound.
  public mutating func configure(for data: DataSummary) throws {
    if case .learned(let given) = concentration {
      bounds = given ?? 1e-3...max(Double(data.assignmentCount), 1)
      let start = min(max(1, bounds!.lowerBound), bounds!.upperBound)
      prior = try Dirichlet(concentration: Array(repeating: start, count: expertCount))
    }
    posterior = prior
  }

  /// E ln π_k = ψ(α_k) − ψ(Σα), the same for every assignment.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, with: posterior.meanLog)
  }

  /// ln(α_k / Σα), the same for every assignment.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, with: weights.map { log($0) })
  }

  /// Adds N_k = Σ_i r_ik.
  public func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    for k in 0..<expertCount { statistics[k] += VectorKernels.sum(responsibilities.extracting(tile.column(k))) }
  }

  /// q(π) = Dir(μ + N), then a learned μ given it.
  public mutating func update(_ statistics: Span<Double>, resum: Resum<DirichletGate>) throws {
    try updateWeights(counts: (0..<expertCount).map { statistics[$0] })
    try updateConcentration()
  }

  /// q(π), given μ.
  mutating func updateWeights(counts: [Double]) throws {
    posterior = try Dirichlet(concentration: zip(prior.concentration, counts).map(+))
  }

  /// A learned μ, given q(π): the root of a function that falls from +∞ to below, or the bound beyond which it lies.
  mutating func updateConcentration() throws {
    guard let bounds, expertCount > 1 else { return }
    let count = Double(expertCount)
    let target = -posterior.meanLog.reduce(0, +) / count
    func excess(_ value: Double) throws(GSLError) -> Double { try digamma(count * value) - digamma(value) - target }
    let best: Double
    if try excess(bounds.upperBound) >= 0 {
      best = bounds.upperBound
    } else if try excess(bounds.lowerBound) <= 0 {
      best = bounds.lowerBound
    } else {
      best = try root(in: bounds) { (try? excess($0)) ?? .nan }
    }
    prior = try Dirichlet(concentration: Array(repeating: best, count: expertCount))
  }

  private func fill(_ scores: inout MutableSpan<Double>, _ tile: Tile, with values: [Double]) {
    for k in 0..<expertCount {
      let column = tile.column(k)
      for i in column { scores[i] = values[k] }
    }
  }
}
