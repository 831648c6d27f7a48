import Foundation
import MixtureCore

/// Named columns of equal length, of numbers or of categories, read from a file or made in memory.
public struct Table: Sendable {
  /// A column's values, one a row.
  public enum Column: Sendable, Equatable {
    /// Finite numbers.
    case numbers([Double])
    /// Categories: row i has the level `levels[codes[i]]`.
    case categories(levels: [String], codes: [Int])

    /// The number of rows.
    public var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .categories(_, let codes): codes.count
      }
    }

    /// What the values stand for.
    public var kind: ColumnSchema.Kind {
      switch self {
      case .numbers: .number
      case .categories(let levels, _): .category(levels: levels)
      }
    }
  }

  /// The columns' names, in order.
  public let columnNames: [String]
  /// The number of rows.
  public let rowCount: Int

  /// How many rows ``droppingRows(withMissingIn:)`` left out.
  public let droppedRowCount: Int

  /// Where the table comes from, for messages: the path of a file.
  public let source: String
  /// The columns by name.
  let stored: [String: StoredColumn]
  static let sourceInMemory = "table"
  /// The numbers that the rows have in the file, from 1; nil if they are counted without gaps.
  let rowNumbers: [Int]?
  /// What was found out about the text that it was read from, and should be known; one sentence each.
  public let notes: [String]
  /// The columns that name or count the rows, and so explain nothing.
  public let rowNames: [String]
  /// The cells that were missing beside empty ones, if that was said: other than ``Format/usualMissing``. Nil for a table in memory.
  public let missingWords: Set<String>?

  /// A table of columns in memory.
  ///
  /// - Throws: `DataError` for two columns of one name, columns of different lengths, a number that is not finite, or a code
  ///   that is no level's.
  public init(_ columns: [(name: String, values: Column)]) throws {
    rowCount = columns.first?.values.count ?? 0
    for (name, values) in columns {
      guard values.count == rowCount else { throw DataError("column \(name) has \(values.count) rows, not \(rowCount)") }
      switch values {
      case .numbers(let numbers):
        if let row = numbers.firstIndex(where: { !$0.isFinite }) {
          throw DataError("column \(name), row \(row + 1): \(numbers[row]) is not a finite number")
        }
      case .categories(let levels, let codes):
        if let row = codes.firstIndex(where: { !levels.indices.contains($0) }) {
          throw DataError("column \(name), row \(row + 1): \(codes[row]) is not the code of a level")
        }
      }
    }
    let names = columns.map(\.name)
    if let twice = names.firstRepeated {
      throw DataError("two columns are called \"\(twice)\"")
    }
    columnNames = names
    source = Self.sourceInMemory
    stored = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, StoredColumn(values: $0.values, isDeclared: true)) })
    rowNumbers = nil
    droppedRowCount = 0
    notes = []
    rowNames = []
    missingWords = nil
  }

  /// A table of columns that were read, of equal length.
  init(
    source: String, columnNames: [String], stored: [String: StoredColumn], rowNumbers: [Int]? = nil,
    droppedRowCount: Int = 0, notes: [String] = [], rowNames: [String] = [], missingWords: Set<String>? = nil
  ) {
    (self.notes, self.rowNames, self.missingWords) = (notes, rowNames, missingWords)
    self.source = source
    self.columnNames = columnNames
    self.stored = stored
    self.rowNumbers = rowNumbers
    self.droppedRowCount = droppedRowCount
    rowCount = columnNames.first.flatMap { stored[$0]?.values.count } ?? 0
  }

  /// What the columns are, in order.
  public var columns: [ColumnSchema] {
    columnNames.compactMap { name in stored[name].map { ColumnSchema(name, $0.values.kind) } }
  }

  /// The values in a column.
  ///
  /// - Throws: `DataError` if there is none of that name, or naming its first cell that is missing or, in a column of numbers,
  ///   no finite number.
  /// - Complexity: O(1).
  public func column(_ name: String) throws -> Column {
    let column = try stored(name)
    if let cell = column.unclearCell { throw unclear(cell, name) }
    let (missing, bad) = (column.missing.first, column.badCells.first)
    if let missing, missing.row < bad?.row ?? .max { throw self.missing(missing, name) }
    if let bad { throw notFinite(bad, name) }
    return column.values
  }

  /// The numbers in a column.
  ///
  /// - Throws: `DataError` as ``column(_:)``, and for a column of categories, naming its first cell that is no number.
  public func numbers(_ name: String) throws -> [Double] {
    let column = try stored(name)
    if case .categories(let levels, let codes) = column.values, source != Self.sourceInMemory {
      let cells = CellFormat(decimal: column.decimal)
      let isNumber = levels.map { CellKind.of($0, cells).kind == .number }
      if let row = codes.firstIndex(where: { $0 >= 0 && !isNumber[$0] }), row < column.missing.first?.row ?? .max {
        throw notFinite(BadCell(row: row, text: levels[codes[row]]), name, ofText: true)
      }
    }
    guard case .numbers(let values) = try self.column(name) else {
      throw DataError("\(source): column \"\(name)\" holds categories, not numbers")
    }
    return values
  }

  /// The column as it was read, with its missing and wrong cells.
  func stored(_ name: String) throws -> StoredColumn {
    guard let column = stored[name] else { throw DataError.noColumn(name, in: source, columns: columnNames) }
    return column
  }

  func missing(_ cell: BadCell, _ column: String) -> DataError {
    DataError(
      "\(cellName(cell.row, column)): \"\(cell.text)\" is a missing cell; fill it in, or leave out such rows (--missing drop)"
        + (cell.text.isEmpty ? "" : "; if it is a value, list what is missing without it (--na)"))
  }

  /// A number with a point that may set thousands apart.
  func unclear(_ cell: BadCell, _ column: String) -> DataError {
    DataError(
      "\(cellName(cell.row, column)): \"\(cell.text)\" may be \(cell.text.replacing(".", with: "")) or \(cell.text): say --decimal . if the point stands "
        + "before decimals; if it sets thousands apart, write numbers without it")
  }

  func notFinite(_ cell: BadCell, _ column: String, ofText isOfText: Bool = false) -> DataError {
    let text = cell.text.beginning
    return DataError(
      "\(cellName(cell.row, column)): \"\(text)\" \(wordsOfNoNumber(text, in: column, ofText: isOfText))")
  }

  /// What is wrong with text where a number is needed, and what to do: the end of a sentence that quotes it.
  private func wordsOfNoNumber(_ text: String, in column: String, ofText isOfText: Bool) -> String {
    if let look = NumberLook.of(text, stored[column]?.decimal ?? .point) { return look.words }
    switch CellKind.of(text).kind {
    case .code:
      let advice = isOfText ? "a number is needed here" : "if it is one, say factor(\(FormulaText.name(column)))"
      return "\(StoredColumn.wordsOfCode(text)): \(advice)"
    case .text: return "is not a finite number; \(advice(on: text, in: column, ofText: isOfText))"
    default: return "is not a finite number"
    }
  }

  private static let logicalWords = ["true", "false", "t", "f", "yes", "no"]

  /// What to do about text where a number is needed: as units stand in the first row only, and totals and remarks in the last.
  private func advice(on text: String, in column: String, ofText isOfText: Bool) -> String {
    if Self.logicalWords.contains(text.lowercased()) { return "write 1 and 0 for yes and no" }
    if isOfText { return "the column holds text, and numbers are needed" }
    if text == column { return "the names of the columns stand there again: delete the row" }
    let rows = stored[column]?.badCells.map(\.row) ?? []
    switch rows.first {
    case 0 where rows.count == 1: return "if the first row holds units or more names, delete it"
    case rowCount - 1: return "if the last row is a total or a remark, delete it"
    default:
      return NumberLook.beginsWithNumber(text)
        ? "write the number alone, or say factor(\(FormulaText.name(column))) if these are categories"
        : "if it says that something is missing, add it to --na"
    }
  }

  /// The number of each row in the file, from 1.
  package var fileRows: [Int] { rowNumbers ?? Array(1...max(rowCount, 1)) }

  /// What should be known of how some columns were read.
  ///
  /// - Complexity: a few passes over these columns.
  package func notes(on columns: [String]) -> [String] {
    columns.compactMap { name in stored[name].flatMap { $0.note ?? $0.note(on: name, in: source) } }
  }

  /// The place of a row, for messages.
  package func rowName(_ row: Int) -> String { "\(source), row \(rowNumbers?[row] ?? row + 1)" }

  /// The place of a cell, for messages.
  package func cellName(_ row: Int, _ column: String) -> String { "\(rowName(row)), column \"\(column)\"" }
}

extension DataError {
  /// No column of that name.
  static func noColumn(_ name: String, in source: String, columns: [String]) -> DataError {
    let start =
      "\(source): no column \"\(name.withVisibleBlanks)\"; there are \(columns.map(\.withVisibleBlanks).joined(separator: ", "))"
    if columns.contains(where: { $0.contains(#/[,;|\t]/#) }) {
      return DataError("\(start); if these are several names in one, say what stands between cells (--delimiter)")
    }
    guard let near = columns.first(where: { $0.lettersOfName == name.lettersOfName }) else { return DataError(start) }
    if near.withVisibleBlanks != near {
      return DataError("\(start); one of these has characters that nobody sees: write it without them")
    }
    let written = FormulaText.name(near)
    return DataError(
      "\(start); "
        + (written == near ? "did you mean \(near)?" : "in a formula, \(near) is written \(written), in backquotes"))
  }
}

extension String {
  /// What is left of the name of a column where programs write others instead of blanks and marks.
  fileprivate var lettersOfName: String {
    String(
      String.UnicodeScalarView(
        lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }))
  }
}
