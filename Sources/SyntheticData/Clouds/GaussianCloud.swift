import Foundation
import GSL

/// N(μ, Σ), in columns of rows.
public struct GaussianCloud: Sendable, Codable, Equatable {
  /// μ.
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

  /// Σ.
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

extension GaussianCloud {
  private enum CodingKeys: CodingKey { case mean, root }

  /// Decodes μ and L.
  ///
  /// - Throws: `DecodingError` unless L has a row for each mean and a positive diagonal.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    mean = try container.decode([Double].self, forKey: .mean)
    root = try container.decode(Matrix.self, forKey: .root)
    guard root.rows == mean.count, root.columns == mean.count, root.diagonal.allSatisfy({ $0 > 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .root, in: container, debugDescription: "no Cholesky factor for \(mean.count) dimensions")
    }
  }
}
