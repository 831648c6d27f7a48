import MixtureCore

/// A distribution of the features of a ``SyntheticMixture``.
public protocol FeatureDistribution: SyntheticPart {
  /// The columns that it draws.
  var columns: [ColumnSchema] { get }
  /// How many of the columns, the first ones, linear predictors read: all, unless the distribution says otherwise.
  var predictorCount: Int { get }
  /// Draws its columns in all rows of a block, from the rows' sources.
  ///
  /// - Parameters:
  ///   - block: the block, whose features are written.
  ///   - column: the number of the first of its columns among the features.
  func draw(_ block: inout RowBlock, from column: Int)
}

extension FeatureDistribution {
  /// As many as there are columns.
  public var predictorCount: Int { columns.count }
}
