import Foundation

/// How rows of a table become the bytes of a file: a header, then the rows in order, in pieces of any length.
public protocol RowWriter: Sendable {
  /// What stands before the rows, of which there will be `rowCount`.
  func header(rowCount: Int) -> Data
  /// The bytes of rows that follow one another, given number by number and row by row; a category is given by its code.
  func bytes(ofRows numbers: [Double]) -> Data
}
