import Foundation
import GSL
import MixtureCore

/// N(μ, Σ), in columns of rows.
public struct GaussianCloud: Validatable, Sendable, Codable, Equatable {
  /// The mean μ.
  public let mean: [Double]
  /// L, lower triangular with a positive diagonal, of which Σ = L Lᵀ.
  public let root: Matrix

  /// A cloud of the given mean and covariance.
  public init(mean: [Double], covariance: Cholesky) {
    precondition(mean.count == covariance.order, "a mean for each row of the covariance")
    self.mean = mean
    root = covariance.lower
  }

  /// The number of columns.
  public var dimension: Int { mean.count }

  /// Checks μ and L.
  ///
  /// - Throws: `ArgumentError` unless L has a row and a column for each mean, zeros above its diagonal and positive numbers on it,
  ///   and all numbers are finite.
  public func validate() throws {
    try Self.require(
      root.rows == dimension && root.columns == dimension, argument: "root", value: "\(root.rows) × \(root.columns)",
      need: "\(dimension) × \(dimension), a row and a column for each mean")
    try Self.requireFinite(mean, argument: "mean")
    try Self.requireFinite(root.elements, argument: "root")
    for i in 0..<dimension {
      try Self.requirePositive(root[i, i], argument: "number \(i + 1) on the diagonal of the root")
      try Self.require(
        ((i + 1)..<dimension).allSatisfy { root[i, $0] == 0 }, argument: "row \(i + 1) of the root",
        value: (0..<dimension).map { root[i, $0] }, need: "zero behind its diagonal")
    }
  }

  /// The covariance Σ.
  public var covariance: Matrix { root * root.transposed }

  /// Draws x = μ + L z with z ~ N(0, I) into the columns of a row.
  ///
  /// - Complexity: O(d²).
  func draw(into values: inout Matrix, row: Int, from column: Int, using source: inout RandomSource) {
    for j in 0..<dimension { values[row, column + j] = source.gaussian() }
    // Downwards, for x_i depends on z_0, …, z_i, whose places it takes.
    for i in stride(from: dimension - 1, through: 0, by: -1) {
      var sum = mean[i]
      for j in 0...i { sum += root[i, j] * values[row, column + j] }
      values[row, column + i] = sum
    }
  }

  /// Writes ln N(x | μ, Σ) of the columns of each row of `values` into a column of `terms`.
  ///
  /// - Complexity: O(rows · d²).
  func logDensities(of values: Matrix, from start: Int, into terms: inout Matrix, column: Int) {
    let constant = root.diagonal.reduce(-0.5 * Double(dimension) * log(2 * .pi)) { $0 - log($1) }
    var standardized = mean
    for row in 0..<values.rows {
      var squares = 0.0
      for i in 0..<dimension {
        var rest = values[row, start + i] - mean[i]
        for j in 0..<i { rest -= root[i, j] * standardized[j] }
        standardized[i] = rest / root[i, i]
        squares += standardized[i] * standardized[i]
      }
      terms[row, column] = constant - 0.5 * squares
    }
  }
}
