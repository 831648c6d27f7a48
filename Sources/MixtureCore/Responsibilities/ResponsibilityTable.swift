/// A given table of responsibilities: labels, an earlier result, another program's.
public struct ResponsibilityTable: ResponsibilitySource, ResponsibilityReader, Equatable {
  /// The number of experts.
  public let expertCount: Int
  /// One row an assignment, each summing to one.
  public let rows: [[Double]]

  /// A table with one row an assignment; rows are normalised to sum one.
  ///
  /// - Throws: ``DataError`` naming the first row that has another length, a negative or non-finite entry, or sum zero.
  public init(_ rows: [[Double]]) throws {
    guard let expertCount = rows.first?.count, expertCount > 0 else {
      throw DataError("the table of responsibilities is empty")
    }
    self.rows = try rows.enumerated().map { number, row in
      guard row.count == expertCount else {
        throw DataError("responsibilities, row \(number + 1): \(row.count) columns, not \(expertCount)")
      }
      guard row.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
        throw DataError("responsibilities, row \(number + 1): entries must be numbers ≥ 0")
      }
      let sum = row.reduce(0, +)
      guard sum > 0 else { throw DataError("responsibilities, row \(number + 1): the entries sum to zero") }
      return row.map { $0 / sum }
    }
    self.expertCount = expertCount
  }

  /// Labels 0, …, `expertCount` − 1, one an assignment, as a table of zeros and ones.
  public init(labels: [Int], expertCount: Int) throws {
    try self.init(
      labels.enumerated().map { number, label in
        guard (0..<expertCount).contains(label) else {
          throw DataError("label of row \(number + 1): \(label) is not among 0, …, \(expertCount - 1)")
        }
        var row = [Double](repeating: 0, count: expertCount)
        row[label] = 1
        return row
      })
  }

  /// Itself, once it is known to be as long as the data.
  ///
  /// - Throws: ``DataError`` unless the table has one row for each assignment of `source`.
  public func makeReader(for source: any TileSource) throws -> any ResponsibilityReader {
    guard source.assignmentCount == rows.count else {
      throw DataError("\(rows.count) rows of responsibilities for \(source.assignmentCount) rows of data")
    }
    return self
  }

  /// Copies the rows of the tile's assignments into the experts' columns; knows no log sums.
  public func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) -> [Double]? {
    for i in 0..<tile.assignmentCount {
      for (k, value) in rows[tile.firstAssignment + i].enumerated() { responsibilities[k * tile.capacity + i] = value }
    }
    return nil
  }
}
