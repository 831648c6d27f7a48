import CLibCSV
import Foundation
import MixtureCore

/// Reads numbers from a CSV file with libcsv: quotes, embedded newlines and CRLF after RFC 4180; blank lines are skipped.
struct CSVReader {
  /// The name of the file, for messages.
  private let path: String
  private let url: URL

  init(_ url: URL) {
    self.url = url
    path = url.path
  }

  /// The file's columns.
  ///
  /// - Parameter hasHeader: whether the first row gives the columns' names; without, they are called 1, 2, ….
  /// - Throws: ``DataError`` naming file, row and column.
  func columns(hasHeader: Bool) throws -> [CSVColumn] {
    let collector = Collector(path: path, hasHeader: hasHeader)
    try parse(into: collector)
    guard let columns = collector.columns else { throw DataError("\(path): the file is empty") }
    guard collector.rowCount > 0 else { throw DataError("\(path): no rows of data below the header") }
    return columns
  }

  private func parse(into collector: Collector) throws {
    let file: FileHandle
    do { file = try FileHandle(forReadingFrom: url) } catch {
      throw DataError("\(path): cannot be read: \(error.localizedDescription)")
    }
    defer { try? file.close() }
    var parser = csv_parser()
    guard csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL)) == 0 else {
      throw DataError("\(path): the CSV parser cannot start")
    }
    defer { csv_free(&parser) }
    let context = Unmanaged.passUnretained(collector).toOpaque()
    let field: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = { text, count, context in
      let bytes = UnsafeRawBufferPointer(start: text, count: count)
      Unmanaged<Collector>.fromOpaque(context!).takeUnretainedValue().field(bytes)
    }
    let row: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { _, context in
      Unmanaged<Collector>.fromOpaque(context!).takeUnretainedValue().endRow()
    }
    var isFirst = true
    while var chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
      if isFirst && chunk.starts(with: [0xEF, 0xBB, 0xBF]) { chunk = chunk.dropFirst(3) }
      isFirst = false
      let parsed = chunk.withUnsafeBytes { csv_parse(&parser, $0.baseAddress, $0.count, field, row, context) }
      if let error = collector.error { throw error }
      if parsed != chunk.count { throw syntaxError(&parser, collector) }
    }
    if csv_fini(&parser, field, row, context) != 0 { throw syntaxError(&parser, collector) }
    if let error = collector.error { throw error }
  }

  private func syntaxError(_ parser: inout csv_parser, _ collector: Collector) -> DataError {
    let reason = csv_strerror(csv_error(&parser)).map { String(cString: $0) } ?? "syntax error"
    return DataError("\(path), row \(collector.rowCount + 1): \(reason); check its quotes")
  }
}

/// A column of a CSV file: its numbers, or the first cell that is none.
struct CSVColumn {
  var name: String
  var values: [Double] = []
  var firstBadCell: (row: Int, text: String)?
}

/// Receives the parser's fields and rows.
private final class Collector {
  private(set) var columns: [CSVColumn]?
  private(set) var rowCount = 0
  private(set) var error: DataError?
  private let path: String
  private let hasHeader: Bool
  private var header: [String] = []
  private var fieldCount = 0

  init(path: String, hasHeader: Bool) {
    self.path = path
    self.hasHeader = hasHeader
  }

  func field(_ bytes: UnsafeRawBufferPointer) {
    guard error == nil else { return }
    defer { fieldCount += 1 }
    if columns == nil {
      header.append(String(decoding: bytes, as: UTF8.self))
    } else if fieldCount < columns!.count {
      append(bytes, toColumn: fieldCount)
    }
  }

  func endRow() {
    guard error == nil else { return }
    defer { fieldCount = 0 }
    guard let columns else { return beginColumns() }
    rowCount += 1
    if fieldCount != columns.count {
      error = DataError("\(path), row \(rowCount): \(fieldCount) cells, but \(columns.count) columns")
    }
  }

  private func beginColumns() {
    var seen: Set<String> = []
    for name in header where hasHeader && !seen.insert(name).inserted {
      error = DataError("\(path): two columns are called \"\(name)\"")
      return
    }
    columns = header.indices.map { CSVColumn(name: hasHeader ? header[$0] : String($0 + 1)) }
    guard !hasHeader else { return }
    for (index, cell) in header.enumerated() {
      var cell = cell
      cell.append("\0")
      cell.withUTF8 { append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0).dropLast()), toColumn: index) }
    }
    rowCount = 1
  }

  /// Appends the cell, which a zero byte ends.
  private func append(_ bytes: UnsafeRawBufferPointer, toColumn index: Int) {
    let start = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &end)
    let isNumber = !bytes.isEmpty && end! - UnsafeMutablePointer(mutating: start) == bytes.count && value.isFinite
    if !isNumber && columns![index].firstBadCell == nil {
      columns![index].firstBadCell = (rowCount + 1, String(decoding: bytes, as: UTF8.self))
    }
    columns![index].values.append(isNumber ? value : .nan)
  }
}
