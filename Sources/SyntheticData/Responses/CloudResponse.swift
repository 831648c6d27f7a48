import GSL
import MixtureCore

/// Columns y1, y2, … from N(μ, Σ).
public struct CloudResponse: ResponseDistribution {
  /// The cloud.
  public let cloud: GaussianCloud

  /// Points of a cloud.
  public init(_ cloud: GaussianCloud) { self.cloud = cloud }

  /// The columns y1, y2, ….
  public var columns: [ColumnSchema] { (0..<cloud.dimension).map { ColumnSchema("y\($0 + 1)") } }

  /// - Throws: `ArgumentError` for a faulty cloud.
  public func validate() throws { try cloud.validate() }

  /// Draws a point for each row.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows { cloud.draw(into: &block.response, row: row, from: 0, using: &block.sources[row]) }
  }

  /// Writes ln N(y | μ, Σ).
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    cloud.logDensities(of: block.response, from: 0, into: &terms, column: column)
  }

  /// `mean(y1)`, …, then `sd(y1)`, ….
  public func parameters(features: [String]) -> [ParameterEstimate] {
    zip(columns, cloud.mean).map { ParameterEstimate("mean(\($0.name))", value: $1) }
      + zip(columns, cloud.covariance.diagonal).map { ParameterEstimate("sd(\($0.name))", value: $1.squareRoot()) }
  }
}
