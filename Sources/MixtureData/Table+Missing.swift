import MixtureCore

extension Table {
  /// The number of missing cells in a column.
  ///
  /// - Throws: `DataError` if there is none of that name.
  public func missingCellCount(_ name: String) throws -> Int { try stored(name).missing.count }

  /// The table without the rows in which a cell of the named columns is missing.
  ///
  /// Name the columns that will be used: a gap in another one costs no row. Messages about the rows that stay still give
  /// their numbers in the file. A level that no row has any more goes as well.
  ///
  /// - Parameter names: the columns; nil for all.
  /// - Returns: the table, whose ``droppedRowCount`` counts the rows that went.
  /// - Throws: `DataError` if a column does not exist, or no row is left.
  public func droppingRows(withMissingIn names: [String]? = nil) throws -> Table {
    var isDropped = [Bool](repeating: false, count: rowCount)
    for name in names ?? columnNames {
      for cell in try stored(name).missing { isDropped[cell.row] = true }
    }
    let kept = isDropped.indices.filter { !isDropped[$0] }
    if kept.count == rowCount { return self }
    guard !kept.isEmpty else { throw DataError("\(source): every row has a missing cell, so that none is left") }
    var newRow = [Int](repeating: -1, count: rowCount)
    for (new, old) in kept.enumerated() { newRow[old] = new }
    let columns = columns.mapValues { column in
      var column = column
      column.values =
        switch column.values {
        case .numbers(let values): .numbers(kept.map { values[$0] })
        case .categories(let levels, let codes): Self.withUsedLevels(levels, codes: kept.map { codes[$0] })
        }
      column.missing = column.missing.compactMap { isDropped[$0.row] ? nil : (newRow[$0.row], $0.isNA) }
      column.badCells = column.badCells.compactMap {
        isDropped[$0.row] ? nil : BadCell(row: newRow[$0.row], text: $0.text)
      }
      return column
    }
    return Table(
      source: source, columnNames: columnNames, columns: columns, rowNumbers: kept.map { rowNumbers?[$0] ?? $0 + 1 },
      droppedRowCount: droppedRowCount + rowCount - kept.count)
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
