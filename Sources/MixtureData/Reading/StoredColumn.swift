import Foundation
import MixtureCore

/// A cell that is missing, or that its column cannot use: its row in the table, counted from 0, and its text.
struct BadCell: Sendable {
  var row: Int
  var text: String
}

/// A column with the cells that are missing or wrong.
struct StoredColumn: Sendable {
  /// NaN or code −1 where a cell is missing or wrong.
  var values: Table.Column
  /// The missing cells, in order.
  var missing: [BadCell] = []
  /// The cells that are no finite number, of a column of numbers.
  var badCells: [BadCell] = []
  /// What stands before the decimals of the numbers of its file.
  var decimal = Table.DecimalMark.point
  /// A number that may be another, of which nobody can tell: an error once the column is asked for.
  var unclearCell: BadCell?
  /// Whether somebody said what it holds, whatever that looks like.
  var isDeclared = false
  /// What a user should know of how it was read; for what else there is to say see ``note(on:in:)``.
  var note: String?
}

// MARK: What text looks like

extension StoredColumn {
  /// What a code has.
  static func wordsOfCode(_ text: String) -> String {
    text.hasPrefix("0") ? "has a leading zero, as codes have" : "has more digits than a number keeps, as codes have"
  }

  /// More levels tell no more of what they look like.
  static let mostLooks = 300
  /// With as many numbers among few other texts, these are hardly categories.
  private static let manyNumbers = 10

  /// What the text of a column of categories was probably meant as: the end of a sentence, and the level that it is about. Nil for categories.
  ///
  /// Half of the levels or more look like numbers or dates; all are numbers with one unit; or all but a few are numbers.
  var look: (level: String, words: String)? {
    guard case .categories(let levels, _) = values, !isDeclared else { return nil }
    let (patterns, cells) = (NumberLook.Patterns(decimal), CellFormat(decimal: decimal))
    let first = levels.prefix(Self.mostLooks)
    let looks = first.map { level in
      (level: level, look: patterns.look(of: level), isNumber: CellKind.of(level, cells).kind == .number)
    }
    if 2 * looks.count(where: { $0.look != nil || $0.isNumber }) >= first.count,
      let odd = looks.first(where: { $0.look != nil }), let look = odd.look
    {
      return (odd.level, look.words)
    }
    let (numbers, texts) = (looks.filter(\.isNumber).map(\.level), looks.filter { !$0.isNumber }.map(\.level))
    if NumberLook.haveOneUnit(texts), numbers.allSatisfy({ $0 == "0" }) {
      return (texts[0], (NumberLook.of(texts[0]) ?? .unit).words)
    }
    guard let text = texts.first, texts.count <= 3 else { return nil }
    let isOfNumbers =
      numbers.count >= Self.manyNumbers || numbers.count > 1 && numbers.contains { !$0.allSatisfy(\.isNumber) }
    guard isOfNumbers || (numbers.count > 1 && texts.allSatisfy(NumberLook.maySayMissing)) else { return nil }
    return (text, "stands among numbers: if it says that something is missing, add it to --na")
  }
}
