import ArgumentParser
import Foundation
import Mixtures

/// How the data are written, where a look at the first rows does not tell.
struct ReadingOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Whether the first line names the columns (default: yes); without names they are called 1, 2 and so on.")
  var header: Bool?

  @Option(
    help: "What separates the cells, by name or as a character (default: found in the first rows).")
  var delimiter: Table.Delimiter?

  @Option(
    help: ArgumentHelp(
      "The decimal mark (default: found in the first rows).", valueName: ".|,"))
  var decimal: Table.DecimalMark?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The words that stand for a missing value, as empty cells do, separated by commas (default: \(ReadingOptions.usualMissing)).",
      valueName: "NA,..."))
  var na: String?

  @Option(
    help: ArgumentHelp(
      "What to do where a cell that is used is missing: stop with an error, or drop the row and say how many were dropped.",
      valueName: "error|drop"))
  var missing: MissingCells = .error

  @Option(
    help: ArgumentHelp(
      "The encoding of the text, such as latin1, windows-1252 or utf-16 (default: UTF-8, or UTF-16 if the file begins like it).",
      valueName: "NAME"))
  var encoding: String?

  @Flag(name: .customLong("drop-missing"), help: .hidden)
  var formerDropMissing = false

  /// What becomes of rows with missing cells.
  enum MissingCells: String, CaseIterable, ExpressibleByArgument {
    case error, drop
  }

  private static var usualMissing: String { Table.Format.usualMissing.sorted().joined(separator: ",") }

  func validate() throws {
    guard !formerDropMissing else { throw ValidationError("--drop-missing is --missing drop now: say --missing drop") }
  }

  /// Reads a table, and says what was found out about its text.
  ///
  /// - Parameter missing: the words for missing cells of a fit, which hold unless others are given.
  func read(_ path: String, missingInFit missing: Set<String>? = nil) throws -> Table {
    let own = na.map { Set($0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }) }
    if let missing, own == nil {
      Console.errors.write(
        line:
          "\(path): as in the fit, cells are missing that are empty or hold \(missing.sorted().joined(separator: ", ")) (--na)"
      )
    }
    let table = try Table(
      path: path,
      format: Table.Format(
        hasHeader: header, delimiter: delimiter, decimal: decimal,
        missing: own ?? missing ?? Table.Format.usualMissing, encoding: encoding))
    for note in table.notes { Console.errors.write(line: note) }
    return table
  }

  /// The table as the columns that are used allow: without the rows in which one of them is missing, if those are to go.
  func prepared(_ table: Table, using columns: (Table) -> [String]) throws -> Table {
    let columns = columns(table)
    for note in table.notes(on: columns) { Console.errors.write(line: note) }
    guard missing == .drop else { return table }
    let kept = try table.droppingRows(withMissingIn: columns)
    let count = kept.droppedRowCount
    Console.errors.write(
      line: count == 0
        ? "\(table.source): no row has a missing cell in a column that is used"
        : "\(table.source): left out \(count) row\(count == 1 ? "" : "s") with missing cells: \(try table.missingCells(in: columns))"
    )
    return kept
  }

  /// Columns of what is said of a table's rows, the first the number of the row in the file if some may have gone.
  func numbered(_ columns: [NamedColumn], of table: Table) -> [NamedColumn] {
    missing == .drop ? [(column: "row", values: table.fileRows.map(Double.init))] + columns : columns
  }
}

extension Table.Delimiter: ExpressibleByArgument {
  /// The name of a delimiter, or the character itself, a tab also as programs write it.
  public init?(argument: String) {
    let mark = argument == "\\t" ? "\t" : argument
    guard let delimiter = Self(rawValue: argument) ?? Self.allCases.first(where: { $0.mark == mark }) else {
      return nil
    }
    self = delimiter
  }
}
extension Table.DecimalMark: ExpressibleByArgument {}
