import Foundation

/// The memory of columns while their rows are read: taken for all rows at once where the size of the file tells how many there will be,
/// and otherwise by half as much again, each time after it was asked for.
struct RoomForRows {
  private let source: String
  /// The bytes of the file; nil for a pipe.
  private let byteCount: Int?
  private var bytesRead = 0
  /// The bytes of a row that does not end.
  private var bytesOfRow = 0
  private var askedBytesOfRow = 1 << 20
  private var rowCapacity = 0

  /// The room for the rows of text.
  init(of text: TextSource) { (source, byteCount) = (text.name, text.count) }

  /// Takes in that bytes were read, perhaps without the end of a row.
  ///
  /// - Throws: ``MemoryError`` for a row that fills the memory.
  mutating func note(_ count: Int, isWithinRow: Bool) throws {
    bytesRead += count
    bytesOfRow = isWithinRow ? bytesOfRow + count : 0
    guard bytesOfRow > askedBytesOfRow else { return }
    askedBytesOfRow *= 2
    // The bytes, and for each cell of two or more its value, kind and place; some of it twice while it moves.
    try Memory.require(24 * bytesOfRow, for: "\(source): a row of more than \(bytesOfRow) bytes; is a quote not closed? It")
  }

  /// Makes room for so many rows in all.
  ///
  /// - Throws: ``MemoryError`` where there is none.
  mutating func makeRoom(for rowCount: Int, in columns: inout [ColumnBuilder]) throws {
    guard rowCount > rowCapacity else { return }
    let width = columns.count * MemoryLayout<Double>.stride
    // The texts of the first cells tell the type of a column.
    let samples = columns.count * MemoryLayout<String>.stride * ColumnBuilder.sampleSize
    let rows: Int
    if rowCapacity == 0, let byteCount, bytesRead < byteCount {
      let all = Int(Double(rowCount) * Double(byteCount) / Double(bytesRead))
      try Memory.require(
        all * width + min(samples, 2 * all * width), for: "\(source): about \(all) rows of \(columns.count) columns")
      rows = all + all / 32
    } else {
      rows = max(rowCount, rowCapacity + rowCapacity / 2)
      let moving = (rows - rowCapacity) * width + rowCapacity * MemoryLayout<Double>.stride
      try Memory.require(
        moving + (rowCapacity < ColumnBuilder.sampleSize ? min(samples, 2 * rows * width) : 0),
        for: "\(source): more than \(rowCapacity) rows of \(columns.count) columns")
    }
    rowCapacity = max(rows, rowCount)
    for index in columns.indices { columns[index].reserve(rowCount: rowCapacity) }
  }
}
