import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Constant weights π with a Dirichlet prior and posterior: π ~ Dir(μ), q(π) = Dir(α), α_k = μ_k + N_k; or point estimates.
///
/// With entries of μ below one, experts that the data do not need lose their rows (Rousseau & Mengersen 2011). A symmetric
/// μ can be learned: its best value solves ψ(Kμ) − ψ(μ) = −mean_k E ln π_k, within bounds because for counts no more unequal
/// than chance it is infinite.
public struct DirichletGate: ConstantGate, Equatable {
  /// K; zero until a mixture says how many there are, unless μ does.
  public private(set) var expertCount: Int
  /// Whether the weights have a posterior distribution or a point estimate.
  public let estimate: Estimate
  /// How μ is found. Under maximum likelihood it does not matter.
  public private(set) var concentration: Concentration
  /// Weights that are fixed, by the expert's number. The free experts share what is left of one, in proportions that the
  /// Dirichlet distributions speak of.
  public private(set) var fixedWeights: [Int: Double] = [:]
  /// The prior Dir(μ) of the free experts' proportions.
  public internal(set) var prior: Dirichlet
  /// The posterior Dir(α) of the free experts' proportions.
  public internal(set) var posterior: Dirichlet
  /// The free experts' proportions, where they are a point estimate.
  public internal(set) var point: [Double]?

  /// Between which values a learned μ is sought, once the data are known.
  var bounds: ClosedRange<Double>?
  /// The expert that others are compared with in a gate that has been moved, by its number among the free ones.
  var movedReference: Int?

  /// No estimated weight falls below this, so that its logarithm is a number.
  private static let leastWeight = 1e-300

  /// A gate with μ given for each expert.
  ///
  /// - Throws: `ArgumentError` unless all are positive and finite.
  public init(concentration: [Double], estimate: Estimate = .variational) throws {
    expertCount = concentration.count
    self.estimate = estimate
    self.concentration = .each(concentration)
    try self.concentration.validate()
    prior = try Dirichlet(concentration: concentration)
    posterior = prior
    setPoint()
  }

  /// A gate with the same μ for all experts, as many as the mixture has.
  ///
  /// - Throws: `ArgumentError` unless it is positive and finite.
  public init(concentration: Double = 1, estimate: Estimate = .variational) throws {
    expertCount = 0
    self.estimate = estimate
    self.concentration = .same(concentration)
    try self.concentration.validate()
    prior = try Dirichlet(concentration: [concentration])
    posterior = prior
    setPoint()
  }

  /// A gate that learns one μ for all experts, starting at one or at the nearest bound.
  ///
  /// - Throws: `ArgumentError` if a bound is not positive and finite.
  public init(learningConcentrationWithin bounds: ClosedRange<Double>?) throws {
    expertCount = 0
    estimate = .variational
    concentration = .learned(within: bounds)
    try concentration.validate()
    prior = try concentration.distribution(of: [0])
    posterior = prior
  }

  /// Takes prior, posterior and fixed weights to the experts that stay; a new one starts at its prior. Where none stays, what was
  /// said of experts by their numbers is said of the new ones.
  ///
  /// - Throws: `MixtureError` where μ was given expert by expert, and a new one has none; `ArgumentError` if all weights are fixed, or those
  ///   of experts that there are not.
  public mutating func select(_ experts: [Int?]) throws {
    let isComposing = experts.allSatisfy { $0 == nil }
    let known = isComposing ? [:] : expand(posterior.concentration)
    let previous = isComposing ? Array(experts.indices) : experts
    if isComposing, let stranger = fixedWeights.keys.first(where: { $0 >= experts.count }) {
      throw ArgumentError(
        Self.self, argument: "ofExpert, of a fixed weight,", value: stranger,
        need: "from 0 to \(experts.count - 1), for there are \(experts.count) experts")
    }
    try concentration.select(experts)
    fixedWeights = Dictionary(
      uniqueKeysWithValues: previous.enumerated().compactMap { k, old in
        old.flatMap { fixedWeights[$0] }.map { (k, $0) }
      })
    expertCount = experts.count
    try restart(learned: isComposing ? nil : prior.concentration.first)
    let start = expand(prior.concentration)
    posterior = try Dirichlet(concentration: free.map { k in previous[k].flatMap { known[$0] } ?? start[k] ?? 1 })
    setPoint()
  }

  /// Fixes the weight of an expert.
  ///
  /// - Throws: `ArgumentError` unless the fixed weights are positive, sum to less than one, are of experts that there are, and leave
  ///   one of them free. Before a mixture says how many experts there are, it checks the rest when it is composed.
  public mutating func fixWeight(ofExpert expert: Int, at weight: Double) throws {
    guard expert >= 0, expertCount == 0 || expert < expertCount else {
      throw ArgumentError(
        Self.self, argument: "ofExpert, of a fixed weight,", value: expert,
        need: expertCount == 0 ? "at least 0" : "from 0 to \(expertCount - 1), for there are \(expertCount) experts")
    }
    var fixed = fixedWeights
    fixed[expert] = weight
    guard fixed.values.allSatisfy({ $0 > 0 }), fixed.values.reduce(0, +) < 1 else {
      throw ArgumentError(
        Self.self, argument: "fixed weights", value: fixed.sorted { $0.key < $1.key }.map(\.value),
        need: "numbers above 0 with a sum below 1")
    }
    fixedWeights = fixed
    if expertCount > 0 { try restart() }
  }

