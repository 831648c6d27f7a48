import Foundation
import GSL
import MixtureCore

/// y of n trials succeed, each with probability 1 / (1 + exp(−w_0 − wᵀ x)); n is a feature.
public struct BinomialResponse: ResponseDistribution {
  /// w_0, then a coefficient for each feature. Features beyond them do not count.
  public let coefficients: [Double]
  /// The number of the feature that says how many trials there are.
  public let trials: Int

  /// A response with the given coefficients: the intercept, then one for each feature before that of the trials.
  public init(coefficients: [Double], trials: Int) {
    self.coefficients = coefficients
    self.trials = trials
  }

  /// y, a count.
  public var columns: [ColumnSchema] { [ColumnSchema("y", .count)] }
  /// A binomial response has a mean.
  public var hasMean: Bool { true }
  /// The feature of the trials.
  public var trialsFeature: Int? { trials }

  /// - Throws: `ArgumentError` for a coefficient that is not finite, or beyond 10¹⁰⁰.
  public func validate() throws { try Self.requireFinite(coefficients, argument: "coefficients") }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient and a count of trials.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: coefficients.count, of: "a binomial response")
    try features.validateCount(trials, "trials", of: "a binomial response")
  }

  /// Draws y.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows {
      let probability = 1 / (1 + exp(-coefficients.predictor(block, row: row)))
      let count = Int(block.features[row, trials])
      block.response[row, 0] = Double(block.sources[row].binomial(trials: count, probability: probability))
    }
  }

  /// Writes ln (n over y) + y ln p + (n − y) ln (1 − p); −∞ for more successes than trials.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    for row in 0..<block.count {
      let (y, n) = (block.response[row, 0], block.features[row, trials])
      let score = coefficients.predictor(block, row: row)
      let combinations = lgamma(n + 1) - lgamma(y + 1) - lgamma(n - y + 1)
      // y s − n ln (1 + exp s), where the exponential cannot overflow.
      let logTerm = y * score - n * (max(score, 0) + log1p(exp(-abs(score))))
      terms[row, column] = y > n ? -.infinity : combinations + logTerm
    }
  }

  /// Writes n p.
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {
    for row in 0..<block.count {
      means[row, column] = block.features[row, trials] / (1 + exp(-coefficients.predictor(block, row: row)))
    }
  }

  /// The coefficients by feature.
  public func parameters(features: [String]) -> [ParameterEstimate] { coefficients.parameters(features: features) }
}
