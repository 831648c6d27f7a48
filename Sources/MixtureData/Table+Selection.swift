import MixtureCore

extension Table {
  /// The table with the rows of each group next to one another, as a fit of groups needs them: groups in the order of their
  /// first rows, and the rows of a group as they were.
  ///
  /// - Parameter name: the column whose equal values make a group.
  /// - Returns: the table, and for each row of this one the number of its group, from zero.
  /// - Throws: `DataError` if there is no such column, or a cell of it is missing or wrong.
  public func gatheringGroups(of name: String) throws -> (table: Table, groups: [Int]) {
    let groups =
      switch try column(name) {
      case .numbers(let values): Self.numbered(values)
      case .categories(_, let codes): Self.numbered(codes)
      }
    // Sorting by group and then by row keeps the order within groups.
    let rows = groups.indices.sorted { (groups[$0], $0) < (groups[$1], $1) }
    return (selecting(rows, droppedRowCount: droppedRowCount), groups)
  }

  /// The number of each row's label, in the order of their first rows.
  private static func numbered<Label: Hashable>(_ labels: [Label]) -> [Int] {
    var numbers: [Label: Int] = [:]
    return labels.map { label in
      let number = numbers[label] ?? numbers.count
      numbers[label] = number
      return number
    }
  }

  /// The given rows, in that order, each at most once. Levels that none of them has go.
  func selecting(_ rows: [Int], droppedRowCount: Int) -> Table {
    var newRow = [Int](repeating: -1, count: rowCount)
    for (new, old) in rows.enumerated() { newRow[old] = new }
    let stored = stored.mapValues { column in
      var column = column
      column.values =
        switch column.values {
        case .numbers(let values): .numbers(rows.map { values[$0] })
        case .categories(let levels, let codes): Self.withUsedLevels(levels, codes: rows.map { codes[$0] })
        }
      func moved(_ cells: [BadCell]) -> [BadCell] {
        cells.compactMap { newRow[$0.row] < 0 ? nil : BadCell(row: newRow[$0.row], text: $0.text) }
          .sorted { $0.row < $1.row }
      }
      (column.missing, column.badCells) = (moved(column.missing), moved(column.badCells))
      return column
    }
    return Table(
      source: source, columnNames: columnNames, stored: stored, rowNumbers: rows.map { rowNumbers?[$0] ?? $0 + 1 },
      droppedRowCount: droppedRowCount, notes: notes, rowNames: rowNames, missingWords: missingWords)
  }

  /// The levels that occur among the codes, which may be −1 where a cell is missing.
  private static func withUsedLevels(_ levels: [String], codes: [Int]) -> Column {
    var newCode = [Int](repeating: -1, count: levels.count)
    for code in codes where code >= 0 { newCode[code] = 0 }
    let used = levels.indices.filter { newCode[$0] == 0 }
    for (new, old) in used.enumerated() { newCode[old] = new }
    return .categories(levels: used.map { levels[$0] }, codes: codes.map { $0 < 0 ? -1 : newCode[$0] })
  }
}
