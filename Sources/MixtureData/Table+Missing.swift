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
    return selecting(kept, droppedRowCount: droppedRowCount + rowCount - kept.count)
  }

  /// Where cells are missing in the named columns, and what stands there: `x (3: "NA", empty), g (1: "None")`.
  package func missingCells(in names: [String]) throws -> String {
    let columns = try names.map { (name: $0, cells: try stored($0).missing) }.filter { !$0.cells.isEmpty }
    let shown = columns.prefix(5).map { name, cells in
      let words = Set(cells.map(\.text)).sorted().map { $0.isEmpty ? "empty" : "\"\($0.shortened)\"" }
      return "\(name) (\(cells.count): \(words.prefix(4).joined(separator: ", "))\(words.count > 4 ? ", …" : ""))"
    }
    return shown.joined(separator: ", ") + (columns.count > 5 ? " and \(columns.count - 5) more columns" : "")
  }
}
