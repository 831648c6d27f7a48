import MixtureCore

/// Independent features x1, x2, …, each standard normal.
public struct NormalFeatures: FeatureDistribution, Equatable {
  /// The number of features.
  public let count: Int

  /// `count` features, or none.
  public init(_ count: Int) { self.count = count }

  /// The columns x1, x2, ….
  public var columns: [ColumnSchema] { (0..<count).map { ColumnSchema("x\($0 + 1)") } }

  /// - Throws: `ArgumentError` for a negative number of features, or more than a million.
  public func validate() throws { try Self.requireCount(count, argument: "count") }

  /// Draws x_j ~ N(0, 1).
  public func draw(_ block: inout RowBlock, from column: Int) {
    for row in 0..<block.count {
      for j in column..<(column + count) { block.features[row, j] = block.sources[row].gaussian() }
    }
  }
}
