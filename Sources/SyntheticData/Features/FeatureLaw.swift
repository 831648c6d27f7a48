import MixtureCore

/// A law of the features of a ``SyntheticMixture``.
public protocol FeatureLaw: Part {
  /// The columns that it draws.
  var columns: [SyntheticColumn] { get }
  /// Draws the columns of all rows of a block, from the rows' sources.
  func draw(_ block: inout RowBlock)
}
