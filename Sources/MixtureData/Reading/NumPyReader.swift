import Foundation
import MixtureCore

/// Reads columns from a NumPy file: arrays of one or two dimensions of whole numbers, or of 32- or 64-bit floating-point ones.
struct NumPyReader {
  /// The name of the file, for messages.
  let source: String

  /// What the file's header says.
  private struct Header {
    var code: NumberCode
    var isFortranOrder: Bool
    var rows: Int
    var columns: Int
  }

  /// The array's columns, called 1, 2, ….
  ///
  /// - Throws: ``DataError`` if the file is not such an array; ``MemoryError`` before one is read for which there is no room.
  func columns(of file: FileHandle) throws -> [(name: String, column: StoredColumn)] {
    do {
      let header = try header(file)
      let start = try file.offset()
      let available = try file.seekToEnd() - start
      try file.seek(toOffset: start)
      let (cells, isTooMany) = header.rows.multipliedReportingOverflow(by: header.columns)
      let (bytes, isTooLong) = cells.multipliedReportingOverflow(by: header.code.size)
      guard !isTooMany && !isTooLong && UInt64(bytes) == available else {
        throw DataError(
          "\(source): \(available) bytes of numbers, but an array of \(header.rows) × \(header.columns) numbers of "
            + "\(header.code.size) bytes; the file is truncated or damaged")
      }
      let content = "\(source): \(header.rows) rows of \(header.columns) columns"
      try Memory.require(cells * MemoryLayout<Double>.size, for: content)
      let numbers = header.isFortranOrder ? try columnAfterColumn(file, header) : try rowAfterRow(file, header)
      return try numbers.enumerated().map { index, values in
        if let row = header.code.kind == .float ? nil : values.firstIndex(where: { abs($0) >= Self.mostWhole }) {
          throw DataError(
            "\(source), row \(row + 1), column \"\(index + 1)\": a whole number of more digits than a number keeps here, about "
              + "\(FormulaText.number(values[row])); if it is a code, leave it out; if not, use array.astype(float)")
        }
        // NaN is how NumPy says that something is missing.
        let odd = values.indices.lazy.filter { !values[$0].isFinite }.map { BadCell(row: $0, text: "\(values[$0])") }
        let (missing, bad) = (odd.filter { values[$0.row].isNaN }, odd.filter { !values[$0.row].isNaN })
        return (
          String(index + 1),
          StoredColumn(values: .numbers(values), missing: Array(missing), badCells: Array(bad), isDeclared: true)
        )
      }
    } catch let error as DataError { throw error } catch let error as MemoryError { throw error } catch {
      throw DataError("\(source): cannot be read: \(systemReason(error))")
    }
  }

  /// From here on doubles leave out whole numbers.
  private static let mostWhole = 0x1p53

  private func read(_ count: Int, of file: FileHandle) throws -> Data {
    let data = try file.read(upToCount: count) ?? Data()
    guard data.count == count else { throw DataError("\(source): the file is truncated") }
    return data
  }

  private func columnAfterColumn(_ file: FileHandle, _ header: Header) throws -> [[Double]] {
    try (0..<header.columns).map { _ in
      var column: [Double] = []
      column.reserveCapacity(header.rows)
      while column.count < header.rows {
        let count = min(header.rows - column.count, 1 << 15)
        let bytes = try read(count * header.code.size, of: file)
        column += decodeNumbers(bytes, from: 0, count: count, stride: 1, as: header.code)
      }
      return column
    }
  }

  private func rowAfterRow(_ file: FileHandle, _ header: Header) throws -> [[Double]] {
    var columns = [[Double]](repeating: [], count: header.columns)
    for index in columns.indices { columns[index].reserveCapacity(header.rows) }
    var rowsRead = 0
    while rowsRead < header.rows {
      let count = min(header.rows - rowsRead, max(1, (1 << 15) / header.columns))
      let bytes = try read(count * header.columns * header.code.size, of: file)
      for index in columns.indices {
        columns[index] += decodeNumbers(bytes, from: index, count: count, stride: header.columns, as: header.code)
      }
      rowsRead += count
    }
    return columns
  }

  /// Reads the header, after which the numbers start: the magic, two bytes of version, the length of the text that follows
  /// (two bytes in version 1, four later), and a Python dictionary with the keys descr, fortran_order and shape.
  private func header(_ file: FileHandle) throws -> Header {
    let start = try file.read(upToCount: 8) ?? Data()
    guard start.starts(with: [0x93] + Array("NUMPY".utf8)) else { throw DataError("\(source): not a NumPy file") }
    guard start.count == 8 else { throw DataError("\(source): the file is truncated") }
    guard (1...3).contains(start[6]) else {
      throw DataError("\(source): version \(start[6]).\(start[7]) of the NumPy format is unknown")
    }
    let length = try read(start[6] == 1 ? 2 : 4, of: file).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length < 1 << 20 else { throw DataError("\(source): the header is damaged") }
    let text = String(decoding: try read(length, of: file), as: UTF8.self)
    guard let type = value("descr", in: text), let order = value("fortran_order", in: text),
      let shape = value("shape", in: text), ["True", "False"].contains(order)
    else { throw DataError("\(source): the header is damaged") }
    return try makeHeader(type: type.trimmingCharacters(in: ["'", "\""]), isFortranOrder: order == "True", shape: shape)
  }

  private func makeHeader(type: String, isFortranOrder: Bool, shape: String) throws -> Header {
    let isBigEndian = 1.bigEndian == 1
    // The order of bytes, of which a single one has none, the kind, and how many there are.
    guard let order = type.first, "<>=|".contains(order), let kind = type.dropFirst().first.flatMap(NumberCode.Kind.init),
      let size = Int(type.dropFirst(2)), order != "|" || size == 1,
      let code = NumberCode(kind: kind, size: size, isSwapped: "<>".contains(order) && (order == ">") != isBigEndian)
    else {
      throw DataError(
        "\(source): numbers of type \(type); only whole numbers, float32 and float64 can be read: use array.astype(float)")
    }
    let parts = shape.dropFirst().dropLast().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let lengths = parts.filter { !$0.isEmpty }.compactMap { Int($0) }
    guard shape.hasPrefix("("), shape.hasSuffix(")"), lengths.count == parts.count(where: { !$0.isEmpty }),
      lengths.allSatisfy({ $0 >= 0 })
    else { throw DataError("\(source): the header is damaged") }
    guard lengths.count == 1 || lengths.count == 2 else {
      throw DataError("\(source): an array of \(lengths.count) dimensions; a table has one or two: rows × columns")
    }
    let (rows, columns) = (lengths[0], lengths.count == 2 ? lengths[1] : 1)
    guard rows > 0 && columns > 0 else { throw DataError("\(source): an array of \(rows) × \(columns) is empty") }
    return Header(code: code, isFortranOrder: isFortranOrder, rows: rows, columns: columns)
  }

  /// The value of a key in the text of a Python dictionary: a parenthesised list, or all before the next comma or brace.
  private func value(_ key: String, in text: String) -> String? {
    guard let range = text.range(of: "'\(key)':") ?? text.range(of: "\"\(key)\":") else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " }
    let isList = rest.first == "("
    guard let end = rest.firstIndex(where: { isList ? $0 == ")" : $0 == "," || $0 == "}" }) else { return nil }
    return String(isList ? rest[...end] : rest[..<end])
  }
}
