import Foundation
import GSL
import MixtureCore

/// A category y with p(y = l | x) ∝ exp(w_l0 + w_lᵀ x).
public struct MultinomialResponse: ResponseDistribution {
  /// W: a row for the intercepts, then one for each feature; a column for each level. Those of the first level may be zero: only
  /// differences matter. Features beyond them do not count.
  public let coefficients: Matrix

  /// A response with the given coefficients: a row for the intercepts, then one for each feature; a column for each level.
  public init(coefficients: Matrix) { self.coefficients = coefficients }

  /// y, with the levels c1, c2, ….
  public var columns: [ColumnSchema] { [ColumnSchema("y", .category(levels: levels))] }
  private var levels: [String] { ColumnSchema.levels("c", coefficients.columns) }

  /// - Throws: `ArgumentError` without levels, or for a coefficient that is not finite, or beyond 10¹⁰⁰.
  public func validate() throws {
    try Self.require(
      coefficients.columns > 0, argument: "coefficients", value: "of 0 levels", need: "of one level at least")
    try Self.requireFinite(coefficients.elements, argument: "coefficients")
  }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: coefficients.rows, of: "a multinomial response")
  }

  /// One for each coefficient: each level is weighed against all others.
  public func operationsPerRow(featureCount: Int) -> Int { coefficients.elements.count }

  /// Draws y.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    var logProbabilities = Matrix(rows: 1, columns: coefficients.columns)
    var probabilities = logProbabilities.elements
    for row in rows {
      fill(&logProbabilities, block, row)
      for l in probabilities.indices { probabilities[l] = exp(logProbabilities[0, l]) }
      block.response[row, 0] = Double(block.sources[row].categorical(weights: probabilities))
    }
  }

  /// Writes w_y0 + w_yᵀ x − ln Σ_l exp(w_l0 + w_lᵀ x).
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    var logProbabilities = Matrix(rows: 1, columns: coefficients.columns)
    for row in 0..<block.count {
      fill(&logProbabilities, block, row)
      terms[row, column] = logProbabilities[0, Int(block.response[row, 0])]
    }
  }

  /// The coefficients of each level, less those of the first, by level and feature: `c2: x1`.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    levels.indices.dropFirst().flatMap { l in
      zip(["(intercept)"] + features, 0..<coefficients.rows).map { name, j in
        ParameterEstimate("\(levels[l]): \(name)", value: coefficients[j, l] - coefficients[j, 0])
      }
    }
  }

  private func fill(_ logProbabilities: inout Matrix, _ block: RowBlock, _ row: Int) {
    for l in 0..<coefficients.columns {
      var score = coefficients[0, l]
      for j in 1..<coefficients.rows { score += coefficients[j, l] * block.features[row, j - 1] }
      logProbabilities[0, l] = score
    }
    logProbabilities.normalizeLogWeights(row: 0, count: coefficients.columns)
  }
}
