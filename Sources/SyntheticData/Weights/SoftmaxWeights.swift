import GSL
import MixtureCore

/// Softmax weights, π_k(x) ∝ exp(v_k0 + v_kᵀ x).
public struct SoftmaxWeights: ExpertWeights {
  /// V: a row for the intercepts, then one for each feature; a column for each expert.
  public let coefficients: Matrix

  /// Weights with the given coefficients: a row for the intercepts, then one for each feature; a column for each expert.
  public init(coefficients: Matrix) { self.coefficients = coefficients }

  /// Intercepts ln π_k of constant weights, and slopes v_kj ~ N(0, sharpness²).
  public init(features: Int, constant: ConstantWeights, sharpness: Double, using source: inout RandomSource) {
    var coefficients = Matrix(rows: features + 1, columns: constant.expertCount)
    for (k, intercept) in constant.logProbabilities.enumerated() {
      coefficients[0, k] = intercept
      for j in 1..<(features + 1) { coefficients[j, k] = source.gaussian(standardDeviation: sharpness) }
    }
    self.coefficients = coefficients
  }

  /// A column each.
  public var expertCount: Int { coefficients.columns }

  /// - Throws: `ArgumentError` for a coefficient that is not finite, or beyond 10¹⁰⁰.
  public func validate() throws { try Self.requireFinite(coefficients.elements, argument: "coefficients") }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: coefficients.rows, of: "softmax weights")
  }

  /// Writes v_k0 + v_kᵀ x − ln Σ_l exp(v_l0 + v_lᵀ x). Features beyond the coefficients do not count.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count {
      for k in 0..<expertCount {
        var score = coefficients[0, k]
        for j in 1..<coefficients.rows { score += coefficients[j, k] * block.features[row, j - 1] }
        terms[row, k] = score
      }
      terms.normalizeLogWeights(row: row, count: expertCount)
    }
  }
}
