import MixtureCore

/// A category for each row, every level as probable as another: what ``MembershipWeights`` read.
public struct CategoryFeature: FeatureDistribution, Equatable {
  /// The name of the column.
  public let name: String
  /// The names of the levels.
  public let levels: [String]

  /// A category with the given levels, of which there is at least one.
  public init(_ name: String, levels: [String]) {
    self.name = name
    self.levels = levels
  }

  /// The one column.
  public var columns: [ColumnSchema] { [ColumnSchema(name, .category(levels: levels))] }
  /// Linear predictors do not read a category.
  public var predictorCount: Int { 0 }

  /// - Throws: `ArgumentError` without levels, or for two of one name.
  public func validate() throws {
    try Self.require(!levels.isEmpty, argument: "levels", value: "empty", need: "one level of \"\(name)\" at least")
    try Self.require(
      levels.firstRepeated == nil, argument: "levels", value: levels, need: "names of which no two are alike")
  }

  /// Draws a level.
  public func draw(_ block: inout RowBlock, from column: Int) {
    for row in 0..<block.count { block.features[row, column] = Double(block.sources[row].integer(below: levels.count)) }
  }
}
