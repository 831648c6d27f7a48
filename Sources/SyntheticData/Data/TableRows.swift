import Foundation
import GSL
import MixtureCore
import MixtureData

/// Rows of a table as a generator reads them, whether it drew them or not: what it says of them can be asked.
public struct TableRows: Sendable {
  /// The generator.
  public let generator: any Generator
  /// The table, with the rows of an assignment next to one another.
  public let table: Table
  /// The generator's features, and then its response.
  private let columns: [[Double]]

  /// The rows of a table that has the generator's columns by name, categories being those of the generator's levels.
  ///
  /// - Throws: `DataError` for a column that is missing or holds the wrong kind of values, a level that the generator does not know, or
  ///   where rows share assignments by `group`, a group that is not whole.
  public init(_ table: Table, of generator: any Generator) throws {
    self.generator = generator
    self.table = try table.gathering(rowsPerAssignment: generator.rowsPerAssignment)
    guard table.rowCount > 0 else { throw DataError("\(table.source): no rows of data") }
    let gathered = self.table
    columns = try (generator.features + generator.response).map { try gathered.values(of: $0) }
  }

  /// What the generator says of the rows.
  ///
  /// - Throws: `DataError` for a row that it cannot have drawn.
  /// - Complexity: O(rows × experts) beside the generator's work.
  public func posterior(
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws -> AssignmentPosterior {
    var parts: [AssignmentPosterior] = []
    let size = RowBlock.capacity(sharing: generator.rowsPerAssignment)
    try forEachInOrder((table.rowCount + size - 1) / size, threads: threads) { index in
      AssignmentPosterior(generator, of: block((index * size)..<min((index + 1) * size, table.rowCount)))
    } consume: {
      parts.append($0)
    }
    let posterior = AssignmentPosterior(joining: parts, experts: generator.expertCount)
    if let assignment = posterior.logDensities.firstIndex(where: { !$0.isFinite }) {
      let (row, value) = (assignment * generator.rowsPerAssignment, posterior.logDensities[assignment])
      throw DataError(
        "\(table.rowName(row)): its density under the truth is \(value.isNaN ? "no number" : value < 0 ? "zero" : "infinite"); "
          + "take the truth that the rows were drawn from, or correct the row")
    }
    return posterior
  }

  fileprivate func block(_ rows: Range<Int>) -> RowBlock {
    func matrix(_ columns: ArraySlice<[Double]>) -> Matrix {
      Matrix(rows: rows.count, columns: columns.count, elements: rows.flatMap { row in columns.map { $0[row] } })
    }
    return RowBlock(
      rows: rows, features: matrix(columns.prefix(generator.features.count)),
      response: matrix(columns.dropFirst(generator.features.count)))
  }
}

extension Truth {
  /// The expert that each of the rows was drawn from; nil unless the rows are those of the data set, to the bit and in their order.
  ///
  /// - Throws: ``SyntheticDataError`` as ``data()``.
  /// - Complexity: draws the rows once, unless their number tells that they are others.
  public func assignments(
    of rows: TableRows, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws -> [Int]? {
    guard rows.table.rowCount == rowCount else { return nil }
    var assignments: [Int] = []
    var areEqual = true
    try data().forEachBlock(threads: threads) { block in
      let start = block.rows.lowerBound - firstRow
      let read = rows.block(start..<(start + block.count))
      return (read.features == block.features && read.response == block.response, block.assignments)
    } consume: {
      areEqual = areEqual && $0
      assignments += $1
    }
    return areEqual ? assignments : nil
  }
}

extension Table {
  /// The table with the rows of each `group` next to one another, if several share an assignment.
  fileprivate func gathering(rowsPerAssignment: Int) throws -> Table {
    guard rowsPerAssignment > 1 else { return self }
    let (table, groups) = try gatheringGroups(of: ColumnSchema.group.name)
    let sizes = groups.reduce(into: [Int](repeating: 0, count: (groups.max() ?? -1) + 1)) { $0[$1] += 1 }
    if let group = sizes.firstIndex(where: { $0 != rowsPerAssignment }), let row = groups.firstIndex(of: group) {
      throw DataError(
        "\(rowName(row)): its group has \(sizes[group]) rows, but under the truth \(rowsPerAssignment) share an assignment; "
          + "give whole groups")
    }
    return table
  }

  /// The numbers in a column, or those of its levels.
  fileprivate func values(of column: ColumnSchema) throws -> [Double] {
    guard let levels = column.levels else { return try numbers(column.name) }
    return try codes(column.name, of: levels, knownTo: "the truth").map(Double.init)
  }
}
