import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Constant weights under a Dirichlet process that is truncated after as many sticks as there are experts (Sethuraman 1994;
/// Blei & Jordan 2006): v_s ~ Beta(1, α), π_s = v_s Π_(t<s) (1 − v_t), and the last stick takes the rest.
///
/// Experts that the data do not need lose their rows, so that a mixture can have more experts than are expected; α says how many
/// are: about α ln(1 + N/α) for N rows. The gate holds which expert has which stick, and finds the order of the highest ELBO in
/// every update, because the prior prefers large experts in front.
public struct StickBreakingGate: ConstantGate, Equatable {
  /// How the concentration α is found.
  public enum Concentration: Sendable, Codable, Equatable {
    /// The concentration is given.
    case fixed(Double)
    /// α ~ Gamma(shape, rate), with a posterior distribution.
    case gamma(shape: Double, rate: Double)
  }

  /// K, the truncation; zero until a mixture says how many experts there are.
  public var expertCount: Int { order.count }
  /// How α is found.
  public let concentration: Concentration
  /// The experts in the order of their sticks.
  public internal(set) var order: [Int] = []
  /// The posterior distributions of the fractions: that of v_s, s < K, is `fractions[s]`, as the Dirichlet distribution of (v, 1 − v).
  public internal(set) var fractions: [Dirichlet] = []
  /// The fractions of a gate that is certain of them.
  var points: [Double]?
  /// The prior distribution of α, if it has one.
  public let concentrationPrior: Gamma?
  /// The posterior distribution of α, if it has one.
  public internal(set) var concentrationPosterior: Gamma?

  /// N_k of the last update, for each expert: with them the sticks of experts that stay keep what belongs to them.
  private(set) var counts: [Double] = []

  /// A gate for as many experts as the mixture has.
  ///
  /// - Parameter concentration: α, or the shape and rate of its distribution; by default Gamma(1, 1).
  /// - Throws: `ArgumentError` unless the numbers are positive and finite.
  public init(concentration: Concentration = .gamma(shape: 1, rate: 1)) throws {
    self.concentration = concentration
    switch concentration {
    case .fixed(let value):
      try ArgumentError.requirePositive(value, of: Self.self, argument: "concentration")
      concentrationPrior = nil
    case .gamma(let shape, let rate):
      try ArgumentError.requirePositive(shape, of: Self.self, argument: "the shape of the concentration")
      try ArgumentError.requirePositive(rate, of: Self.self, argument: "the rate of the concentration")
      concentrationPrior = try Gamma(shape: shape, rate: rate)
    }
    concentrationPosterior = concentrationPrior
  }

  /// Experts that stay keep the order of their sticks and their rows; new ones come last.
  ///
  /// - Throws: `ArgumentError` if the rows are so many that a distribution has no numbers.
  public mutating func select(_ experts: [Int?]) throws {
    let isComposing = experts.allSatisfy { $0 == nil }
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
    func place(_ expert: Int) -> Int { experts[expert].flatMap { places[$0] } ?? places.count + expert }
    counts = experts.map { old in isComposing ? 0 : old.map { counts[$0] } ?? 0 }
    order = isComposing ? Array(experts.indices) : experts.indices.sorted { place($0) < place($1) }
    try updateFractions()
  }

  /// The mean concentration E α.
  public var meanConcentration: Double {
    switch concentration {
    case .fixed(let value): value
    case .gamma(let shape, let rate): concentrationPosterior?.mean ?? shape / rate
    }
  }

  /// The predictive weights E π_k = E v_s Π_(t<s) E (1 − v_t), with s the stick of expert k.
  public var weights: [Double] { logWeights.map { exp($0) } }

  /// E α, and the ``effectiveExpertCount``.
  public var terms: [PartTerm] {
    [
      PartTerm("estimate", value: Estimate.variational.rawValue),
      PartTerm("concentration", value: String(format: "%#.5g", meanConcentration)),
      PartTerm("effective number of experts", value: String(format: "%#.5g", effectiveExpertCount)),
    ]
  }

  /// The weight of each expert with its posterior standard deviation, E π_k (Π E v² / (E v)² − 1)^½ over the factors of π_k.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    let spreads = alongSticks { zip($0.standardDeviations, $0.mean).map { log1p($0 * $0 / ($1 * $1)) } }
    return zip(weights, spreads).map { weight, spread in
      [ParameterEstimate("weight", value: weight, standardError: weight * expm1(spread).squareRoot(), scale: .logit)]
    }
  }

  /// `concentration`, α, with its posterior standard deviation where it has a distribution.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] {
    [
      ParameterEstimate(
        "concentration", value: meanConcentration, standardError: concentrationPosterior.map { $0.variance.squareRoot() })
    ]
  }

  /// The mean logarithms E ln π_k = E ln v_s + Σ_(t<s) E ln (1 − v_t).
  public var meanLogWeights: [Double] { points == nil ? alongSticks(\.meanLog) : logWeights }

  /// How many experts of equal weight would be as diverse: exp(−Σ π_k ln π_k) of the predictive weights.
  public var effectiveExpertCount: Double { exp(weights.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }) }

  /// −Σ_s [H(q(v_s)) + E ln α + (E α − 1) E ln(1 − v_s)], the mean over q(α) of Σ_s KL(q(v_s) ‖ Beta(1, α)); and KL(q(α) ‖ p(α))
  /// where α has a distribution.
  public var divergence: Double {
    let meanLog = concentrationPosterior?.meanLog ?? log(meanConcentration)
    let ofFractions = fractions.reduce(0) {
      $0 - $1.entropy - meanLog - (meanConcentration - 1) * $1.meanLog[1]
    }
    guard let prior = concentrationPrior, let posterior = concentrationPosterior else { return ofFractions }
    return ofFractions + posterior.divergence(from: prior)
  }

  /// The terms of the divergences.
  public func cancellingTerms(in statistics: Span<Double>) -> Double {
    let meanLog = concentrationPosterior?.meanLog ?? log(meanConcentration)
    let ofFractions = fractions.reduce(0) {
      $0 + $1.cancellingTerms(from: $1) + abs(meanLog) + abs((meanConcentration - 1) * $1.meanLog[1])
    }
    guard let prior = concentrationPrior, let posterior = concentrationPosterior else { return ofFractions }
    return ofFractions + posterior.cancellingTerms(from: prior)
  }

  /// Starts q(v) and q(α) at the prior.
  public mutating func configure(for data: DataSummary) throws {
    concentrationPosterior = concentrationPrior
    counts = order.map { _ in 0 }
    try updateFractions()
  }

  /// q(α), then the order of the sticks together with q(v).
  public mutating func update(counts: [Double]) throws {
    try updateConcentration()
    self.counts = counts
    try updateOrder()
    try updateFractions()
  }
}

