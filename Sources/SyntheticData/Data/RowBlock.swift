import GSL

/// Rows of a data set that follow one another, while they are drawn.
public struct RowBlock: Sendable {
  /// The numbers that the rows have in the data set.
  public let rows: Range<Int>
  /// The features: a row for each row, a column for each of the generator's.
  public var features: Matrix
  /// The response, likewise.
  public var response: Matrix
  /// The expert that each row is drawn from.
  public var assignments: [Int]
  /// A source of random numbers for each row, to be drawn from in place. It depends on the seed, on the number of the row and on what is
  /// being drawn, features or responses, so that what one of them draws does not change the other.
  public var sources: [RandomSource]

  /// Rows that are still to be drawn: features and responses of zero, each row assigned to the first expert.
  ///
  /// - Parameters:
  ///   - rows: the numbers of the rows.
  ///   - generator: the generator whose columns the block has.
  ///   - sources: a source of random numbers for each row.
  public init(rows: Range<Int>, of generator: any Generator, sources: [RandomSource]) {
    precondition(sources.count == rows.count, "\(sources.count) sources for \(rows.count) rows")
    self.rows = rows
    features = Matrix(rows: rows.count, columns: generator.features.count)
    response = Matrix(rows: rows.count, columns: generator.response.count)
    assignments = Array(repeating: 0, count: rows.count)
    self.sources = sources
  }

  /// Rows that are there already: a generator may be asked about them, but not draw them.
  init(rows: Range<Int>, features: Matrix, response: Matrix) {
    self.rows = rows
    self.features = features
    self.response = response
    assignments = Array(repeating: 0, count: rows.count)
    sources = []
  }

  /// The number of rows.
  public var count: Int { rows.count }

  /// How many rows a block holds at most: about a thousand, or those of one assignment where it has more.
  static func capacity(sharing rowsPerAssignment: Int) -> Int { max(1, 1024 / rowsPerAssignment) * rowsPerAssignment }
}
