import CLibCSV
import CTableCells
import Foundation

// All that handles memory without bounds is here and in CTableCells.

/// What a cell of a CSV file holds.
enum CellKind: UInt8 {
  /// A finite decimal number.
  case number
  /// nan, inf, or a number beyond the range of a double.
  case notFinite
  /// The cell holds nothing.
  case empty
  /// The cell says that something is missing.
  case missing
  /// Digits, the first of several a zero: a code rather than a number.
  case padded
  /// Any other text.
  case text

  /// The kind of a cell, with its value: NaN for what is no finite number.
  static func of(_ text: String, _ format: CellFormat = CellFormat()) -> (kind: CellKind, value: Double) {
    var value = Double.nan
    var cells = format.value
    let kind = text.withCString { cell_parse($0, text.utf8.count, &cells, &value) }
    return (CellKind(rawValue: kind) ?? .text, value)
  }
}

/// How cells are understood.
final class CellFormat {
  /// What C knows of it.
  fileprivate let value: cell_format
  private let texts: UnsafeMutablePointer<CChar>

  /// Cells whose numbers have the mark before their decimals; the texts are missing.
  init(decimal: Table.DecimalMark = .point, missing: Set<String> = []) {
    let known = missing.filter { !$0.isEmpty && !$0.utf8.contains(0) }.sorted()
    let characters: [CChar] = known.reduce(into: []) { $0 += Array($1.utf8CString) } + [0]
    texts = .allocate(capacity: characters.count)
    texts.initialize(from: characters, count: characters.count)
    let mark = CChar(bitPattern: decimal.byte)
    // Where the list of missing texts is at its end from the beginning, none is missing.
    var plain = cell_format(decimal: mark, misses_numbers: false, missing: texts + characters.count - 1)
    let missesNumbers = known.contains { text in
      var ignored = 0.0
      let kind = text.withCString { Int(cell_parse($0, text.utf8.count, &plain, &ignored)) }
      return kind == CELL_NUMBER || kind == CELL_PADDED
    }
    value = cell_format(decimal: mark, misses_numbers: missesNumbers, missing: texts)
  }

  deinit { texts.deallocate() }
}

/// libcsv's parser, with the cells that it found last.
final class CellBlock {
  private var parser = csv_parser()
  private var block = cell_block()
  /// Whose texts the block points at.
  private let cells: CellFormat

  /// Begins to parse. Nil if there is no memory.
  init?(delimiter: UInt8, cells: CellFormat) {
    self.cells = cells
    block.format = cells.value
    guard csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL)) == 0 else { return nil }
    csv_set_delim(&parser, delimiter)
  }

  deinit {
    csv_free(&parser)
    cell_block_free(&block)
  }

  /// The number of complete rows.
  var rowCount: Int { block.row_count }

  /// Parses the next bytes. Returns nil, or the reason why they are not CSV.
  func parse(_ bytes: Data) -> String? {
    let count = bytes.withUnsafeBytes { bytes in
      csv_parse(&parser, bytes.baseAddress, bytes.count, cell_block_append, cell_block_end_row, &block)
    }
    return count == bytes.count ? outOfMemory : reason
  }

  /// Completes the last row. Returns nil, or the reason why it is not CSV.
  func finish() -> String? {
    csv_fini(&parser, cell_block_append, cell_block_end_row, &block) == 0 ? outOfMemory : reason
  }

  private var outOfMemory: String? { block.is_out_of_memory ? "out of memory" : nil }

  private var reason: String {
    switch Int(csv_error(&parser)) {
    case Int(CSV_EPARSE): "a quote is not closed, or stands within a cell that none opens; check the quotes"
    default: "out of memory, perhaps because a quote is not closed"
    }
  }

  /// Forgets the complete rows.
  func removeRows() { cell_block_remove_rows(&block) }

  /// The number of complete rows' cells that come before the end of `row`.
  func cellCount(toEndOf row: Int) -> Int {
    precondition(row < block.row_count)
    return block.row_ends[row]
  }

  /// The values of a column from `row` on, up to the first cell that is no finite number; each row has `columnCount` cells.
  func numbers(ofColumn column: Int, columnCount: Int, from row: Int) -> [Double] {
    guard row < rowCount else { return [] }
    precondition(column < columnCount && rowCount * columnCount <= block.cell_count)
    return [Double](unsafeUninitializedCapacity: rowCount - row) { numbers, count in
      count = cell_block_copy_numbers(&block, column, columnCount, row, numbers.baseAddress)
    }
  }

  /// What a cell holds, and its value: NaN if that is no finite number.
  func cell(_ cell: Int) -> (kind: CellKind, value: Double) {
    precondition(cell < block.cell_count)
    return (CellKind(rawValue: block.kinds[cell]) ?? .text, block.values[cell])
  }

  /// A cell's text; nil if it is not UTF-8, or holds zero bytes.
  func text(_ cell: Int) -> String? {
    precondition(cell < block.cell_count)
    let start = cell == 0 ? 0 : block.text_ends[cell - 1]
    // No memory at all as long as every cell is empty.
    let bytes = UnsafeRawBufferPointer(start: block.text.map { $0 + start }, count: block.text_ends[cell] - start)
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }
}

/// `count` IEEE numbers of `size` 4 or 8 bytes in `bytes`, the first of them number `first`, each `stride` after the last.
func decodeNumbers(_ bytes: Data, from first: Int, count: Int, stride: Int, size: Int, isSwapped: Bool) -> [Double] {
  precondition(count == 0 || (first + (count - 1) * stride + 1) * size <= bytes.count)
  return [Double](unsafeUninitializedCapacity: count) { values, filled in
    bytes.withUnsafeBytes { bytes in
      guard count > 0, let start = bytes.baseAddress else { return }
      decode_numbers(start + first * size, count, stride, size, isSwapped, values.baseAddress)
    }
    filled = count
  }
}
