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
  public var columns: [SyntheticColumn] { [SyntheticColumn(name, levels: levels)] }
  /// Linear predictors do not read a category.
  public var predictorCount: Int { 0 }

  /// - Throws: ``SyntheticDataError`` without levels, or for two of one name.
  public func validate() throws {
    guard !levels.isEmpty else { throw SyntheticDataError("0 levels of \"\(name)\": give at least one") }
    if let twice = levels.firstRepeated { throw SyntheticDataError("two levels of \"\(name)\" are called \"\(twice)\"") }
  }

  /// Draws a level.
  public func draw(_ block: inout RowBlock, from column: Int) {
    for row in 0..<block.count { block.features[row, column] = Double(block.sources[row].integer(below: levels.count)) }
  }
}
