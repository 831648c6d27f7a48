import Foundation
import MixtureCore

/// How the text of a table is laid out, as its format says or its first rows show.
struct TextLayout {
  /// The name of the file, for messages.
  let source: String
  /// What stands between cells.
  let delimiter: Table.Delimiter
  /// What stands before decimals.
  let decimal: Table.DecimalMark
  /// Whether that was said.
  let isDecimalSaid: Bool
  /// Whether a number with a comma may have decimals behind it, though the mark is the point.
  let mayHaveDecimalCommas: Bool
  /// The bytes before the first row of data: notes, and the header.
  var skippedByteCount: Int
  /// The names of the columns.
  var names: [String] = []
  /// How many empty cells stand at the end of each row, behind those of the columns.
  var trailingCellCount = 0
  /// Whether backslashes escape quotes.
  let unescapesQuotes: Bool
  /// Whether the first column has no name, or the header none for it.
  var hasUnnamedFirst = false
  /// Whether the header has no name for the first column, which names the rows.
  var isHeaderShorter = false
  /// What was found out and should be known.
  var notes: [String] = []

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
    let preamble = Preamble(of: head)
    let candidates = (format.delimiter ?? preamble.delimiter).map { [$0] } ?? Table.Delimiter.allCases
    let rest = head.dropFirst(preamble.byteCount)
    let samples = candidates.compactMap { RowSample(of: rest, isWhole: isWhole, delimiter: $0) }
    guard let sample = RowSample.likeliest(samples, decimal: format.decimal), !sample.rows.isEmpty else {
      if let reason = samples.compactMap(\.reason).first { throw CSVReader.broken(reason, in: rest, "\(source), row 1") }
      throw DataError("\(source): " + (samples.isEmpty ? "out of memory" : "the file is empty"))
    }
    if let line = samples.first(where: { $0.delimiter == .comma })?.quotedLine {
      throw DataError(
        "\(source): each line is a single cell in quotes (\"\(line.shortened)\"): take away the quotes around the lines")
    }
    self.source = source
    (delimiter, unescapesQuotes) = (sample.delimiter, sample.unescapesQuotes)
    isDecimalSaid = format.decimal != nil
    decimal = format.decimal ?? (sample.decimalComma == nil ? .point : .comma)
    mayHaveDecimalCommas = sample.mayHaveDecimalCommas
    skippedByteCount = preamble.byteCount
    if let start = RowSample.startBelowOthers(samples) {
      throw DataError(
        "\(source): the table seems to begin with \"\(start.prefix(3).joined(separator: ", ").shortened)\", below other lines: delete the "
          + "lines above it")
    }
    if samples.count > 1, delimiter == .space || delimiter == .bar {
      notes.append("\(source): \(delimiter.words) stand between the cells")
    }
    if !isDecimalSaid, let cell = sample.decimalComma {
      notes.append("\(source): read \"\(cell)\" as \(cell.replacing(",", with: ".")), with a decimal comma (--decimal)")
    }
    try findNames(in: sample, of: rest, below: preamble, format)
    try fitNames(to: sample, format)
  }
}
