import MixtureCore

/// A count for each row, uniform on 1, …, ``most``, that linear predictors do not read: the trials of a ``BinomialResponse``, or the
/// exposure of a ``PoissonResponse``.
public struct CountFeature: FeatureDistribution, Equatable {
  /// The name of the column.
  public let name: String
  /// The greatest count.
  public let most: Int

  /// A count of at most `most`, which is at least one.
  public init(_ name: String, most: Int) {
    self.name = name
    self.most = most
  }

  /// The one column.
  public var columns: [ColumnSchema] { [ColumnSchema(name, .count)] }
  /// Linear predictors do not read a count.
  public var predictorCount: Int { 0 }

  /// - Throws: `ArgumentError` unless the greatest count is at least one, and has 32 bits.
  public func validate() throws {
    try Self.require(
      (1...Int(UInt32.max)).contains(most), argument: "most", value: most, need: "from 1 to \(UInt32.max)")
  }

  /// Draws a count, each as probable as another.
  public func draw(_ block: inout RowBlock, from column: Int) {
    for row in 0..<block.count { block.features[row, column] = Double(1 + block.sources[row].integer(below: most)) }
  }
}
