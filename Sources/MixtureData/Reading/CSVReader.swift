import Foundation
import MixtureCore

/// Reads columns from CSV text with libcsv: quotes, embedded newlines and CRLF after RFC 4180; blank lines are skipped.
struct CSVReader {
  /// The name of the file, for messages.
  let source: String
  /// What is known of the text.
  let format: Table.Format

  /// What is wrong with bytes that are no UTF-8.
  static let notText = "not UTF-8 text; if it is text, say how it is coded: --encoding latin1, windows-1252, …"

  static let zero = "holds a zero byte, which no text does: the file is damaged, or of another kind"

  /// The file's columns, how they are laid out, and how cells are understood.
  ///
  /// - Throws: ``DataError`` naming file, row and column; ``MemoryError``, before all is read where the size of the file tells.
  func read(_ bytes: ByteSource) throws -> (columns: [(name: String, column: StoredColumn)], layout: TextLayout) {
    let text = try TextSource(bytes, encoding: format.encoding)
    let (head, isWhole) = try self.head(of: text)
    var layout = try TextLayout(of: head, isWhole: isWhole, format: format, source: source)
    if let note = text.note { layout.notes.insert(note, at: 0) }
    let cells = CellFormat(decimal: layout.decimal, missing: format.missing)
    guard let block = CellBlock(delimiter: layout.delimiter.byte, cells: cells) else {
      throw DataError("\(source): out of memory")
    }
    var columns = try makeColumns(layout)
    var doubt = ThousandsDoubt(layout)
    var room = RoomForRows(of: text)
    var rowText = RowText(
      collapsesBlanks: layout.delimiter == .space, unescapesQuotes: layout.unescapesQuotes)
    try room.note(layout.skippedByteCount, isWithinRow: false)
    var chunk = head.dropFirst(layout.skippedByteCount)
    if chunk.isEmpty { chunk = try text.next() }
    while true {
      let reason = chunk.isEmpty ? block.finish() : block.parse(rowText.changed(chunk))
      try room.note(chunk.count, isWithinRow: block.rowCount == 0)
      try take(block, layout, into: &columns, &doubt, &room)
      if let reason { throw DataError("\(source), row \((columns.first?.rowCount ?? 0) + 1): \(reason)") }
      if chunk.isEmpty { break }
      chunk = try text.next()
    }
    guard columns.first?.rowCount ?? 0 > 0 else { throw DataError("\(source): no rows of data below the header") }
    if let name = format.categories.subtracting(columns.map(\.name)).min() {
      throw DataError.noColumn(name, in: source, columns: columns.map(\.name))
    }
    var finished: [(name: String, column: StoredColumn)] = []
    // From the last to the first, each builder given up as its column is made.
    while let column = columns.popLast() {
      finished.append((column.name, try column.finished(cells, layout, doubt.finding(ofColumn: columns.count))))
    }
    return (finished.reversed(), layout)
  }

  /// So much of the text that its layout can be seen: two lines at least, unless these are very long.
  private func head(of text: TextSource) throws -> (head: Data, isWhole: Bool) {
    let (usual, most) = (1 << 16, 1 << 24)
    var head = Data()
    while head.count < usual || (head.count < most && head.count(where: { $0 == UInt8(ascii: "\n") }) < 2) {
      let piece = try text.next()
      if piece.isEmpty { return (head, true) }
      head += piece
    }
    return (head, false)
  }

  /// Appends the block's complete rows to the columns.
  private func take(
    _ block: CellBlock, _ layout: TextLayout, into columns: inout [ColumnBuilder], _ doubt: inout ThousandsDoubt,
    _ room: inout RoomForRows
  ) throws {
    guard block.rowCount > 0 else { return }
    let count = columns.count + layout.trailingCellCount
    let rowsBefore = columns.first?.rowCount ?? 0
    for row in 0..<block.rowCount {
      let end = block.cellCount(toEndOf: row)
      let trailing = end >= layout.trailingCellCount ? (end - layout.trailingCellCount)..<end : 0..<0
      if end == (row + 1) * count, trailing.allSatisfy({ block.cell($0).kind == .empty }) { continue }
      throw Self.ragged(
        (row * count..<end).map { block.text($0) ?? "" }, layout, at: "\(source), row \(rowsBefore + row + 1)")
    }
    // All that a cell needs of the reader, which is not copied for each.
    let source = source
    doubt.look(at: block, rowsBefore: rowsBefore)
    try room.makeRoom(for: rowsBefore + block.rowCount, in: &columns)
    for column in columns.indices {
      // A builder of its own, so that its arrays are not looked up in the array of builders for each cell.
      var builder = columns[column]
      let name = builder.name
      columns[column] = ColumnBuilder(name: name, isCategories: false)
      var row = 0
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
          if let text = block.text(index) { return text }
          let reason = block.holdsZero(index) ? Self.zero : Self.notText
          throw DataError("\(source), row \(rowsBefore + row + 1), column \"\(name)\": \(reason)")
        }
        row += 1
      }
      columns[column] = builder
    }
    block.removeRows()
  }

  /// A row with more cells than there are columns, or fewer.
  private static func ragged(_ cells: [String], _ layout: TextLayout, at place: String) -> DataError {
    let columnCount = layout.names.count
    let advice: String
    if cells.count == 1, CellKind.of(cells[0]).kind == .text {
      advice = "if it is a remark, delete the line"
    } else if cells.count < columnCount {
      advice =
        layout.delimiter == .space
        ? "write NA for each cell that is missing"
        : "if cells are missing at its end, write the \(layout.delimiter.words) before them, too"
    } else {
      advice = "if \(layout.delimiter.words) stand within a cell, put it in quotes"
    }
    return DataError(
      "\(place): \(cells.count) cell\(cells.count == 1 ? "" : "s") (\(cells.joined(separator: ", ").beginning)), but "
        + "\(columnCount) column\(columnCount == 1 ? "" : "s"): \(advice)")
  }

  /// Columns under their names.
  private func makeColumns(_ layout: TextLayout) throws -> [ColumnBuilder] {
    if let twice = layout.names.firstRepeated { throw DataError("\(source): two columns are called \"\(twice)\"") }
    return layout.names.map { ColumnBuilder(name: $0, isCategories: format.categories.contains($0)) }
  }
}
