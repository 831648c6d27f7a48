import MixtureCore

/// Labels of rows: the column that holds them, and those that it had in the rows of a fit. Each becomes a column of zeros and ones
/// that the gate sees; a row without a label has zeros only.
public struct RowLabels: Sendable, Equatable, Codable {
  /// The column of the table.
  public let column: String
  /// The labels: numbers by size, others in the order of the column's levels.
  public let levels: [String]

  /// Learns the labels of the rows of a fit.
  ///
  /// - Throws: `DataError` if there is no such column, no row has a label, or a cell is no number among numbers.
  init(_ column: String, in table: Table) throws {
    self.column = column
    levels = try table.labels(column).levels
    guard !levels.isEmpty else {
      throw DataError("\(table.source), column \"\(column)\": no row has a label; fill some in, or fit without labels")
    }
  }

  /// The names of the columns of zeros and ones, one for each label: `class=a`. No column of a formula is called so.
  public var featureNames: [String] { levels.map { "\(column)=\($0)" } }

  /// The columns where nothing is known.
  func unknown(rowCount: Int) -> [(column: ColumnSchema, values: [Double])] {
    featureNames.map { (ColumnSchema($0), [Double](repeating: 0, count: rowCount)) }
  }

  /// The columns for the rows of a table; nothing is known where it has no column of labels.
  ///
  /// - Parameter groups: a number for each row, equal for the rows of a group, whose label is that of any of them.
  /// - Throws: `DataError` naming the row of a label that the fit did not see, or of one that its group contradicts.
  func features(of table: Table, groups: [Int]?) throws -> [(column: ColumnSchema, values: [Double])] {
    guard table.columnNames.contains(column) else { return unknown(rowCount: table.rowCount) }
    let (names, codes) = try table.labels(column)
    let numbers = names.map(levels.firstIndex)
    if let row = codes.firstIndex(where: { $0 >= 0 && numbers[$0] == nil }) {
      throw DataError(
        "\(table.cellName(row, column)): \"\(names[codes[row]])\" is none of the labels of the fit, "
          + levels.joined(separator: ", "))
    }
    var labels = codes.map { $0 < 0 ? nil : numbers[$0] }
    if let groups {
      var labelled: [Int: Int] = [:]
      for (row, group) in groups.enumerated() where labels[row] != nil {
        let first = labelled[group] ?? row
        labelled[group] = first
        guard let label = labels[row], let other = labels[first], label != other else { continue }
        throw DataError(
          "\(table.cellName(row, column)): the label is \"\(levels[label])\", but \"\(levels[other])\" in "
            + "\(table.rowName(first)), of the same group; correct one of them, or leave it empty")
      }
      labels = groups.map { labelled[$0].flatMap { labels[$0] } }
    }
    return zip(featureNames, levels.indices).map { name, level in (ColumnSchema(name), labels.map { $0 == level ? 1 : 0 }) }
  }
}

extension Table {
  /// What stands for no label, beside missing cells.
  private static let unknownLabels: Set<String> = ["", "NA", "?"]

  /// The labels in a column, numbers by size and others in the order of the levels, and for each row the number of its label: −1 where
  /// the cell is missing or `?`.
  ///
  /// Whether a file's column holds numbers or categories depends on how many cells are `?`; so categories are numbers if all look
  /// like them.
  ///
  /// - Throws: `DataError` if there is no such column, or naming a cell that is no number among numbers.
  fileprivate func labels(_ name: String) throws -> (levels: [String], codes: [Int]) {
    let column = try stored(name)
    if let bad = column.badCells.first(where: { !Self.unknownLabels.contains($0.text) }) { throw notFinite(bad, name) }
    func ofNumbers(_ values: [Double?]) -> (levels: [String], codes: [Int]) {
      let levels = Set(values.compactMap(\.self)).sorted()
      let codes = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
      return (levels.map(FormulaText.number), values.map { $0.flatMap { codes[$0] } ?? -1 })
    }
    switch column.values {
    case .numbers(let values): return ofNumbers(values.map { $0.isFinite ? $0 : nil })
    case .categories(let levels, let codes):
      let used = Set(codes)
      let known = levels.indices.filter { used.contains($0) && !Self.unknownLabels.contains(levels[$0]) }
      let numbers = Dictionary(
        uniqueKeysWithValues: known.compactMap { code in
          Double(levels[code]).flatMap { $0.isFinite ? (code, $0) : nil }
        })
      if numbers.count == known.count { return ofNumbers(codes.map { numbers[$0] }) }
      let newCodes = Dictionary(uniqueKeysWithValues: zip(known, known.indices))
      return (known.map { levels[$0] }, codes.map { newCodes[$0] ?? -1 })
    }
  }
}
