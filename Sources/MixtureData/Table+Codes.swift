import MixtureCore

extension Table {
  /// A column as categories, whatever its cells look like: the levels, numbers by size and then text in alphabetical order, and the number of
  /// each row's level.
  ///
  /// - Throws: `DataError` if there is none of that name, or naming its first missing cell.
  func categories(_ name: String) throws -> (levels: [String], codes: [Int]) {
    let column = try stored(name)
    if let cell = column.unclearCell { throw unclear(cell, name) }
    if let cell = column.missing.first { throw missing(cell, name) }
    switch column.values {
    case .categories(let levels, let codes): return (levels, codes)
    case .numbers(let values):
      let texts = Dictionary(uniqueKeysWithValues: column.badCells.map { ($0.row, $0.text) })
      let numbers = Set(values.enumerated().filter { texts[$0.offset] == nil }.map(\.element)).sorted()
      let levels = numbers.map(FormulaText.number) + Set(texts.values).sorted()
      let codeOfNumber = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
      let codeOfText = Dictionary(zip(levels, levels.indices)) { first, _ in first }
      return (
        levels,
        values.enumerated().map { row, value in (texts[row].map { codeOfText[$0] } ?? codeOfNumber[value]) ?? -1 }
      )
    }
  }

  /// The numbers of the levels in a column: 0, 1, … for the levels that a fit or a truth knows.
  ///
  /// Levels are compared as text, for a file may hold only those that look like numbers, and numbers by value, for 1.0 is the level 1.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - levels: the levels that are known.
  ///   - knower: who knows them, for messages: "the fit".
  /// - Throws: `DataError` as ``column(_:)``, and naming the first cell with another level.
  package func codes(_ name: String, of levels: [String], knownTo knower: String) throws -> [Int] {
    let known = Dictionary(levels.enumerated().map { ($1, $0) }) { first, _ in first }
    let (own, codes) = try categories(name)
    let cells = CellFormat(decimal: try stored(name).decimal)
    let numbers = own.map { text -> Int? in
      if let number = known[text] { return number }
      let (kind, value) = CellKind.of(text, cells)
      return kind == .number ? known[FormulaText.number(value)] : nil
    }
    return try codes.enumerated().map { row, code in
      if let number = numbers[code] { return number }
      let few = levels.prefix(20).joined(separator: ", ") + (levels.count > 20 ? ", … (\(levels.count) in all)" : "")
      throw DataError("\(cellName(row, name)): \"\(own[code])\" is none of the levels of \(knower), \(few)")
    }
  }
}
