import ConjugateFamilies
import GSL
import MixtureCore

/// Responses that no other expert explains: one normal distribution for all rows, whatever their features, with the mean and the variance of
/// the response as a whole. Others call it a noise component (Banfield & Raftery 1993) or an outlier model.
///
/// ```swift
/// try Mixture("y ~ x") {
///   Block(2, LinearExpert())
///   Block(1, BackgroundExpert(), named: "background")
/// }
/// ```
///
/// It has no parameters to learn: what it says of a row costs the ELBO nothing.
public struct BackgroundExpert: IndependentModel, Equatable {
  /// The distribution of every response, in the units of the data; nil before a fit.
  public var distribution: NormalDistribution? {
    distributionOfFit.map { NormalDistribution(mean: unit * $0.mean, variance: unit * (unit * $0.variance)) }
  }
  /// The same in the units of the fit.
  private var distributionOfFit: NormalDistribution?
  /// The units of the fit.
  private var units: ColumnUnits?
  /// The unit of the response.
  private var unit: Double { units?.responses.first ?? 1 }
  /// How many times the variance of the response its variance is.
  public let varianceFactor: Double

  private enum CodingKeys: String, CodingKey {
    case distributionOfFit = "lawOfFit"
    case units, varianceFactor
  }

  /// A background `varianceFactor` times as wide as the response, as a variance. It must be positive.
  public init(varianceFactor: Double = 1) { self.varianceFactor = varianceFactor }

  /// - Throws: `UnfitValue` unless the factor is positive and finite, and units powers of two.
  public func validate() throws {
    try UnfitValue.checkPositive("varianceFactor", number: varianceFactor)
    if let units { try ColumnUnits.validate("units", units: units.responses) }
  }

  /// The experts themselves.
  ///
  /// - Throws: `DataError` before a fit.
  public static func prepare(_ experts: [Self], sharing shared: Unshared) throws -> [Self] {
    guard experts.allSatisfy({ $0.distribution != nil }) else {
      throw DataError("a background takes its distribution from data: fit it first")
    }
    return experts
  }

  /// The density is per unit of the response.
  public static var measure: Measure { .lebesgue }
  /// Whatever adds to what others predict, the background is that of the response itself.
  public static var acceptsOffset: Bool { true }
  /// The distribution is held in the units of the fit, and told in those of the data.
  public static func acceptsUnits(sharing shared: Unshared) -> Bool { true }
  /// The units are those of the fit.
  public static func units(of experts: [Self], sharing shared: Unshared) -> ColumnUnits? { experts.first?.units }
  /// The expert needs no sums, since it learns nothing.
  public var statisticsCount: Int { 0 }
  /// Mean and variance are those of the response, whatever the likelihood: nothing is estimated.
  public static func parameterCount(of experts: [Self], sharing shared: Unshared) -> Int? { 0 }
  /// The divergence is zero, since nothing is uncertain.
  public var divergence: Double { 0 }

  /// Takes mean and variance of the response; a constant response has the variance of its square, or one.
  ///
  /// - Throws: `ArgumentError` unless the factor is positive and finite.
  public static func configure(_ experts: inout [Self], sharing shared: inout Unshared, for data: DataSummary) throws {
    let response = data.responses[0]
    let variance = response.isConstant ? max(response.mean * response.mean, 1) : response.variance
    for k in experts.indices {
      try ArgumentError.requirePositive(experts[k].varianceFactor, of: Self.self, argument: "varianceFactor")
      experts[k].units = data.units
      experts[k].distributionOfFit = NormalDistribution(mean: response.mean, variance: experts[k].varianceFactor * variance)
    }
  }

  /// ln N(y | ȳ, factor · Var y).
  public func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    guard let distributionOfFit else { return }
    let response = tile.response
    for i in tile.rows { scores[i] = distributionOfFit.logDensity(at: response[i]) }
  }

  /// Adds nothing, for nothing is learned.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {}

  /// Leaves the distribution as it is.
  public mutating func update(from statistics: Span<Double>, resum: Resum<BackgroundExpert>) {}

  /// Mean and standard deviation of the distribution.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] {
    distribution.map {
      [ParameterEstimate("mean", value: $0.mean), ParameterEstimate("sd", value: $0.variance.squareRoot())]
    } ?? []
  }
}

extension BackgroundExpert: Predictive {
  /// The same distribution for each row.
  public func predictive(_ tile: Tile) throws -> [NormalDistribution] {
    guard let distribution else { throw DataError("a background takes its distribution from data: fit it first") }
    return tile.rows.map { _ in distribution }
  }

  /// ln N(y | ȳ, factor · Var y).
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogLikelihood(tile, into: &scores)
  }
}
