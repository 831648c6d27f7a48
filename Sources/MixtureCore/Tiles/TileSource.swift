/// Rows of data as tiles, in any order and from several threads at once: in memory, from a file, or computed.
public protocol TileSource: Sendable {
  /// The number of rows.
  var rowCount: Int { get }
  /// The number of assignments: of rows, or of groups of rows where rows are grouped.
  var assignmentCount: Int { get }
  /// The names of the features.
  var featureNames: [String] { get }
  /// The names of the response columns.
  var responseNames: [String] { get }
  /// Whether experts may have an intercept.
  var hasIntercept: Bool { get }
  /// Whether rows have an offset: a number that adds to what experts predict, without a coefficient.
  var hasOffset: Bool { get }
  /// The most rows a tile holds.
  var tileCapacity: Int { get }
  /// The number of tiles.
  var tileCount: Int { get }
  /// Fills `tile` with the rows of tile `index`; a group of rows never straddles tiles.
  func load(_ index: Int, into tile: Tile) throws
}

extension TileSource {
  /// An empty tile of the right shape.
  public func makeTile() -> Tile {
    Tile(
      capacity: tileCapacity, featureCount: featureNames.count, responseCount: responseNames.count, hasOffset: hasOffset)
  }
}

/// A data error: what is wrong and where.
public struct DataError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, where, and what to do.
  public let description: String

  /// An error with the given message.
  public init(_ description: String) { self.description = description }
}
