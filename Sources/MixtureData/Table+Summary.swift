import Foundation

extension Table {
  /// A line for each column: its name, its type, the range of numbers or the levels of categories, and how many cells are
  /// missing.
  public var summary: String {
    let names = columnNames.map(\.printable)
    let width = names.map(\.count).max() ?? 0
    let lines = zip(columnNames, names).compactMap { column, name in
      stored[column].map { name + String(repeating: " ", count: width - name.count + 2) + $0.summary.printable }
    }
    let dropped = droppedRowCount > 0 ? ", \(droppedRowCount) dropped" : ""
    return (["\(source.printable): \(rowCount) rows\(dropped), \(columnNames.count) columns"] + lines).joined(
      separator: "\n")
  }
}

extension StoredColumn {
  fileprivate var summary: String {
    var parts: [String]
    switch values {
    case .numbers(let values):
      parts = ["numbers"]
      let finite = values.lazy.filter(\.isFinite)
      if let least = finite.min(), let greatest = finite.max() {
        parts[0] += String(format: " from %.6g to %.6g", least, greatest)
      }
    case .categories(let levels, _):
      let shown = levels.prefix(5).joined(separator: ", ") + (levels.count > 5 ? ", …" : "")
      parts = ["categories with \(levels.count) \(levels.count == 1 ? "level" : "levels"): \(shown)"]
    }
    if let cell = badCells.first { parts.append("\(badCells.count) not a finite number, the first \"\(cell.text)\"") }
    if !missing.isEmpty { parts.append("\(missing.count) missing") }
    return parts.joined(separator: "; ")
  }
}