// MARK: The updates, each the maximum of the ELBO over its block

extension StickBreakingGate {
  /// q(α) = Gamma(s₀ + K − 1, r₀ − Σ_s E ln(1 − v_s)), given q(v).
  mutating func updateConcentration() throws {
    guard let prior = concentrationPrior else { return }
    concentrationPosterior = try Gamma(
      shape: prior.shape + Double(fractions.count), rate: fractions.reduce(prior.rate) { $0 - $1.meanLog[1] })
  }

  /// q(v_s) = Beta(1 + N_s, E α + Σ_(t>s) N_t), given q(α) and the order.
  private mutating func updateFractions() throws {
    var behind = 0.0
    var distributions: [Dirichlet] = []
    for (stick, expert) in order.enumerated().reversed() {
      if stick < order.count - 1 {
        distributions.append(try Dirichlet(concentration: [1 + counts[expert], meanConcentration + behind]))
      }
      behind += counts[expert]
    }
    fractions = distributions.reversed()
  }

  /// The order of the highest ELBO, given q(α). With q(v) at its maximum and M_s = Σ_(t≥s) N_t, what of the ELBO depends on the
  /// order telescopes to ln Γ(E α + N_K) − ln Γ(1 + N_K) − Σ_(1<s<K) ln(E α + M_s). For each choice of the last expert the others
  /// must descend, so that every M_s is least, and so K orders are tried. Among equals the order stays. O(K² + K ln K).
  private mutating func updateOrder() throws {
    guard expertCount > 1 else { return }
    let concentration = meanConcentration
    let stable = order.enumerated().sorted { (counts[$1.element], $0.offset) < (counts[$0.element], $1.offset) }
    let descending = stable.map(\.element)
    func value(last: Int) throws -> Double {
      let rows = counts[last]
      guard 1 + rows > 0, concentration + rows > 0 else { return -.infinity }
      var value = try logGamma(concentration + rows) - logGamma(1 + rows)
      var behind = rows
      for expert in descending.filter({ $0 != last }).dropFirst().reversed() {
        behind += counts[expert]
        value -= log(concentration + behind)
      }
      return value
    }
    var best = (last: descending[expertCount - 1], value: try value(last: descending[expertCount - 1]))
    for expert in descending.dropLast().reversed() {
      let value = try value(last: expert)
      if value > best.value { best = (expert, value) }
    }
    order = descending.filter { $0 != best.last } + [best.last]
  }

  /// ln E π_k.
  /// Σ of ln E of the fractions that are the factors of π_k.
  public var logWeights: [Double] {
    guard let points else { return alongSticks { $0.mean.map { log($0) } } }
    var (values, left) = (order.map { _ in 0.0 }, 0.0)
    for (expert, value) in zip(order, points) {
      values[expert] = left + log(value)
      left += log1p(-value)
    }
    if let last = order.last { values[last] = left }
    return values
  }

  /// The sum of `logs` for each expert: the first number of its own stick, the second of those in front.
  private func alongSticks(_ logs: (Dirichlet) -> [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: expertCount)
    var left = 0.0
    for (expert, fraction) in zip(order, fractions) {
      let pair = logs(fraction)
      values[expert] = left + pair[0]
      left += pair[1]
    }
    if let last = order.last { values[last] = left }
    return values
  }
}
