import GSL

/// Rows of data as tiles, in any order and from several threads at once: in memory, from a file, or computed.
public protocol TileSource: Sendable {
  /// The number of rows.
  var rowCount: Int { get }
  /// The number of assignments: of rows, or of groups of rows where rows are grouped.
  var assignmentCount: Int { get }
  /// What the rows hold.
  var shape: RowShape { get }
  /// The most rows a tile holds.
  var tileCapacity: Int { get }
  /// The number of tiles.
  var tileCount: Int { get }
  /// Fills `tile` with the rows of tile `index`; a group of rows never straddles tiles.
  func load(_ index: Int, into tile: Tile) throws
}

extension TileSource {
  /// An empty tile of the right shape.
  public func makeTile() -> Tile { Tile(capacity: tileCapacity, shape: shape) }
}

/// What rows of data hold: their columns, and what there is beside columns.
public struct RowShape: Sendable, Equatable {
  /// The features that experts see.
  public var features: [ColumnSchema]
  /// The features that the gate sees, of which a category is the number of a row's level, from zero, or −1 for none of them; nil if they
  /// are those of the experts.
  public var gateFeatures: [ColumnSchema]?
  /// The response columns.
  public var responses: [ResponseColumn]
  /// Whether experts may have an intercept.
  public var hasIntercept: Bool
  /// Whether the gate may have an intercept.
  public var gateHasIntercept: Bool
  /// Whether rows have an offset: a number that adds to what experts predict, without a coefficient.
  public var hasOffset: Bool

  /// A shape of rows.
  public init(
    features: [ColumnSchema], gateFeatures: [ColumnSchema]? = nil, responses: [ResponseColumn],
    hasIntercept: Bool = true, gateHasIntercept: Bool = true, hasOffset: Bool = false
  ) {
    self.features = features
    self.gateFeatures = gateFeatures
    self.responses = responses
    self.hasIntercept = hasIntercept
    self.gateHasIntercept = gateHasIntercept
    self.hasOffset = hasOffset
  }
}

/// A data error: what is wrong and where.
public struct DataError: DescribedError, Equatable {
  /// What is wrong, where, and what to do.
  public let description: String
  /// The row that it is about, from zero in the order of the rows, and what is wrong with it; nil for errors about something else.
  package let row: (index: Int, fault: String)?

  /// An error with the given message, of which the middle is left out where it is very long.
  public init(_ description: String) { (self.description, row) = (description.shortened, nil) }

  /// An error about a row, by its number from zero. Whoever read the rows from a file says where the row stands there.
  public init(row index: Int, _ fault: String) {
    (description, row) = ("row \(index + 1): \(fault)".shortened, (index, fault))
  }

  /// Errors are equal that say the same.
  public static func == (a: DataError, b: DataError) -> Bool { a.description == b.description }
}
