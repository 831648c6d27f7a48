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
  public internal(set) var assignments: [Int]
  /// A source of random numbers for each row, to be drawn from in place. It depends on the seed, on the number of the row and on what is
  /// being drawn, features or responses, so that what one of them draws does not change the other.
  public var sources: [RandomSource]

  /// The number of rows.
  public var count: Int { rows.count }

  /// How many rows a block holds at most: about a thousand, or those of one assignment where it has more.
  static func capacity(sharing rowsPerAssignment: Int) -> Int { max(1, 1024 / rowsPerAssignment) * rowsPerAssignment }
}
