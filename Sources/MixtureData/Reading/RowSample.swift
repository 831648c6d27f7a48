import Foundation
import MixtureCore

/// The first rows of a text, cut up by one delimiter.
struct RowSample {
  let delimiter: Table.Delimiter
  private(set) var rows: [[String]] = []
  /// Why the rest is no CSV.
  let reason: String?
  /// Whether backslashes escape quotes.
  let unescapesQuotes: Bool
  /// Whether the second row begins with a cell in quotes.
  private let secondRowIsQuoted: Bool
  /// Whether the first row is text in UTF-8.
  private(set) var beginsWithText = true
  /// The first number with a decimal comma that can be nothing else, if none has a point; between commas, where a comma stands in quotes, if most
  /// are such.
  private(set) var decimalComma: String?

  /// Whether some number can only have a decimal comma, though not most of those with a comma, and none has a point.
  private(set) var mayHaveDecimalCommas = false

  private let points = CellFormat()
  private let commas = CellFormat(decimal: .comma)

  /// More rows tell no more.
  private static let mostRows = 200

  /// Nil without memory.
  init?(of text: Data, isWhole: Bool, delimiter: Table.Delimiter) {
    self.delimiter = delimiter
    secondRowIsQuoted = text.dropFirst(Preamble.lineLength(in: text, isQuoted: true)).first == UInt8(ascii: "\"")
    var block = CellBlock(delimiter: delimiter.byte, cells: points)
    func parse(unescaping: Bool) -> String? {
      var changed = RowText(collapsesBlanks: delimiter == .space, unescapesQuotes: unescaping)
      let reason = block?.parse(changed.changed(text))
      return reason == nil && isWhole ? block?.finish() : reason
    }
    var reason = parse(unescaping: false)
    let hasEscapes = reason != nil && text.firstRange(of: Data("\\\"".utf8)) != nil
    if hasEscapes {
      block = CellBlock(delimiter: delimiter.byte, cells: points)
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
    findDecimalComma()
  }

  private mutating func findDecimalComma() {
    let cells = rows.dropFirst().joined()
    let commas = cells.filter { $0.contains(",") && isNumber($0, .comma) }
    let clear = commas.filter { NumberLook.thousandsValue($0) == nil }
    guard let first = clear.first, !cells.contains(where: { $0.contains(".") && isNumber($0, .point) }) else { return }
    mayHaveDecimalCommas = true
    if delimiter != .comma || 2 * clear.count > commas.count { decimalComma = first }
  }

  /// Whether all rows have as many cells as each other, two at least, and the first one as many or one less.
  private var isRegular: (exactly: Bool, nearly: Bool) {
    guard rows.count > 1, let last = rows.last, last.count > 1 else { return (false, false) }
    let isEven = rows.dropFirst().allSatisfy { $0.count == last.count }
    return (isEven && rows[0].count == last.count, isEven && rows[0].count == last.count - 1)
  }

  /// Whether each row ends in an empty cell.
  private var endsEmpty: Bool { rows.dropFirst().allSatisfy { $0.last == "" } }

  /// Whether commas, or blanks, that cut each row into more cells than there are names may stand within numbers: before decimals, or between
  /// thousands. Row names in quotes leave no doubt.
  func mayCutNumbers(_ decimal: Table.DecimalMark?) -> Bool {
    guard decimal != .point, !secondRowIsQuoted, let first = rows.dropFirst().first else { return false }
    let isPart = delimiter == .comma ? #/\d+(?:[eE][+-]?\d+)?/# : #/\d{3}(?:[.,]\d+)?/#
    guard delimiter == .comma || delimiter == .space else { return false }
    return first.indices.dropLast().contains { index in
      rows.dropFirst().allSatisfy {
        $0.count == first.count && $0[index].wholeMatch(of: #/[+-]?\d+/#) != nil
          && $0[index + 1].wholeMatch(of: isPart) != nil
      }
    }
  }

  /// The row at which a table begins below lines of other lengths, if no sample has rows of one length throughout.
  static func startBelowOthers(_ samples: [RowSample]) -> [String]? {
    guard !samples.contains(where: { $0.isRegular.exactly || $0.isRegular.nearly }) else { return nil }
    let starts = samples.filter { $0.delimiter != .space }.compactMap { sample -> [String]? in
      guard let count = sample.rows.last?.count, count > 1, let start = sample.rows.lastIndex(where: { $0.count != count }),
        start < 20, sample.rows.count - start > 3, !sample.endsEmpty,
        sample.rows[...start].allSatisfy({ $0.count < count }),
        sample.rows[start + 2].contains(where: { sample.isNumber($0, .point) || sample.isNumber($0, .comma) })
      else { return nil }
      return sample.rows[start + 1]
    }
    return starts.max { $0.count < $1.count }
  }

  /// Whether the first cells can name the rows: no two are alike, and they are in quotes, are no numbers, or count the rows.
  var firstCellsNameRows: Bool {
    let first = rows.dropFirst().compactMap(\.first)
    guard Set(first).count == first.count else { return false }
    let start = first.first.flatMap { Int($0) }
    return secondRowIsQuoted || !first.contains { isNumber($0, .point) || isNumber($0, .comma) }
      || first.enumerated().allSatisfy { index, cell in
        start.map { $0 < 2 && $0 >= 0 && cell == String($0 + index) } ?? false
      }
  }

  /// What stands in the first line if each line is a single cell in quotes with the cells of a row in it.
  var quotedLine: String? {
    guard delimiter == .comma, rows.count > 1, let first = rows.first?.first,
      case let count = first.count(where: { $0 == "," }), count > 0,
      rows.allSatisfy({ $0.count == 1 && $0[0].count { $0 == "," } == count })
    else { return nil }
    return first
  }

  /// The sample whose rows are the most regular; where none are, that with the most cells in its first row.
  static func likeliest(_ samples: [RowSample], decimal: Table.DecimalMark?) -> RowSample? {
    // Words of a text stand between blanks, too.
    let candidates = samples.filter { $0.delimiter != .space || $0.hasNumberInEachRow }
    let exact = candidates.filter { $0.isRegular.exactly }
    let near = candidates.filter { $0.isRegular.nearly }
    if let sample = exact.first(where: { $0.delimiter != .space }) { return sample }
    if let sample = near.first(where: { $0.endsEmpty }) { return sample }
    if let sample = exact.first { return sample }
    if let sample = near.first(where: { !$0.mayCutNumbers(decimal) }) { return sample }
    // Several names say that blanks stand between cells, whatever else they cut.
    if let sample = near.first(where: { $0.delimiter == .space && $0.rows[0].count > 1 }) { return sample }
    let read = samples.filter { !$0.rows.isEmpty }
    let usual = read.filter { $0.delimiter != .space || read.count == 1 }
    return usual.max { $0.rows[0].count < $1.rows[0].count }
  }

  /// Whether each row but the first has a number.
  private var hasNumberInEachRow: Bool {
    rows.dropFirst().allSatisfy { row in row.contains { isNumber($0, .point) || isNumber($0, .comma) } }
  }

  /// Whether a cell is a number.
  func isNumber(_ cell: String, _ decimal: Table.DecimalMark) -> Bool {
    let kind = CellKind.of(cell, decimal == .point ? points : commas).kind
    return kind == .number || kind == .code
  }
}
