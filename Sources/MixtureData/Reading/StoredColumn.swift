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
  /// Whether somebody said that it holds categories, whatever these look like.
  var isDeclared = false
  /// What a user should know of how it was read.
  var note: String?
}

// MARK: What text looks like

extension StoredColumn {
  /// What a code has.
  static func wordsOfCode(_ text: String) -> String {
    text.hasPrefix("0") ? "has a leading zero, as codes have" : "has more digits than a number keeps, as codes have"
  }

  /// More levels tell no more of what they look like.
  private static let mostLooks = 300
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

  /// The first level, if all begin with a number and look like nothing that is known: what they are is for somebody to say who sees them.
  var numberedLevel: String? {
    guard case .categories(let levels, _) = values, !isDeclared, levels.count > 1,
      levels.prefix(Self.mostLooks).allSatisfy(NumberLook.beginsWithNumber), look == nil
    else { return nil }
    return levels[0]
  }

  /// The first level with blanks at its ends, if one without them is there, too.
  var paddedLevel: String? {
    guard case .categories(let levels, _) = values else { return nil }
    let padded = levels.filter { $0.first?.isWhitespace == true || $0.last?.isWhitespace == true }
    let all = padded.isEmpty ? [] : Set(levels)
    return padded.first { all.contains($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// What numbers may stand for that is no number: codes for missing cells, and dates without marks.
  var oddNumbers: String? {
    guard case .numbers(let numbers) = values, numbers.count >= 5 else { return nil }
    let (least, greatest) = numbers.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    func note(_ isCode: (Double) -> Bool) -> String {
      let found = numbers.filter(isCode), words = Set(found).sorted().prefix(3).map(FormulaText.number)
      return
        "\(words.inSentence) \(words.count == 1 ? "stands" : "stand") in \(found.count) row\(found.count == 1 ? "" : "s"), far from all other numbers: if "
        + "that says that something is missing, say --na NA,\(words.joined(separator: ","))"
    }
    if Self.codes.contains(-least), numbers.allSatisfy({ $0 >= 0 || Self.codes.contains(-$0) || $0.isNaN }) {
      return note { $0 < 0 }
    }
    if Self.codes.contains(greatest), greatest >= 99,
      numbers.allSatisfy({ $0 == greatest || abs($0) < greatest / 5 || $0.isNaN })
    {
      return note { $0 == greatest }
    }
    // Of a day alone, to the minute, or to the second.
    guard least < greatest,
      [1, 1e4, 1e6].contains(where: { unit in
        least >= 19_000_101 * unit && greatest < 21_010_101 * unit
          && numbers.allSatisfy { $0 == $0.rounded() ? Self.isDate(($0 / unit).rounded(.down)) : $0.isNaN }
      })
    else { return nil }
    return "\(FormulaText.number(numbers[0])) and all others look like dates: as numbers, months are a hundred apart"
  }

  /// Nines and other numbers by which files say that something is missing: the ends of whole numbers of some bytes, and the fill values of
  /// netCDF and of rasters.
  private static let codes: Set<Double> = [
    9, 99, 999, 9999, 99_999, 999_999, 9_999_999, 9.99, 99.9, 99.99, 999.9, 999.99, 9999.9, 888, 8888, 32_768, 65_535,
    2_147_483_647,
    2_147_483_648, 1e20, 9.96921e36, 3.40282e38,
  ]

  /// Whether a number is a year of four digits, a month and a day.
  private static func isDate(_ number: Double) -> Bool {
    guard number == number.rounded() else { return number.isNaN }
    let day = Int(number) % 100, month = Int(number) / 100 % 100
    return (1...31).contains(day) && (1...12).contains(month)
  }
}
