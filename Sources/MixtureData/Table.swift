import Foundation
import MixtureCore

/// Named columns of numbers, read from a CSV file.
public struct Table: Sendable {
  /// The columns' names, in the order of the file.
  public let columnNames: [String]
  /// The number of rows.
  public let rowCount: Int

  private let path: String
  private let columns: [String: [Double]]
  private let badCells: [String: String]

  /// Reads a CSV file (commas, UTF-8; RFC 4180).
  ///
  /// - Parameters:
  ///   - url: the file, on this machine.
  ///   - hasHeader: whether the first row names the columns; without, they are called 1, 2, ….
  /// - Throws: `DataError` for a file that cannot be read, is empty, has no rows, is ragged, or names a column twice. A
  ///   cell that is no number is an error only when its column is asked for.
  public init(csv url: URL, hasHeader: Bool = true) throws {
    let columns = try CSVReader(url).columns(hasHeader: hasHeader)
    path = url.path
    columnNames = columns.map(\.name)
    rowCount = columns.first?.values.count ?? 0
    self.columns = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.values) })
    badCells = Dictionary(
      uniqueKeysWithValues: columns.compactMap { column in
        column.firstBadCell.map { (column.name, "row \($0.row), column \"\(column.name)\": \"\($0.text)\"") }
      })
  }

  /// The numbers in a column.
  ///
  /// - Throws: `DataError` if there is no such column, or naming its first cell that is no finite number.
  public func numbers(_ name: String) throws -> [Double] {
    guard let values = columns[name] else {
      throw DataError("\(path): no column \"\(name)\"; there are \(columnNames.joined(separator: ", "))")
    }
    if let cell = badCells[name] { throw DataError("\(path), \(cell) is not a finite number") }
    return values
  }

  /// Rows of data for a fit.
  ///
  /// - Parameters:
  ///   - target: the column of the response.
  ///   - features: the columns of the features; nil for all but the target and the weights.
  ///   - weights: the column of row weights, if any.
  /// - Throws: `DataError` as ``numbers(_:)`` and for unusable weights.
  public func observations(target: String, features: [String]? = nil, weights: String? = nil) throws -> Observations {
    let features = features ?? columnNames.filter { $0 != target && $0 != weights }
    if let twice = features.first(where: { name in features.count { $0 == name } > 1 || name == target }) {
      throw DataError("\(path): \"\(twice)\" cannot be a feature twice, or feature and target at once")
    }
    return try Observations(
      features: features.map { ($0, try numbers($0)) }, responses: [(target, try numbers(target))],
      weights: try weights.map { try numbers($0) })
  }
}
