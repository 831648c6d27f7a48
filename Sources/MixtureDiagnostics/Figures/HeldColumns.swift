import Foundation
import MixtureCore
import Mixtures

/// What a figure holds fixed while it is drawn over some columns: the others that the formula reads, each at a value that was asked for, at the
/// mean of numbers, or at the most frequent level. A response of successes has the middle number of trials.
struct HeldColumns {
  /// One row of them.
  private let row: [(name: String, values: Table.Column)]
  /// What is held, each in a few words; what the figure does not depend on is not told.
  private let words: [String]
  /// The number of trials; nil where rows have none.
  let trials: Int?

  /// - Parameters:
  ///   - drawn: the columns that the figure is drawn over.
  ///   - terms: the columns of terms that it depends on.
  ///   - showsResponse: whether it depends on offsets and trials, too.
  ///   - given: values that are asked for, as text.
  /// - Throws: ``FigureError/notHeld(_:reason:)``; `DataError` for a table that does not fit.
  init(
    _ model: FittedMixture, _ table: Table, over drawn: [String], beside terms: [String], showsResponse: Bool,
    at given: [String: String]
  ) throws {
    let (design, formula) = (model.design, model.design.formula)
    let ofSuccesses = formula.failures == nil ? [] : formula.response.flatMap(\.columns)
    let ofTrials = design.trialColumns.filter { !ofSuccesses.contains($0) }
    let known = (terms + (showsResponse ? formula.offsets.flatMap(\.columns) + ofTrials : [])).distinct
    for name in given.keys.sorted() {
      let others = known.filter { !drawn.contains($0) }
      if others.contains(name) { continue }
      let reason =
        drawn.contains(name)
        ? "the figure is drawn over it"
        : others.isEmpty
          ? "the figure depends on no other column" : "the figure depends on \(others.joined(separator: ", "))"
      throw FigureError.notHeld(name, reason: reason)
    }
    let usualTrials = try Self.usualTrials(design, table)
    let row: [(name: String, values: Table.Column)] = try design.columns(of: table, withResponse: false).filter {
      !drawn.contains($0)
    }.map { name in
      if let text = given[name] { return (name, try Self.value(text, of: name, design)) }
      if let usualTrials, design.trialColumns.contains(name) {
        return (name, .numbers([ofSuccesses.contains(name) ? 0 : usualTrials]))
      }
      return (name, try Self.usual(name, design, table))
    }
    self.row = row
    trials = try usualTrials == nil ? nil : Self.trials(design, Table(row), given.keys.first(where: ofTrials.contains))
    let ofColumns = known.filter { terms.contains($0) || !ofTrials.contains($0) }.compactMap { name in
      row.first { $0.name == name }.map { "\(name.start) = \((given[name] ?? Self.text($0.values)).start)" }
    }
    words = ofColumns + (showsResponse ? trials.map { $0 == 1 ? [] : ["\($0) trials"] } ?? [] : [])
  }

  /// Rows with the values of the columns that are drawn over, all of the same length, and the others held.
  func table(with drawn: [String: Table.Column]) throws -> Table {
    let count = drawn.values.first?.count ?? 1
    return try Table(
      row.map { ($0.name, $0.values.repeated(count)) } + drawn.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  /// What is held, in lines for below the figure; none if nothing is, and not many.
  var lines: [String] {
    let mostLines = 3
    var lines: [String] = []
    for (index, word) in words.enumerated() {
      guard let last = lines.last else {
        lines = ["held fixed: \(word)"]
        continue
      }
      if last.count + word.count < 110 {
        lines[lines.count - 1] += ", \(word)"
      } else if lines.count < mostLines {
        lines[lines.count - 1] += ","
        lines.append(word)
      } else {
        lines[lines.count - 1] += ", and \(words.count - index) more"
        break
      }
    }
    return lines
  }

  /// The middle number of trials of the rows that have any; nil where there are none, or the table does not say.
  private static func usualTrials(_ design: Design, _ table: Table) throws -> Double? {
    guard design.trialColumns.allSatisfy(table.columnNames.contains) else { return nil }
    guard let counts = try design.uncountedTrials(of: table).values.first else { return nil }
    let sorted = counts.filter { $0 > 0 }.sorted()
    return sorted.isEmpty ? 1 : sorted[(sorted.count - 1) / 2]
  }

  /// The number of trials of the row.
  private static func trials(_ design: Design, _ row: Table, _ given: String?) throws -> Int? {
    guard let count = try design.uncountedTrials(of: row).values.first?[0] else { return nil }
    guard let whole = Int(exactly: count), whole > 0 else {
      throw FigureError.notHeld(
        given ?? "", reason: "there would be \(text(.numbers([count]))) trials, which are counted from 1 on")
    }
    return whole
  }

  /// A value that is asked for.
  private static func value(_ text: String, of name: String, _ design: Design) throws -> Table.Column {
    if let levels = design.levels(of: name) {
      let number = Double(text)
      guard let code = levels.firstIndex(of: text) ?? levels.firstIndex(where: { number != nil && Double($0) == number })
      else {
        let few = levels.prefix(20).joined(separator: ", ") + (levels.count > 20 ? ", …" : "")
        throw FigureError.notHeld(name, reason: "\"\(text)\" is none of its levels, \(few)")
      }
      return design.column(name, atLevels: [code])
    }
    guard let number = Double(text), number.isFinite else {
      throw FigureError.notHeld(name, reason: "\"\(text)\" is no number")
    }
    return .numbers([number])
  }

  /// The mean, or the most frequent level.
  private static func usual(_ name: String, _ design: Design, _ table: Table) throws -> Table.Column {
    guard let levels = design.levels(of: name) else {
      let numbers = try table.numbers(name)
      return .numbers([numbers.reduce(0, +) / Double(numbers.count)])
    }
    let codes = try table.codes(name, of: levels, knownTo: "the fit")
    let frequencies = codes.reduce(into: levels.map { _ in 0 }) { $0[$1] += 1 }
    return design.column(name, atLevels: [frequencies.indices.max { frequencies[$0] < frequencies[$1] } ?? 0])
  }

  /// A value in a few digits.
  private static func text(_ column: Table.Column) -> String {
    switch column {
    case .numbers(let values):
      String(format: abs(values[0]) < 100 ? "%.3g" : abs(values[0]) < 1e9 ? "%.0f" : "%.4g", values[0])
    case .categories(let levels, let codes): levels[codes[0]]
    }
  }
}

/// What a body says of rows that only a figure has is said of the figure.
func ofFigure<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as DataError {
    throw DataError(error.description.replacing(/^table, row \d+/, with: "at a place of the figure"))
  }
}

extension Table.Column {
  /// As many rows of the only one.
  fileprivate func repeated(_ count: Int) -> Table.Column {
    switch self {
    case .numbers(let values): .numbers(Array(repeating: values[0], count: count))
    case .categories(let levels, let codes): .categories(levels: levels, codes: Array(repeating: codes[0], count: count))
    }
  }
}

extension String {
  /// As much of it as there is room for.
  fileprivate var start: String {
    let most = 30
    guard unicodeScalars.count > most else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(most))) + "…"
  }
}
