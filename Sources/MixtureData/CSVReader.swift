import Foundation
import MixtureCore

extension Table {
  /// What stands between the cells of a row.
  public enum Delimiter: String, Sendable, CaseIterable {
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// A tab.
    case tab

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      }
    }

    /// The delimiter that occurs most often outside quotes in the first line that is not blank; a comma if none does.
    static func detected(in text: Data) -> Delimiter {
      var counts = [0, 0, 0]
      var isQuoted = false
      for byte in text.drop(while: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
        switch byte {
        case UInt8(ascii: "\""): isQuoted.toggle()
        case _ where isQuoted: continue
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return most(counts)
        default:
          if let index = allCases.firstIndex(where: { $0.byte == byte }) { counts[index] += 1 }
        }
      }
      return most(counts)
    }

    private static func most(_ counts: [Int]) -> Delimiter {
      zip(allCases, counts).reduce((Delimiter.comma, 0)) { $1.1 > $0.1 ? $1 : $0 }.0
    }
  }
}

/// Reads columns from CSV text with libcsv: quotes, embedded newlines and CRLF after RFC 4180; blank lines are skipped.
struct CSVReader {
  /// The name of the file, for messages.
  let source: String
  let hasHeader: Bool
  /// If it is nil, the first line tells.
  let delimiter: Table.Delimiter?
  /// The columns that hold categories whatever their cells.
  let categories: Set<String>

  /// The file's columns.
  ///
  /// - Throws: ``DataError`` naming file, row and column; ``MemoryError``, before all is read where the size of the file tells.
  func columns(of bytes: ByteSource) throws -> [(name: String, column: StoredColumn)] {
    var columns: [ColumnBuilder] = []
    var room = RoomForRows(of: bytes)
    var chunk = try read(bytes)
    if chunk.starts(with: [0xEF, 0xBB, 0xBF]) { chunk = chunk.dropFirst(3) }
    guard let block = CellBlock(delimiter: (delimiter ?? .detected(in: chunk)).byte) else {
      throw DataError("\(source): out of memory")
    }
    while true {
      let reason = chunk.isEmpty ? block.finish() : block.parse(chunk)
      try room.note(chunk.count, isWithinRow: block.rowCount == 0)
      try take(block, into: &columns, &room)
      if let reason { throw DataError("\(source), row \((columns.first?.rowCount ?? 0) + 1): \(reason)") }
      if chunk.isEmpty { break }
      chunk = try read(bytes)
    }
    guard let first = columns.first else { throw DataError("\(source): the file is empty") }
    guard first.rowCount > 0 else { throw DataError("\(source): no rows of data below the header") }
    if let name = categories.subtracting(columns.map(\.name)).min() {
      throw DataError.noColumn(name, in: source, columns: columns.map(\.name))
    }
    var finished: [(name: String, column: StoredColumn)] = []
    // From the last to the first, each builder given up as its column is made.
    while let column = columns.popLast() { finished.append((column.name, try column.finished())) }
    return finished.reversed()
  }

  private func read(_ bytes: ByteSource) throws -> Data {
    do { return try bytes.next() } catch {
      throw DataError("\(source): cannot be read: \(systemReason(error))")
    }
  }

  /// Appends the block's complete rows to the columns.
  private func take(_ block: CellBlock, into columns: inout [ColumnBuilder], _ room: inout RoomForRows) throws {
    guard block.rowCount > 0 else { return }
    var firstRow = 0
    if columns.isEmpty {
      columns = try makeColumns(block)
      firstRow = hasHeader ? 1 : 0
    }
    let count = columns.count
    let rowsBefore = columns.first?.rowCount ?? 0
    for row in 0..<block.rowCount where block.cellCount(toEndOf: row) != (row + 1) * count {
      let cells = block.cellCount(toEndOf: row) - row * count
      throw DataError(
        "\(source), row \(rowsBefore + row - firstRow + 1): \(cells) cell\(cells == 1 ? "" : "s"), but \(count) "
          + "column\(count == 1 ? "" : "s")")
    }
    try room.makeRoom(for: rowsBefore + block.rowCount - firstRow, in: &columns)
    for column in columns.indices {
      // A builder of its own, so that its arrays are not looked up in the array of builders for each cell.
      var builder = columns[column]
      let name = builder.name
      columns[column] = ColumnBuilder(name: name, isCategories: false)
      var row = firstRow
      while row < block.rowCount {
        if builder.takesNumbers {
          let numbers = block.numbers(ofColumn: column, columnCount: count, from: row)
          builder.append(numbers)
          row += numbers.count
          if row == block.rowCount { break }
        }
        let index = row * count + column
        let cell = block.cell(index)
        try builder.append(kind: cell.kind, value: cell.value) {
          guard let text = block.text(index) else {
            throw DataError(
              "\(source), row \(rowsBefore + row - firstRow + 1), column \"\(name)\": not UTF-8 text; is this a CSV file?")
          }
          return text
        }
        row += 1
      }
      columns[column] = builder
    }
    block.removeRows()
  }

  /// Columns named by the block's first row, or numbered.
  private func makeColumns(_ block: CellBlock) throws -> [ColumnBuilder] {
    var seen: Set<String> = []
    return try (0..<block.cellCount(toEndOf: 0)).map { cell in
      var name = String(cell + 1)
      if hasHeader {
        guard let text = block.text(cell) else {
          throw DataError("\(source), header: not UTF-8 text; is this a CSV file?")
        }
        name = text
      }
      guard seen.insert(name).inserted else { throw DataError("\(source): two columns are called \"\(name)\"") }
      return ColumnBuilder(name: name, isCategories: categories.contains(name))
    }
  }
}
