import Foundation
import GSL
import MixtureCore

/// Weights by a perceptron with one hidden layer: π_k(x) ∝ exp(v_k0 + Σ_h v_kh tanh(u_h0 + u_hᵀ x)).
public struct PerceptronWeights: ExpertWeights {
  /// U: a row for the biases, then one for each feature; a column for each hidden unit.
  public let hidden: Matrix
  /// V: a row for the biases, then one for each hidden unit; a column for each expert.
  public let output: Matrix

  /// Weights with the given coefficients, the biases in the first rows. V has a row more than U has columns.
  public init(hidden: Matrix, output: Matrix) {
    self.hidden = hidden
    self.output = output
  }

  /// Output biases ln π_k of constant weights; v_kh ~ N(0, 9), u_h ~ N(0, 4), so that borders are sharp and curved.
  public init(features: Int, units: Int, constant: ConstantWeights, using source: inout RandomSource) {
    var hidden = Matrix(rows: features + 1, columns: units)
    for i in hidden.elements.indices { hidden.elements[i] = source.gaussian(standardDeviation: 2) }
    var output = Matrix(rows: units + 1, columns: constant.expertCount)
    for (k, bias) in constant.logProbabilities.enumerated() {
      output[0, k] = bias
      for h in 1..<(units + 1) { output[h, k] = source.gaussian(standardDeviation: 3) }
    }
    self.init(hidden: hidden, output: output)
  }

  /// A column of the output each.
  public var expertCount: Int { output.columns }

  /// - Throws: `ArgumentError` unless V has a row more than U has columns, and all numbers are finite.
  public func validate() throws {
    try Self.require(
      output.rows == hidden.columns + 1, argument: "output", value: "of \(output.rows) rows",
      need: "of \(hidden.columns + 1), one more than hidden units")
    try Self.requireFinite(hidden.elements, argument: "hidden")
    try Self.requireFinite(output.elements, argument: "output")
  }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient of a hidden unit.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: hidden.rows, of: "perceptron weights")
  }

  /// Writes ln π_k(x). Features beyond the coefficients do not count.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    var units = [Double](repeating: 0, count: hidden.columns)
    for row in 0..<block.count {
      for h in units.indices {
        var sum = hidden[0, h]
        for j in 1..<hidden.rows { sum += hidden[j, h] * block.features[row, j - 1] }
        units[h] = tanh(sum)
      }
      for k in 0..<expertCount {
        var score = output[0, k]
        for h in units.indices { score += output[h + 1, k] * units[h] }
        terms[row, k] = score
      }
      terms.normalizeLogWeights(row: row, count: expertCount)
    }
  }
}
