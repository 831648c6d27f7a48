import MixtureCore
import Testing

/// What parts keep on a tile between the halves of a pass.
@Suite struct TileRoomTests {
  private let rows = 3

  private func tile() -> Tile {
    let tile = Tile(capacity: rows, shape: RowShape(features: ["x"], responses: ["y"]))
    tile.begin(rowNumbers: 0..<rows)
    return tile
  }

  @Test func aRoomIsKeptUntilTheRowsChange() {
    let (tile, pass) = (tile(), PassMark())
    let room = tile.room(of: pass)
    #expect(!room.isFilled)
    room.reserve([2, 1])
    room.matrices[0] = [1, 2]
    room.isFilled = true
    // Others do not disturb it.
    for _ in 0..<7 { #expect(!tile.room(of: PassMark()).isFilled) }
    #expect(tile.room(of: pass) === room && tile.room(of: pass).isFilled && room.matrices[0] == [1, 2])
    tile.begin(rowNumbers: rows..<(2 * rows))
    #expect(!tile.room(of: pass).isFilled)
  }

  /// With more parts than rooms, one that has lost its room finds another that is not filled.
  @Test func aRoomThatOthersTookIsNotFilled() {
    let (tile, first) = (tile(), PassMark())
    tile.room(of: first).isFilled = true
    for _ in 0..<20 { tile.room(of: PassMark()).isFilled = true }
    #expect(!tile.room(of: first).isFilled)
  }

  @Test func roomsGrow() {
    let room = tile().room(of: PassMark())
    room.reserve([4])
    room.reserve([2, 8])
    #expect(room.matrices.map(\.count) == [4, 8])
  }

  @Test func noTwoMarksAreAlike() {
    let marks = (0..<100).map { _ in PassMark() }
    for (i, mark) in marks.enumerated() { #expect(marks.firstIndex(of: mark) == i) }
  }
}
