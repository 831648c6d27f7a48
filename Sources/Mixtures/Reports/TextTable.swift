/// A table of text with aligned columns: names to the left, numbers to the right.
package struct TextTable {
  private var rows: [[String]]

  /// How many columns hold names; they come first.
  private let nameCount: Int

  package init(header: [String], nameCount: Int = 1) {
    rows = [header]
    self.nameCount = nameCount
  }

  package mutating func append(_ row: [String]) { rows.append(row) }

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
