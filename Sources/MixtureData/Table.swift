import Foundation
import MixtureCore

/// Named columns of equal length, of numbers or of categories, read from a file or made in memory.
public struct Table: Sendable {
  /// A column's values, one a row.
  public enum Column: Sendable, Equatable {
    /// Finite numbers.
    case numbers([Double])
    /// Categories: row i has the level `levels[codes[i]]`.
    case categories(levels: [String], codes: [Int])

    /// The number of rows.
    public var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .categories(_, let codes): codes.count
      }
    }
  }

  /// The columns' names, in order.
  public let columnNames: [String]
  /// The number of rows.
  public let rowCount: Int

  /// Where the table comes from, for messages.
  private let source: String
  private let columns: [String: Column]
  private let badCells: [String: String]

  /// A table of columns in memory.
  ///
  /// - Throws: `DataError` for two columns of one name, columns of different lengths, a number that is not finite, or a code
  ///   that is no level's.
  public init(_ columns: [(name: String, values: Column)]) throws {
    rowCount = columns.first?.values.count ?? 0
    for (name, values) in columns {
      guard values.count == rowCount else { throw DataError("column \(name) has \(values.count) rows, not \(rowCount)") }
      switch values {
      case .numbers(let numbers):
        if let row = numbers.firstIndex(where: { !$0.isFinite }) {
          throw DataError("column \(name), row \(row + 1): \(numbers[row]) is not a finite number")
        }
      case .categories(let levels, let codes):
        if let row = codes.firstIndex(where: { !levels.indices.contains($0) }) {
          throw DataError("column \(name), row \(row + 1): \(codes[row]) is not the code of a level")
        }
      }
    }
    let names = columns.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw DataError("two columns are called \"\(twice)\"")
    }
    columnNames = names
    source = "table"
    self.columns = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.values) })
    badCells = [:]
  }

  /// Reads a CSV file (commas, UTF-8; RFC 4180).
  ///
  /// - Parameters:
  ///   - url: the file, on this machine.
  ///   - hasHeader: whether the first row names the columns; without, they are called 1, 2, ….
  /// - Throws: `DataError` for a file that cannot be read, is empty, has no rows, is ragged, or names a column twice. A
  ///   cell that is no number is an error only when its column is asked for.
  public init(csv url: URL, hasHeader: Bool = true) throws {
    let columns = try CSVReader(url).columns(hasHeader: hasHeader)
    source = url.path
    columnNames = columns.map(\.name)
    rowCount = columns.first?.values.count ?? 0
    self.columns = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, .numbers($0.values)) })
    badCells = Dictionary(
      uniqueKeysWithValues: columns.compactMap { column in
        column.firstBadCell.map { (column.name, "row \($0.row), column \"\(column.name)\": \"\($0.text)\"") }
      })
  }

  /// A column.
  ///
  /// - Throws: `DataError` if there is none of that name, or naming its first cell that is no finite number.
  public func column(_ name: String) throws -> Column {
    guard let column = columns[name] else {
      throw DataError("\(source): no column \"\(name)\"; there are \(columnNames.joined(separator: ", "))")
    }
    if let cell = badCells[name] { throw DataError("\(source), \(cell) is not a finite number") }
    return column
  }

  /// The numbers in a column.
  ///
  /// - Throws: `DataError` as ``column(_:)``, and for a column of categories.
  public func numbers(_ name: String) throws -> [Double] {
    guard case .numbers(let values) = try column(name) else {
      throw DataError("\(source): column \"\(name)\" holds categories, not numbers")
    }
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
      throw DataError("\(source): \"\(twice)\" cannot be a feature twice, or feature and target at once")
    }
    return try Observations(
      features: features.map { ($0, try numbers($0)) }, responses: [(target, try numbers(target))],
      weights: try weights.map { try numbers($0) })
  }
}
