import Foundation
import GSL
import MixtureCore

/// y is 1 with probability 1 / (1 + exp(−w_0 − wᵀ x)), else 0.
///
/// One such row tells little of the expert that it is from: experts are told apart by rows that share an assignment (``GroupedRows``), or by very
/// many rows.
public struct BernoulliResponse: ResponseDistribution {
  /// w_0, then a coefficient for each feature. Features beyond them do not count.
  public let coefficients: [Double]

  /// A response with the given coefficients: the intercept, then one for each feature.
  public init(coefficients: [Double]) { self.coefficients = coefficients }

  /// y, a count.
  public var columns: [ColumnSchema] { [ColumnSchema("y", .count)] }
  /// The mean is the probability of 1.
  public var hasMean: Bool { true }

  /// - Throws: `ArgumentError` for a coefficient that is not finite, or beyond 10¹⁰⁰.
  public func validate() throws { try Self.requireFinite(coefficients, argument: "coefficients") }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: coefficients.count, of: "a Bernoulli response")
  }

  /// Draws y.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows {
      block.response[row, 0] = block.sources[row].uniform() < probability(block, row) ? 1 : 0
    }
  }

  /// Writes y η − ln (1 + exp η); −∞ unless y is 0 or 1.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    for row in 0..<block.count {
      let (y, score) = (block.response[row, 0], coefficients.predictor(block, row: row))
      // Where the exponential cannot overflow.
      let logTerm = y * score - (max(score, 0) + log1p(exp(-abs(score))))
      terms[row, column] = y == 0 || y == 1 ? logTerm : -.infinity
    }
  }

  /// Writes the probability of 1.
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {
    for row in 0..<block.count { means[row, column] = probability(block, row) }
  }

  /// The coefficients by feature.
  public func parameters(features: [String]) -> [ParameterEstimate] { coefficients.parameters(features: features) }

  private func probability(_ block: RowBlock, _ row: Int) -> Double {
    1 / (1 + exp(-coefficients.predictor(block, row: row)))
  }
}
