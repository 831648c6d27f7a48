import Foundation
import MixtureCore

extension TextLayout {
  /// Takes the names of the columns from the first row, or from a comment above it, or makes them.
  mutating func findNames(
    in sample: RowSample, of text: Data, below preamble: Preamble, _ format: Table.Format
  ) throws {
    var preamble = preamble
    let first = sample.rows[0]
    let isOfNumbers = first.allSatisfy { sample.isNumber($0, decimal) }
    let numbers = numbersAboveNumbers(in: sample)
    if format.hasHeader != false, let comment = preamble.header(like: first, sample),
      isOfNumbers || !numbers.isEmpty || format.hasHeader == true
    {
      names = comment
      notes.append("\(source): took the names of the columns from the line that begins with #")
    } else if format.hasHeader == false {
      names = first.indices.map { "\($0 + 1)" }
    } else {
      if format.hasHeader == nil { try checkThatItNames(first, numbers, isOfNumbers: isOfNumbers) }
      guard sample.beginsWithText else {
        let line = text.prefix(Preamble.lineLength(in: text, isQuoted: true))
        throw DataError("\(source), header: \(line.contains(0) ? CSVReader.zero : CSVReader.notText)")
      }
      names = first
      skippedByteCount += Preamble.lineLength(in: text, isQuoted: true)
    }
    if preamble.commentCount > 0 {
      notes.append(
        preamble.commentCount == 1
          ? "\(source): left out the first line, \"#\(preamble.lastComment.shortened)\"; if it holds the names of the columns, delete the #"
          : "\(source): left out \(preamble.commentCount) lines that begin with # at its top; if the last one holds the names of the columns, delete "
            + "its #")
    }
  }

  /// Refuses a first row that is hardly a header, for the numbers above numbers in these columns, or says that it was taken for one.
  private mutating func checkThatItNames(_ first: [String], _ numbers: [Int], isOfNumbers: Bool) throws {
    let shown = first.prefix(3).map(\.shortened).joined(separator: ", ")
    guard !isOfNumbers else {
      throw DataError(
        "\(source): the first line looks like numbers (\(shown)), where names should stand: if it is a row, "
          + "say --no-header; if these are names, --header")
    }
    guard !numbers.isEmpty else { return }
    // Years, wavelengths and the like, one after another, name columns, too.
    let values = numbers.compactMap { Double(first[$0]) }
    let steps = zip(values, values.dropFirst()).map { $1 - $0 }
    guard values.count == numbers.count, values.count > (values.allSatisfy { $0 == $0.rounded() } ? 1 : 2),
      steps.allSatisfy({ $0 > 0 }) || steps.allSatisfy({ $0 < 0 })
    else {
      throw DataError(
        "\(source): the first line has a number above numbers (\(first[numbers[0]].shortened), in \(shown)): if it is a row, say --no-header; "
          + "if these are names, --header")
    }
    notes.append("\(source): took the first line (\(shown)) for the names of the columns; if it is a row, say --no-header")
  }

  /// The columns whose first cell is a number, as all below it are.
  private func numbersAboveNumbers(in sample: RowSample) -> [Int] {
    let first = sample.rows[0]
    return first.indices.filter { index in
      sample.rows.count > 1 && sample.rows.allSatisfy { $0.count == first.count && sample.isNumber($0[index], decimal) }
    }
  }

  /// Refuses rows that are cut by something else than the names, or that commas within numbers cut once more.
  private func checkThatSameMarksCut(_ rows: ArraySlice<[String]>, _ sample: RowSample, _ format: Table.Format) throws {
    guard let first = rows.first, names.count > 1 else { return }
    if rows.count > 1, rows.allSatisfy({ $0.count == 1 }) {
      throw DataError(
        "\(source): \(delimiter.words) stand between the names (\(names.prefix(3).joined(separator: ", "))), but not within the rows "
          + "(\(first[0].shortened)): write the same between both")
    }
    if rows.allSatisfy({ $0.count == 2 * names.count }), delimiter == .comma, sample.mayCutNumbers(format.decimal) {
      throw DataError(
        "\(source): rows have twice as many cells as there are names: if commas stand within numbers, put these in quotes, or something else "
          + "between the cells")
    }
  }

  /// Names columns that have no name, and tells row names from empty cells at the end of each row.
  mutating func fitNames(to sample: RowSample, _ format: Table.Format) throws {
    let rows = sample.rows.dropFirst(format.hasHeader == false ? 0 : 1)
    try checkThatNamesStandAbove(rows, sample)
    try checkThatSameMarksCut(rows, sample, format)
    if let last = rows.last, rows.allSatisfy({ $0.count == last.count }) {
      // Columns at the end without a name and without a cell are none.
      let empty = last.indices.reversed().prefix { index in
        (index >= names.count || names[index].isEmpty) && rows.allSatisfy { $0[index].isEmpty }
      }.count
      let count = last.count - empty
      if names.count > count, names[count...].allSatisfy(\.isEmpty) { names.removeLast(names.count - count) }
      if names.count == count { trailingCellCount = empty }
      if names.count == last.count - 1, empty == 0 {
        let fact = "\(source): rows have one cell more than there are names (\(names.prefix(3).joined(separator: ", ")))"
        guard !sample.mayCutNumbers(format.decimal) else {
          throw DataError(
            "\(fact), and \(delimiter == .comma ? "commas" : "blanks") may stand within numbers: put such numbers in quotes, or something else between "
              + "the cells; if the first column names the rows, give it a name, or say --decimal .")
        }
        guard sample.firstCellsNameRows else { throw Self.tooFewNames(fact) }
        isHeaderShorter = true
        names.insert("", at: 0)
      }
    }
    hasUnnamedFirst = names.first == ""
    if hasUnnamedFirst { names[0] = Self.rowNamesName }
    let unnamed = names.indices.filter { names[$0].isEmpty }
    for index in unnamed { names[index] = "column \(index + 1)" }
    if !unnamed.isEmpty {
      notes.append(
        "\(source): \(unnamed.count == 1 ? "a column has" : "\(unnamed.count) columns have") no name, and \(unnamed.count == 1 ? "is" : "are") "
          + "called \(unnamed.prefix(3).map { "\"\(names[$0])\"" }.joined(separator: ", "))\(unnamed.count > 3 ? ", …" : ""); if names stand in two "
          + "lines, write them in one")
    }
  }

  /// Rows with a cell that no name belongs to, which the first cannot be.
  static func tooFewNames(_ fact: String) -> DataError {
    DataError(
      "\(fact), and the first column does not name the rows, for it has numbers or equal cells: give each column a name")
  }

  /// Refuses a title, perhaps with empty cells behind it, for names that stand in the next line.
  private func checkThatNamesStandAbove(_ rows: ArraySlice<[String]>, _ sample: RowSample) throws {
    let named = names.count { !$0.isEmpty }
    guard let second = rows.first, rows.count > 1, named < names.count ? named == 1 : named < second.count,
      second.count(where: { !$0.isEmpty }) > named, !second.contains(where: { sample.isNumber($0, decimal) }),
      rows.dropFirst().allSatisfy({ $0.count == second.count && $0.contains { sample.isNumber($0, decimal) } })
    else { return }
    throw DataError(
      "\(source): the names of the columns seem to stand in line 2 (\(second.prefix(3).joined(separator: ", "))), below a title: delete "
        + "the title")
  }
}
