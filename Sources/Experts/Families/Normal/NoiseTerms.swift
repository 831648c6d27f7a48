import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// What experts of a block share about their noise: how it is treated, and what the data say of that.
public struct NoiseTerms: ScaleTerms {
  /// How the noise variance is treated.
  public let noise: LinearNoise
  /// The noise variance of each expert that has it fixed.
  public internal(set) var fixedVariances: [Int: Double] = [:]
  /// The prior of the noise precision in the units of the fit, if it has one.
  public internal(set) var prior: Gamma?
  /// No estimated noise variance falls below this, in the units of the fit.
  var varianceFloor = 0.0
  /// Why lines can explain every row exactly, if so: a sentence without its end.
  var exactResponse: String?
  /// Whether there are so few rows that the experts could share them out and go through each, whatever the response.
  var couldInterpolate = false

  /// Noise that is treated so.
  public init(_ noise: LinearNoise) { self.noise = noise }

  /// Noise that all experts share, estimated.
  public init() { self.init(.shared) }

  /// Whether variances are estimated by maximising the ELBO.
  var isEstimated: Bool { noise == .shared || noise == .perExpert }

  /// The best noise precision for `squares` = Σ r e over rows of total weight Σ r.
  func precision(
    weight: Double, squares: Double, current: NoisePrecision, estimate: Estimate
  ) throws -> NoisePrecision {
    if case .fixed = noise { return current }
    if let prior {
      let distribution = try Gamma(shape: prior.shape + 0.5 * weight, rate: prior.rate + 0.5 * squares)
      // The peak of the density of β; with a shape of at most one that would be zero, and the floor of β stands in.
      return estimate == .variational
        ? .gamma(distribution) : .value(max(distribution.shape - 1, 1e-10) / distribution.rate)
    }
    return weight < 1e-8 ? current : .value(1 / max(squares / weight, varianceFloor))
  }

  /// The treatment of the noise.
  public func words(unit: Double) -> [PartTerm] {
    [PartTerm("noise", value: noise.words(prior: prior?.scaled(by: 1 / (unit * unit))))]
  }

  /// A variance for all experts, or for each that has none fixed.
  public func parameterCount(expertCount: Int) -> Int {
    switch noise {
    case .shared: 1
    case .perExpert: expertCount - fixedVariances.count
    case .fixed, .gamma, .perExpertGamma: 0
    }
  }

  /// That of `noise precision` where it has a Gamma distribution.
  public func priors(unit: Double) -> [ParameterPrior] {
    prior.map { $0.scaled(by: 1 / (unit * unit)) }.map {
      [ParameterPrior("noise precision", mean: $0.mean, standardDeviation: $0.standardDeviation)]
    } ?? []
  }

  /// Refuses a Gamma distribution under maximum likelihood, and a fixed variance of one expert where all share one.
  ///
  /// - Throws: `ArgumentError`.
  public func requireMaximum(_ estimate: Estimate, of part: Any.Type) throws {
    if estimate == .maximumLikelihood && noise.hasPrior {
      throw ArgumentError(
        part, argument: "noise", value: noise.words(),
        need: "without a Gamma distribution, for maximum likelihood knows no priors")
    }
    if !fixedVariances.isEmpty && noise.isShared {
      throw ArgumentError(
        part, argument: "noise", value: noise.words(),
        need: "one that each expert has of its own, where the variance of one of them is fixed")
    }
  }

  /// Refuses numbers that no noise has, and variances fixed of experts that there are not.
  ///
  /// - Throws: `ArgumentError`.
  public func requireFit(expertCount: Int, unit: Double, of part: Any.Type) throws {
    try noise.requireFit(unit: unit, of: part)
    for (k, variance) in fixedVariances.sorted(by: { $0.key < $1.key }) {
      try ArgumentError.requireExpert(k, of: expertCount, part, argument: "ofExpert, of a fixed noise variance,")
      try LinearNoise.requireFit(variance, unit: unit, of: part, argument: "the fixed noise variance (ofExpert: \(k))")
    }
  }

  /// Sets the floor of variances at 10⁻¹⁰ Var(y), and finds out whether the response leaves any noise.
  ///
  /// - Throws: `DataError` where no row is left for the noise.
  public mutating func configure(for setting: ScaleSetting) throws {
    let data = setting.data
    varianceFloor = 1e-10 * data.robustVariance
    prior = try noise.prior(responseVariance: data.typicalVariance, responseUnit: data.units.responses[0])
    // With no more rows than coefficients, any response would be linear.
    let isLinear = setting.residualVariance <= 10 * varianceFloor && data.rowCount > setting.dimension
    let response = data.responseLessOffset == nil ? "the response" : "the response less its offset"
    exactResponse = data.explained.isConstant ? "\(response) is constant" : isLinear ? "\(response) is exactly linear" : nil
    couldInterpolate = data.rowCount <= setting.freeCoefficients.count * setting.dimension
    try requireRows(setting)
  }

  /// Without priors, as many rows as coefficients lie on their planes whatever the response, and tell nothing of the noise.
  ///
  /// - Throws: `DataError` if there are no more.
  private func requireRows(_ setting: ScaleSetting) throws {
    guard isEstimated, fixedVariances.isEmpty else { return }
    let (data, free) = (setting.data, setting.freeCoefficients)
    let counts = free.indices.filter { !setting.hasPrior[$0] }.map { free[$0].count }
    // Points need not share the rows, and do not mind what all weigh together.
    let isOfPoints = setting.estimate != .variational
    let (rows, needed) = (isOfPoints ? Double(data.rowCount) : data.totalWeight, counts.reduce(0, +))
    guard counts.count == free.count, !isOfPoints || counts.count == 1, rows <= Double(needed), needed > 0
    else { return }
    throw DataError(
      (isOfPoints || data.totalWeight == Double(data.rowCount)
        ? "there are \(data.rowCount) rows" : "the rows weigh \(Float(rows)) together, and row weights count rows,")
        + " for \(needed) coefficients without a prior, and none is left for the noise: take a prior, or give the noise")
  }

  /// Keeps the fixed variances of the experts that stay.
  public mutating func select(_ experts: [Int]) { fixedVariances = fixedVariances.selecting(experts) }
}

extension NoiseTerms {
  /// - Throws: `UnfitValue` unless all numbers are positive and finite.
  public func validate() throws {
    try UnfitValue.at("noise") { try noise.validate() }
    for (expert, variance) in fixedVariances.sorted(by: { $0.key < $1.key }) {
      try UnfitValue.at("fixedVariances") { try UnfitValue.checkPositive("\(expert)", number: variance) }
    }
    try UnfitValue.checkNotNegative("varianceFloor", number: varianceFloor)
  }

  /// Checks that fixed variances are of experts that there are, and that there is a prior where there should be one.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(expertCount: Int, isConfigured: Bool) throws {
    try UnfitValue.checkExperts("fixedVariances", fixedVariances.keys, count: expertCount)
    guard isConfigured else { return }
    try UnfitValue.check(
      "prior", that: (prior != nil) == noise.hasPrior,
      need: "there must be one where the noise has a Gamma distribution, and only there")
  }
}
