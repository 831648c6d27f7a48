import ConjugateFamilies
import GSL
import MixtureCore

/// Responses that no other expert explains: one normal law for all rows, whatever their features, with the mean and the variance of
/// the response as a whole. Others call it a noise component (Banfield & Raftery 1993) or an outlier model.
///
/// ```swift
/// try Mixture("y ~ x") {
///   Experts(2, LinearExpert())
///   Experts(1, BackgroundExpert(), named: "background")
/// }
/// ```
///
/// It has no parameters to learn: what it says of a row costs the bound nothing.
public struct BackgroundExpert: IndependentModel, Equatable {
  /// The law of every response, in the units of the data; nil before a fit.
  public var law: NormalDistribution? {
    lawOfFit.map { NormalDistribution(mean: unit * $0.mean, variance: unit * (unit * $0.variance)) }
  }
  /// The same in the units of the fit.
  private var lawOfFit: NormalDistribution?
  /// The units of the fit.
  private var units: ColumnUnits?
  /// The unit of the response.
  private var unit: Double { units?.responses.first ?? 1 }
  /// How many times the variance of the response its variance is.
  public let varianceFactor: Double

  /// A background `varianceFactor` times as wide as the response, as a variance. It must be positive.
  public init(varianceFactor: Double = 1) { self.varianceFactor = varianceFactor }

  /// - Throws: `UnfitValue` unless the factor is positive and finite, and units powers of two.
  public func validate() throws {
    try UnfitValue.checkPositive("varianceFactor", varianceFactor)
    if let units { try ColumnUnits.validate("units", units.responses) }
  }

  /// The experts themselves.
  ///
  /// - Throws: `DataError` before a fit.
  public static func prepare(_ experts: [Self], _ shared: Unshared) throws -> [Self] {
    guard experts.allSatisfy({ $0.law != nil }) else {
      throw DataError("a background takes its law from data: fit it first")
    }
    return experts
  }

  /// A real number: the density is per unit of the response.
  public static var responseSpace: ResponseSpace { .continuous }
  /// Whatever adds to what others predict, the background is that of the response itself.
  public static var acceptsOffset: Bool { true }
  /// The law is held in the units of the fit, and told in those of the data.
  public static func acceptsUnits(_ shared: Unshared) -> Bool { true }
  /// Those of the fit.
  public static func units(_ experts: [Self], _ shared: Unshared) -> ColumnUnits? { experts.first?.units }
  /// None: nothing is learned.
  public var statisticsCount: Int { 0 }
  /// Zero: nothing is uncertain.
  public var divergence: Double { 0 }

  /// Takes mean and variance of the response; a constant response has the variance of its square, or one.
  ///
  /// - Throws: `DataError` unless the factor is positive and finite.
  public static func configure(_ experts: inout [Self], _ shared: inout Unshared, for data: DataSummary) throws {
    let response = data.responses[0]
    let variance = response.isConstant ? max(response.mean * response.mean, 1) : response.variance
    for k in experts.indices {
      guard experts[k].varianceFactor > 0, experts[k].varianceFactor.isFinite else {
        throw DataError(
          "a background of \(experts[k].varianceFactor) times the variance of the response; give a positive number")
      }
      experts[k].units = data.units
      experts[k].lawOfFit = NormalDistribution(mean: response.mean, variance: experts[k].varianceFactor * variance)
    }
  }

  /// ln N(y | ȳ, factor · Var y).
  public func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    guard let lawOfFit else { return }
    let response = tile.response
    for i in tile.rows { scores[i] = lawOfFit.logDensity(at: response[i]) }
  }

  /// Adds nothing, for nothing is learned.
  public func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}

  /// Leaves the law as it is.
  public mutating func update(_ statistics: Span<Double>, resum: Resum<BackgroundExpert>) {}

  /// Mean and standard deviation of the law.
  public func parameters(_ data: DataSummary) -> [ParameterEstimate] {
    law.map { [ParameterEstimate("mean", $0.mean), ParameterEstimate("sd", $0.variance.squareRoot())] } ?? []
  }
}

extension BackgroundExpert: Predictive {
  /// The same law for each row.
  public func predictive(_ tile: Tile) throws -> [NormalDistribution] {
    guard let law else { throw DataError("a background takes its law from data: fit it first") }
    return tile.rows.map { _ in law }
  }

  /// ln N(y | ȳ, factor · Var y).
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogLikelihood(tile, into: &scores)
  }
}
