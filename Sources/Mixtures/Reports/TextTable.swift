import MixtureData

/// A table of text with aligned columns: names to the left, numbers to the right.
///
/// Where it is wider than there is room, names lose their middles, and if that does not help, columns of numbers go below one another, the
/// names before each block of them. Numbers are never cut.
package struct TextTable {
  private var rows: [[String]]

  /// How many columns hold names; they come first.
  private let nameCount: Int
  /// Whether names may lose their middles.
  private let cutsNames: Bool

  /// The blanks between columns.
  private static let gap = 2
  /// To how many characters names may be cut, and the headings of numbers, to save a block.
  private static let (leastName, leastHeading) = (8, 20)

  /// A table with its first line, of which the first `nameCount` columns hold names. Those of the program itself, which are labels, are not
  /// cut.
  package init(header: [String], nameCount: Int = 1, cutsNames: Bool = true) {
    rows = [header.map(\.printable)]
    self.nameCount = nameCount
    self.cutsNames = cutsNames
  }

  /// Adds a line.
  package mutating func append(_ row: [String]) { rows.append(row.map(\.printable)) }

  /// How many characters wide it is where there is room enough.
  package var width: Int { Self.joined(naturalWidths) }

  /// The lines of the table within a width, nil for any: two spaces between columns and none at the end, and an empty line between blocks.
  package func lines(width: Int? = nil) -> [String] {
    guard let width, width < self.width else { return lines(of: rows[0].indices, naturalWidths) }
    var widths = naturalWidths
    for column in nameCount..<widths.count {
      let body = rows.dropFirst().map { $0[column].count }.max() ?? 0
      widths[column] = min(widths[column], max(body, Self.leastHeading))
    }
    let least = (0..<nameCount).map(leastWidth)
    let room = width - least.reduce(0) { $0 + $1 + Self.gap }
    let blocks = blocks(of: widths, within: room)
    let widest = blocks.map { Self.joined(Array(widths[$0])) }.max() ?? 0
    shorten(&widths, to: width - widest, least: least)
    return Array(blocks.map { lines(of: Array(0..<nameCount) + $0, widths) }.joined(separator: [""]))
  }

  private var naturalWidths: [Int] { rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 } }

  private static func joined(_ widths: [Int]) -> Int { widths.reduce(0, +) + gap * max(0, widths.count - 1) }

  /// How narrow a column of names may be: numbers among them stay whole.
  private func leastWidth(_ column: Int) -> Int {
    rows.map { cutsNames && Double($0[column]) == nil ? min($0[column].count, Self.leastName) : $0[column].count }.max()
      ?? 0
  }

  /// The columns of numbers, in blocks that are as wide as there is room, of one column at least.
  private func blocks(of widths: [Int], within room: Int) -> [Range<Int>] {
    (nameCount..<widths.count).reduce(into: []) { blocks, column in
      if let last = blocks.last, Self.joined(Array(widths[last.lowerBound...column])) <= room {
        blocks[blocks.count - 1] = last.lowerBound..<(column + 1)
      } else {
        blocks.append(column..<(column + 1))
      }
    }
  }

  /// Takes from the widest columns of names until all have room, with the gaps behind them, or none is wider than it must be.
  private func shorten(_ widths: inout [Int], to room: Int, least: [Int]) {
    while (0..<nameCount).reduce(0, { $0 + widths[$1] + Self.gap }) > room {
      let longer = (0..<nameCount).filter { widths[$0] > least[$0] }
      guard let widest = longer.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }

  private func lines(of columns: some Sequence<Int>, _ widths: [Int]) -> [String] {
    rows.map { row in
      let cells = columns.map { column in
        let text = row[column].cut(to: widths[column])
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return column < nameCount ? text + padding : padding + text
      }
      let line = cells.joined(separator: String(repeating: " ", count: Self.gap))
      return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
  }
}

extension String {
  /// Its beginning and its end, with … for the middle where it is longer than `length`.
  fileprivate func cut(to length: Int) -> String {
    count <= length ? self : "\(prefix(length / 2))…\(suffix(max(0, length - 1 - length / 2)))"
  }
}
