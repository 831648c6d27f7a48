import Foundation
import GSL
import MixtureCore

/// A count y ~ Poisson(exp η) with η = w_0 + wᵀ x, which counts as 20 where it is larger; of rows with an exposure t, such as a number of
/// days, η = ln t + w_0 + wᵀ x.
public struct PoissonResponse: ResponseDistribution {
  /// The largest η, so that no rate exceeds e²⁰, some 5 · 10⁸.
  package static let largestPredictor = 20.0

  /// w_0, then a coefficient for each feature. Features beyond them do not count.
  public let coefficients: [Double]
  /// The number of the feature that says how long a row was watched; nil where all are watched for one unit.
  public let exposure: Int?

  /// A response with the given coefficients: the intercept, then one for each feature before that of the exposure.
  public init(coefficients: [Double], exposure: Int? = nil) {
    self.coefficients = coefficients
    self.exposure = exposure
  }

  /// y, a count.
  public var columns: [ColumnSchema] { [ColumnSchema("y", .count)] }
  /// A Poisson response has a mean.
  public var hasMean: Bool { true }
  /// The feature of the exposure.
  public var exposureFeature: Int? { exposure }

  /// - Throws: `ArgumentError` for a coefficient that is not finite, or beyond 10¹⁰⁰.
  public func validate() throws { try Self.requireFinite(coefficients, argument: "coefficients") }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient and, where there is an exposure, a count for it.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: coefficients.count, of: "a Poisson response")
    if let exposure { try features.validateCount(exposure, "exposure", of: "a Poisson response") }
  }

  /// Draws y.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows {
      block.response[row, 0] = Double(block.sources[row].poisson(mean: exp(logRate(block, row))))
    }
  }

  /// Writes y η − exp η − ln y!.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    for row in 0..<block.count {
      let (y, logRate) = (block.response[row, 0], logRate(block, row))
      terms[row, column] = y * logRate - exp(logRate) - lgamma(y + 1)
    }
  }

  /// Writes exp η.
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {
    for row in 0..<block.count { means[row, column] = exp(logRate(block, row)) }
  }

  /// The coefficients by feature.
  public func parameters(features: [String]) -> [ParameterEstimate] { coefficients.parameters(features: features) }

  private func logRate(_ block: RowBlock, _ row: Int) -> Double {
    let offset = exposure.map { log(block.features[row, $0]) } ?? 0
    return min(offset + coefficients.predictor(block, row: row), Self.largestPredictor)
  }
}
