import Foundation
import MixtureCore

/// How the text of a table is laid out, as its format says or its first rows show.
struct TextLayout {
  /// What stands between cells.
  let delimiter: Table.Delimiter
  /// What stands before decimals.
  let decimal: Table.DecimalMark
  /// The bytes before the first row of data: notes, and the header.
  private(set) var skippedByteCount: Int
  /// The names of the columns.
  private(set) var names: [String]
  /// How many empty cells stand at the end of each row, behind those of the columns.
  private(set) var trailingCellCount = 0
  /// Whether backslashes escape quotes.
  let unescapesQuotes: Bool
  /// Whether the first column has no name, or the header none for it.
  private(set) var hasUnnamedFirst = false
  /// What was found out and should be known.
  private(set) var notes: [String] = []

  /// The name of a column of row names that has none.
  static let rowNamesName = "(row names)"

  /// Looks at the first rows.
  ///
  /// - Parameters:
  ///   - head: the text's first bytes.
  ///   - isWhole: whether these are all.
  ///   - format: what is known.
  ///   - source: the name of the file.
  /// - Throws: `DataError` for a first line of numbers, unless the format says what it is.
  init(of head: Data, isWhole: Bool, format: Table.Format, source: String) throws {
    var preamble = Preamble(of: head)
    let candidates = (format.delimiter ?? preamble.delimiter).map { [$0] } ?? Table.Delimiter.allCases
    let rest = head.dropFirst(preamble.byteCount)
    let samples = candidates.compactMap { RowSample(of: rest, isWhole: isWhole, delimiter: $0) }
    guard let sample = RowSample.likeliest(samples, decimal: format.decimal), let first = sample.rows.first else {
      if let reason = samples.compactMap(\.reason).first { throw DataError("\(source), row 1: \(reason)") }
      throw DataError("\(source): " + (samples.isEmpty ? "out of memory" : "the file is empty"))
    }
    (delimiter, unescapesQuotes) = (sample.delimiter, sample.unescapesQuotes)
    if samples.count > 1, delimiter == .space || delimiter == .bar {
      notes.append("\(source): \(delimiter.words) stand between the cells")
    }
    decimal = format.decimal ?? sample.decimal ?? .point
    if format.decimal == nil, let cell = sample.decimalComma {
      notes.append("\(source): read \"\(cell)\" as \(cell.replacing(",", with: ".")), with a decimal comma (--decimal)")
    }
    if format.decimal == nil, decimal == .point, let cell = sample.ambiguousThousands {
      throw DataError(
        "\(source): \"\(cell)\" may be \(cell.replacing(".", with: "")) or \(cell): say --decimal . where the point stands before decimals, and else write "
          + "thousands without it")
    }
    (names, skippedByteCount) = ([], preamble.byteCount)
    let isOfNumbers = first.allSatisfy { sample.isNumber($0, decimal) }
    if format.hasHeader != false, let comment = preamble.header(like: first, sample),
      isOfNumbers || format.hasHeader == true
    {
      names = comment
      notes.append("\(source): took the names of the columns from the line that begins with #")
    } else if format.hasHeader == false {
      names = first.indices.map { "\($0 + 1)" }
    } else {
      guard format.hasHeader == true || !isOfNumbers else {
        throw DataError(
          "\(source): the first line looks like numbers (\(first.prefix(3).joined(separator: ", "))), where names should stand: if it is a row, "
            + "say --no-header; if these are names, --header")
      }
      guard sample.beginsWithText else { throw DataError("\(source), header: \(CSVReader.notText)") }
      names = first
      skippedByteCount += Preamble.lineLength(in: rest, isQuoted: true)
    }
    if preamble.commentCount > 0 {
      notes.append("\(source): left out \(preamble.commentCount) lines that begin with # at its top")
    }
    let rows = sample.rows.dropFirst(format.hasHeader == false ? 0 : 1)
    if let second = rows.first, rows.count > 1, names.count < second.count,
      !second.contains(where: { sample.isNumber($0, decimal) }),
      rows.dropFirst().allSatisfy({ $0.count == second.count && $0.contains { sample.isNumber($0, decimal) } })
    {
      throw DataError(
        "\(source): the names of the columns seem to stand in line 2 (\(second.prefix(3).joined(separator: ", "))), below a title: delete "
          + "the title")
    }
    try fitNames(to: rows, mayBeDecimals: sample.mayBeDecimals(format.decimal), source)
  }

  /// Names columns that have no name, and tells row names from empty cells at the end of each row.
  private mutating func fitNames(to rows: ArraySlice<[String]>, mayBeDecimals: Bool, _ source: String) throws {
    if let last = rows.last, rows.allSatisfy({ $0.count == last.count }) {
      // Columns at the end without a name and without a cell are none.
      let empty = last.indices.reversed().prefix { index in
        (index >= names.count || names[index].isEmpty) && rows.allSatisfy { $0[index].isEmpty }
      }.count
      let count = last.count - empty
      if names.count > count, names[count...].allSatisfy(\.isEmpty) { names.removeLast(names.count - count) }
      if names.count == count { trailingCellCount = empty }
      if names.count == last.count - 1, empty == 0 {
        guard !mayBeDecimals else {
          throw DataError(
            "\(source): rows have a cell more than there are names (\(names.prefix(3).joined(separator: ", "))): where numbers have decimal "
              + "commas, put them in quotes or something else between the cells; where the first column names the rows, give it a name, or say "
              + "--decimal ."
          )
        }
        names.insert("", at: 0)
      }
    }
    hasUnnamedFirst = names.first == ""
    if hasUnnamedFirst { names[0] = Self.rowNamesName }
    for index in names.indices where names[index].isEmpty { names[index] = "column \(index + 1)" }
  }
}
