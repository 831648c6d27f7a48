import GSL
import MixtureCore

extension Table {
  /// One turn of a cross-validation: the rows to fit, and those that the fit has not seen.
  public struct Fold: Sendable {
    /// The rows of all other folds.
    public let training: Table
    /// The rows of this fold.
    public let heldOut: Table
  }

  /// The rows divided at random among `count` folds, whose sizes differ by one row at most. Each row is held out once, and rows
  /// stay in the order of the table.
  ///
  /// - Parameters:
  ///   - count: from two to the number of rows, which leaves out one at a time.
  ///   - seed: the same seed makes the same folds.
  /// - Throws: `ArgumentError` for fewer folds than two, or more than there are rows.
  public func folds(_ count: Int, seed: UInt64 = 1) throws -> [Fold] {
    guard count >= 2, count <= rowCount else {
      throw ArgumentError(
        Table.self, argument: "the number of folds", value: count, need: "from 2 to \(rowCount), the number of rows")
    }
    var random = RandomSource(seed: seed)
    var foldOfRow = [Int](repeating: 0, count: rowCount)
    for (place, row) in foldOfRow.indices.shuffled(using: &random).enumerated() { foldOfRow[row] = place % count }
    func rows(where isChosen: (Int) -> Bool) -> Table {
      selecting(foldOfRow.indices.filter { isChosen(foldOfRow[$0]) }, droppedRowCount: droppedRowCount)
    }
    return (0..<count).map { fold in Fold(training: rows { $0 != fold }, heldOut: rows { $0 == fold }) }
  }
}
