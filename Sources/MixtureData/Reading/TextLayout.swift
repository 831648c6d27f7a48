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
    self.source = source
    let preamble = Preamble(of: head)
    let rest = head.dropFirst(preamble.byteCount)
    let candidates = (format.delimiter ?? preamble.delimiter).map { [$0] } ?? Table.Delimiter.allCases
    let samples = candidates.compactMap { RowSample(of: rest, isWhole: isWhole, delimiter: $0) }
    let sample = try Self.likeliest(samples, format, source)
    (delimiter, unescapesQuotes) = (sample.delimiter, sample.unescapesQuotes)
    isDecimalSaid = format.decimal != nil
    decimal = format.decimal ?? (sample.decimalComma == nil ? .point : .comma)
    mayHaveDecimalCommas = sample.mayHaveDecimalCommas
    skippedByteCount = preamble.byteCount
    try Self.checkThatTableStandsAlone(samples, source)
    noteMarks(of: sample, isOneOfSeveral: samples.count > 1)
    try findNames(in: sample, of: rest, below: preamble, format)
    try fitNames(to: sample, format)
  }

  /// The rows as they were most probably meant.
  private static func likeliest(_ samples: [RowSample], _ format: Table.Format, _ source: String) throws -> RowSample {
    if let sample = RowSample.likeliest(samples, decimal: format.decimal), !sample.rows.isEmpty { return sample }
    guard !samples.isEmpty else { throw DataError("\(source): out of memory") }
    // The delimiter that cuts the first row most finely quotes the least; blanks cut cells, too.
    let usual = samples.filter { $0.delimiter != .space || samples.count == 1 }
    guard let reason = usual.compactMap(\.reason).min(by: { $0.count < $1.count }) else {
      throw DataError("\(source): the file is empty")
    }
    throw DataError("\(source), row 1: \(reason)")
  }

  /// Refuses lines in quotes, and a table below other lines.
  private static func checkThatTableStandsAlone(_ samples: [RowSample], _ source: String) throws {
    if let line = samples.first(where: { $0.delimiter == .comma })?.quotedLine {
      throw DataError(
        "\(source): each line is a single cell in quotes (\"\(line.shortened)\"): take away the quotes around the lines")
    }
    if let start = RowSample.startBelowOthers(samples) {
      throw DataError(
        "\(source): the table seems to begin with \"\(start.prefix(3).joined(separator: ", ").shortened)\", below other lines: delete the "
          + "lines above it")
    }
  }

  /// Says what stands between cells and before decimals where that is unusual.
  private mutating func noteMarks(of sample: RowSample, isOneOfSeveral: Bool) {
    if isOneOfSeveral, delimiter == .space || delimiter == .bar {
      notes.append("\(source): \(delimiter.words) stand between the cells")
    }
    if !isDecimalSaid, let cell = sample.decimalComma {
      notes.append("\(source): read \"\(cell)\" as \(cell.replacing(",", with: ".")), with a decimal comma (--decimal)")
    }
  }
}
