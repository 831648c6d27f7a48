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
  /// Digits, the first of several a zero, or more of them than a number keeps: a code rather than a number.
  case code
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
  private let texts: UnsafeMutablePointer<UInt8>
  private let numbers: UnsafeMutablePointer<Double>

  /// Cells whose numbers have the mark before their decimals; the texts are missing, and numbers among them in whatever way they are written.
  init(decimal: Table.DecimalMark = .point, missing: Set<String> = []) {
    let known = missing.filter { (1...255).contains($0.utf8.count) }.sorted { $0.utf8.count > $1.utf8.count }
    let bytes: [UInt8] = known.reduce(into: []) { $0 += [UInt8($1.utf8.count)] + Array($1.utf8) } + [0]
    let values = known.compactMap(Double.init).filter(\.isFinite)
    texts = .allocate(capacity: bytes.count)
    texts.initialize(from: bytes, count: bytes.count)
    numbers = .allocate(capacity: values.count)
    numbers.initialize(from: values, count: values.count)
    value = cell_format(
      decimal: CChar(bitPattern: decimal.byte), missing: texts, missing_numbers: numbers,
      missing_number_count: values.count)
  }

  deinit {
    texts.deallocate()
    numbers.deallocate()
  }
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
    return count == bytes.count ? outOfMemory : reason(before: bytes.dropFirst(count))
  }

  /// Completes the last row. Returns nil, or the reason why it is not CSV.
  func finish() -> String? {
    csv_fini(&parser, cell_block_append, cell_block_end_row, &block) == 0 ? outOfMemory : reason(before: nil)
  }

  private var outOfMemory: String? { block.is_out_of_memory ? "out of memory" : nil }

  /// Why bytes are no CSV, or that they end, if these are nil.
  private func reason(before rest: Data?) -> String {
    guard Int(csv_error(&parser)) == Int(CSV_EPARSE) else { return "out of memory, perhaps because a quote is not closed" }
    let begun = String(decoding: UnsafeRawBufferPointer(start: parser.entry_buf, count: parser.entry_pos), as: UTF8.self)
    guard let rest else {
      return "the quote before \"\(begun.beginning)\" is not closed: close it, or leave it out"
    }
    let ends = [parser.delim_char, UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    let cell = begun + String(decoding: rest.prefix { !ends.contains($0) }, as: UTF8.self)
    if parser.quoted != 0 {
      return "text stands behind the quote that closes a cell (\"\(cell.beginning)): write each quote within a cell twice"
    }
    return cell.hasPrefix("=\"")
      ? "the cell \(cell.beginning) is a formula of a spreadsheet: write its value alone"
      : "the cell \(cell.beginning) has a quote within, but none around it: write \"\(cell.beginning.replacing("\"", with: "\"\""))\""
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

  /// Adds how the numbers in a column are written; each row has `columnCount` cells.
  func addForms(ofColumn column: Int, columnCount: Int, rowsBefore: Int, to forms: inout number_forms) {
    precondition(column < columnCount && rowCount * columnCount <= block.cell_count)
    cell_block_add_forms(&block, column, columnCount, rowsBefore, &forms)
  }

  /// What a cell holds, and its value: NaN if that is no finite number.
  func cell(_ cell: Int) -> (kind: CellKind, value: Double) {
    precondition(cell < block.cell_count)
    return (CellKind(rawValue: block.kinds[cell]) ?? .text, block.values[cell])
  }

  /// Whether a cell holds a zero byte, as no text does.
  func holdsZero(_ cell: Int) -> Bool { bytes(ofCell: cell).contains(0) }

  /// A cell's text; nil if it is not UTF-8, or holds zero bytes.
  func text(_ cell: Int) -> String? {
    let bytes = bytes(ofCell: cell)
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return "" }
    guard memchr(start, 0, bytes.count) == nil else { return nil }
    // String(validating:as:) asks for the types of its generic parts each time, which takes longer than all else. What is no UTF-8 is
    // replaced here, and so differs.
    var text = String(decoding: bytes, as: UTF8.self)
    let isSame = text.withUTF8 { decoded in
      decoded.count == bytes.count && decoded.baseAddress.map { memcmp($0, start, bytes.count) } == 0
    }
    return isSame ? text : nil
  }

  private func bytes(ofCell cell: Int) -> UnsafeRawBufferPointer {
    precondition(cell < block.cell_count)
    let start = cell == 0 ? 0 : block.text_ends[cell - 1]
    // No memory at all as long as every cell is empty.
    return UnsafeRawBufferPointer(start: block.text.map { $0 + start }, count: block.text_ends[cell] - start)
  }
}

/// How a number is kept in bytes.
struct NumberCode {
  enum Kind: Character {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
  }

  let kind: Kind
  /// How many bytes it has.
  let size: Int
  /// Whether they are in another order than the machine's.
  let isSwapped: Bool

  /// Nil for a number of a size that its kind does not have.
  init?(kind: Kind, size: Int, isSwapped: Bool) {
    guard (kind == .float ? [4, 8] : [1, 2, 4, 8]).contains(size) else { return nil }
    (self.kind, self.size, self.isSwapped) = (kind, size, isSwapped)
  }
}

/// `count` numbers in `bytes`, the first of them number `first`, each `stride` after the last.
func decodeNumbers(_ bytes: Data, from first: Int, count: Int, stride: Int, as code: NumberCode) -> [Double] {
  precondition(count == 0 || (first + (count - 1) * stride + 1) * code.size <= bytes.count)
  return [Double](unsafeUninitializedCapacity: count) { values, filled in
    bytes.withUnsafeBytes { bytes in
      guard count > 0, let start = bytes.baseAddress else { return }
      let kind = CChar(code.kind.rawValue.asciiValue ?? 0)
      decode_numbers(start + first * code.size, count, stride, kind, code.size, code.isSwapped, values.baseAddress)
    }
    filled = count
  }
}
