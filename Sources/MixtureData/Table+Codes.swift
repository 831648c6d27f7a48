import MixtureCore

extension Table {
  /// The numbers of the levels in a column: 0, 1, … for the levels that a fit or a truth knows.
  ///
  /// Levels are compared as text, for a file may hold only those that look like numbers.
  ///
  /// - Parameters:
  ///   - name: the column.
  ///   - levels: the levels that are known.
  ///   - knower: who knows them, for messages: "the fit".
  /// - Throws: `DataError` as ``column(_:)``, and naming the first cell with another level.
  package func codes(_ name: String, of levels: [String], knownTo knower: String) throws -> [Int] {
    let known = Dictionary(levels.enumerated().map { ($1, $0) }) { first, _ in first }
    func unknown(_ level: String, row: Int) -> DataError {
      let few = levels.prefix(20).joined(separator: ", ") + (levels.count > 20 ? ", … (\(levels.count) in all)" : "")
      return DataError("\(cellName(row, name)): \"\(level)\" is none of the levels of \(knower), \(few)")
    }
    switch try column(name) {
    case .numbers(let values):
      return try values.enumerated().map { row, value in
        let level = FormulaText.number(value)
        guard let code = known[level] else { throw unknown(level, row: row) }
        return code
      }
    case .categories(let names, let codes):
      let numbers = names.map { known[$0] }
      return try codes.enumerated().map { row, code in
        guard let number = numbers[code] else { throw unknown(names[code], row: row) }
        return number
      }
    }
  }
}
