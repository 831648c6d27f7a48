import Foundation
import MixtureData

/// A table of text with aligned columns: names to the left, numbers to the right.
package struct TextTable {
  private var rows: [[String]]

  /// How many columns hold names; they come first.
  private let nameCount: Int

  /// A table with its first line, of which the first `nameCount` columns hold names.
  package init(header: [String], nameCount: Int = 1) {
    rows = [header.map(\.printable)]
    self.nameCount = nameCount
  }

  /// Adds a line.
  package mutating func append(_ row: [String]) { rows.append(row.map(\.printable)) }

  /// The lines of the table, two spaces between columns and none at the end.
  package var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column < nameCount ? row[column] + padding : padding + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
  }
}

/// Five digits that count, zeros among them, so that all numbers are equally precise.
package func significant(_ value: Double) -> String {
  let text = String(format: "%#.5g", value)
  return text.hasSuffix(".") ? String(text.dropLast()) : text
}
