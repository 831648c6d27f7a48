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
              + "commas, put them in quotes or something else between the cells; where the first column names the rows, give it a name"
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

/// What stands before a table: blank lines, a line that names the delimiter, and comments.
private struct Preamble {
  /// Its length.
  private(set) var byteCount = 0
  /// The delimiter of a line such as `sep=;`.
  private(set) var delimiter: Table.Delimiter?
  private var comments: [String] = []

  init(of head: Data) {
    var rest = head
    while !rest.isEmpty {
      let length = Self.lineLength(in: rest, isQuoted: false)
      let line = String(decoding: rest.prefix(length), as: UTF8.self).trimmingCharacters(in: .newlines)
      let mark = line.lowercased().hasPrefix("sep=") ? line.dropFirst(4) : ""
      if delimiter == nil, let named = Table.Delimiter.allCases.first(where: { mark == $0.mark }) {
        delimiter = named
      } else if line.hasPrefix("#") {
        comments.append(String(line.dropFirst()))
      } else if !line.isEmpty {
        return
      }
      byteCount += length
      rest = rest.dropFirst(length)
    }
  }

  /// How many lines are comments.
  var commentCount: Int { comments.count }

  /// The names in the last comment, if there are as many as a row has cells, none of them a number.
  mutating func header(like row: [String], _ sample: RowSample) -> [String]? {
    guard let last = comments.last, let text = (last + "\n").data(using: .utf8),
      let cells = RowSample(of: text, isWhole: true, delimiter: sample.delimiter)?.rows.first,
      cells.count == row.count, !cells.contains(where: { sample.isNumber($0, .point) || $0.isEmpty })
    else { return nil }
    comments.removeLast()
    return cells
  }

  /// The length of the first line with its end, which does not stand within quotes where these count.
  static func lineLength(in text: Data, isQuoted: Bool) -> Int {
    var isWithin = false
    var previous: UInt8 = 0
    for (index, byte) in text.enumerated() {
      if previous == UInt8(ascii: "\r") { return byte == UInt8(ascii: "\n") ? index + 1 : index }
      if byte == UInt8(ascii: "\"") { isWithin = isQuoted && !isWithin }
      if byte == UInt8(ascii: "\n"), !isWithin { return index + 1 }
      previous = isWithin ? 0 : byte
    }
    return text.count
  }
}

/// The first rows of a text, cut up by one delimiter.
private struct RowSample {
  let delimiter: Table.Delimiter
  private(set) var rows: [[String]] = []
  /// Why the rest is no CSV.
  let reason: String?
  /// Whether backslashes escape quotes.
  let unescapesQuotes: Bool
  /// Whether the first row is text in UTF-8.
  private(set) var beginsWithText = true

  /// More rows tell no more.
  private static let mostRows = 200

  /// Nil without memory.
  init?(of text: Data, isWhole: Bool, delimiter: Table.Delimiter) {
    self.delimiter = delimiter
    var block = CellBlock(delimiter: delimiter.byte, cells: CellFormat())
    func parse(unescaping: Bool) -> String? {
      var changed = RowText(collapsesBlanks: delimiter == .space, unescapesQuotes: unescaping)
      let reason = block?.parse(changed.changed(text))
      return reason == nil && isWhole ? block?.finish() : reason
    }
    var reason = parse(unescaping: false)
    let hasEscapes = reason != nil && text.firstRange(of: Data("\\\"".utf8)) != nil
    if hasEscapes {
      block = CellBlock(delimiter: delimiter.byte, cells: CellFormat())
      reason = parse(unescaping: true)
    }
    guard let block else { return nil }
    (unescapesQuotes, self.reason) = (hasEscapes, reason)
    var start = 0
    for row in 0..<min(block.rowCount, Self.mostRows) {
      let end = block.cellCount(toEndOf: row)
      let texts = (start..<end).map(block.text)
      if row == 0 { beginsWithText = !texts.contains(nil) }
      rows.append(texts.map { $0 ?? "" })
      start = end
    }
  }

  /// Whether all rows have as many cells as each other, two at least, and the first one as many or one less.
  private var isRegular: (exactly: Bool, nearly: Bool) {
    guard rows.count > 1, let last = rows.last, last.count > 1 else { return (false, false) }
    let isEven = rows.dropFirst().allSatisfy { $0.count == last.count }
    return (isEven && rows[0].count == last.count, isEven && rows[0].count == last.count - 1)
  }

  /// Whether commas that cut each row into one cell more than there are names may stand before decimals.
  func mayBeDecimals(_ decimal: Table.DecimalMark?) -> Bool {
    guard delimiter == .comma, decimal != .point else { return false }
    let rows = rows.dropFirst()
    let counts =
      rows.enumerated().allSatisfy { Double($1[0]) == Double($0) }
      || rows.enumerated().allSatisfy { Double($1[0]) == Double($0 + 1) }
    return decimal == .comma || rows.allSatisfy { isNumber($0[0], .point) } && (self.rows[0].count == 1 || !counts)
  }

  /// The sample whose rows are the most regular; where none are, that with the most cells in its first row.
  static func likeliest(_ samples: [RowSample], decimal: Table.DecimalMark?) -> RowSample? {
    let regular = samples.filter { sample in
      // Words of a text stand between blanks, too.
      sample.delimiter != .space
        || sample.rows.dropFirst().allSatisfy { row in
          row.contains { sample.isNumber($0, .point) || sample.isNumber($0, .comma) }
        }
    }
    let read = samples.filter { !$0.rows.isEmpty }
    let usual = read.filter { $0.delimiter != .space || read.count == 1 }
    return regular.first { $0.isRegular.exactly } ?? regular.first { $0.isRegular.nearly && !$0.mayBeDecimals(decimal) }
      ?? usual.max { ($0.rows.first?.count ?? 0) < ($1.rows.first?.count ?? 0) }
  }

  /// Whether a cell is a number.
  func isNumber(_ cell: String, _ decimal: Table.DecimalMark) -> Bool {
    let kind = CellKind.of(cell, CellFormat(decimal: decimal)).kind
    return kind == .number || kind == .padded
  }

  /// The mark before decimals, if the cells leave no doubt.
  var decimal: Table.DecimalMark? { decimalComma == nil ? nil : .comma }

  /// Between semicolons, as where decimals have commas, a number such as 1.250, if all with a point are such.
  var ambiguousThousands: String? {
    guard delimiter == .semicolon else { return nil }
    let pointed = rows.dropFirst().joined().filter { $0.contains(".") && isNumber($0, .point) }
    return pointed.allSatisfy { $0.wholeMatch(of: #/[+-]?[1-9]\d{0,2}\.\d{3}/#) != nil } ? pointed.first : nil
  }

  /// The first number with a decimal comma that can be nothing else, if none has a point; between commas, where a comma stands in quotes, if most
  /// are such.
  var decimalComma: String? {
    let cells = rows.dropFirst().joined()
    let commas = cells.filter { $0.contains(",") && isNumber($0, .comma) }
    let clear = commas.filter { NumberLook.thousandsValue($0) == nil }
    guard let first = clear.first, delimiter != .comma || 2 * clear.count > commas.count,
      !cells.contains(where: { $0.contains(".") && isNumber($0, .point) })
    else { return nil }
    return first
  }
}
