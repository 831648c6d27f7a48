import Synchronization

/// A mark of what a part prepared for a pass: no two are alike, so that what was computed under one value of the part is not taken for
/// another's.
public struct PassMark: Sendable, Equatable {
  private let number: UInt64
  private static let last = Atomic<UInt64>(0)

  /// A mark that nobody has.
  public init() { number = Self.last.add(1, ordering: .relaxed).newValue }
}

/// Room on a tile for columns that a part computes of the rows in one half of a pass, and needs again in the other: residuals and the like.
///
/// Several parts take part in a pass, and each has a room under its mark (``Tile/room(of:)``). The tile empties the rooms when it gets other rows.
public final class TileRoom {
  /// Rooms for more parts than usually take part in a pass.
  static let mostRooms = 8

  private(set) var pass: PassMark?
  /// Whether the columns hold what belongs to the tile's rows: false until the part says so.
  public var isFilled = false
  /// Matrices with columns as long as the tile's, each for what the part wants; their contents are left over from before while the room is not
  /// filled.
  public var matrices: [[Double]] = []

  /// Makes room for matrices of so many numbers at least.
  public func reserve(_ counts: [Int]) {
    while matrices.count < counts.count { matrices.append([]) }
    for (index, count) in counts.enumerated() where matrices[index].count < count {
      matrices[index] = Array(repeating: 0, count: count)
    }
  }

  /// Takes a matrix out, so that it has one owner who may write; none is there until it is put back.
  public func take(_ index: Int) -> [Double] {
    var matrix: [Double] = []
    swap(&matrix, &matrices[index])
    return matrix
  }

  func enter(_ pass: PassMark) { (self.pass, isFilled) = (pass, false) }

  func empty() { (pass, isFilled) = (nil, false) }
}