  /// Lets a fixed weight be fitted again.
  ///
  /// - Throws: `ArgumentError` as the initialiser.
  public mutating func freeWeight(ofExpert expert: Int) throws {
    fixedWeights[expert] = nil
    if expertCount > 0 { try restart() }
  }

  /// The predictive weights: the fixed ones, and E π_k = share · α_k / Σα or the point estimates of the free ones.
  public var weights: [Double] {
    spread(point ?? posterior.mean, fixed: { $0 }) { share * $0 }
  }

  /// Estimate and concentration.
  public var terms: [PartTerm] {
    [PartTerm("estimate", value: estimate.rawValue)]
      + (estimate == .maximumLikelihood ? [] : [PartTerm("concentration", value: concentration.words)])
  }

  /// The weight of each expert, with its posterior standard deviation unless it is fixed or a point.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    let errors = point == nil ? expand(posterior.standardDeviations.map { share * $0 }) : [:]
    return weights.enumerated().map { k, weight in
      [ParameterEstimate("weight", value: weight, standardError: errors[k], scale: .logit)]
    }
  }

  /// A learned μ: `concentration`.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] { concentration.parameters(for: prior) }

  /// The mean logarithms E ln π_k.
  public var meanLogWeights: [Double] {
    spread(point.map { $0.map { log($0) } } ?? posterior.meanLog, fixed: { log($0) }) { log(share) + $0 }
  }

  /// KL(q(π) ‖ Dir(μ)); for point estimates −ln Dir(π | μ), or nothing under maximum likelihood.
  public var divergence: Double {
    guard let point else { return posterior.divergence(from: prior) }
    return estimate == .maximumLikelihood ? 0 : -prior.logDensity(at: point)
  }

  /// The terms of the divergence.
  public func cancellingTerms(in statistics: Span<Double>) -> Double { posterior.cancellingTerms(from: prior) }

  /// Starts q(π) at the prior; a learned μ gets its bounds, by default 10⁻³ … the number of assignments, and starts at one
  /// or at the nearest bound.
  public mutating func configure(for data: DataSummary) throws {
    bounds = concentration.bounds(assignmentCount: data.assignmentCount)
    try restart()
  }

  /// q(π) = Dir(μ + N) or its point estimate, then a learned μ given it.
  public mutating func update(counts: [Double]) throws {
    try updateWeights(counts: counts)
    try updateConcentration()
  }
}

// MARK: The updates, each the maximum of the ELBO over its block

extension DirichletGate {
  /// q(π), given μ; as a point N_k / N, or (N_k + μ_k − 1) clipped at zero and normalised.
  mutating func updateWeights(counts: [Double]) throws {
    posterior = try Dirichlet(concentration: zip(prior.concentration, free.map { counts[$0] }).map(+))
    setPoint()
  }

  /// A learned μ, given q(π).
  mutating func updateConcentration() throws {
    guard let bounds, free.count > 1 else { return }
    prior = try .symmetric(
      dimension: free.count, fittingMeanLog: posterior.meanLog.reduce(0, +) / Double(free.count), within: bounds)
  }

  /// The experts whose weights are not fixed.
  var free: [Int] { (0..<expertCount).filter { fixedWeights[$0] == nil } }

  /// What the fixed weights leave.
  var share: Double { 1 - fixedWeights.values.reduce(0, +) }

  /// The free experts' numbers by the experts' own.
  private func expand(_ values: [Double]) -> [Int: Double] { Dictionary(uniqueKeysWithValues: zip(free, values)) }

  private mutating func restart(learned: Double? = nil) throws {
    guard !free.isEmpty, fixedWeights.keys.allSatisfy((0..<expertCount).contains) else {
      throw ArgumentError(
        Self.self, argument: "fixed weights", value: "of experts \(fixedWeights.keys.sorted().map { $0 + 1 })",
        need: "of some of the \(expertCount) experts, not of all or of others")
    }
    prior = try concentration.distribution(of: free, learned: learned)
    posterior = prior
    setPoint()
  }

  /// The point estimate that belongs to the posterior's concentrations α.
  private mutating func setPoint() {
    guard estimate != .variational else { return }
    let surplus = estimate == .maximumLikelihood ? prior.concentration : prior.concentration.map { _ in 1 }
    let counts = zip(posterior.concentration, surplus).map { max($0 - $1, 0) }
    let total = counts.reduce(0, +)
    point = counts.map { total > 0 ? max($0 / total, Self.leastWeight) : 1 / Double(counts.count) }
  }

  /// One number for each expert: a function of its fixed weight, or of the free experts' value in their order.
  private func spread(_ values: [Double], fixed: (Double) -> Double, free: (Double) -> Double) -> [Double] {
    var next = values.makeIterator()
    return (0..<expertCount).map { k in fixedWeights[k].map(fixed) ?? free(next.next()!) }
  }
}
