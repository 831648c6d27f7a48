import MixtureCore

extension Table {
  /// The row weights in a column.
  ///
  /// - Parameter groups: a label for each row, of which equal neighbours share one weight.
  /// - Throws: `DataError` as ``numbers(_:)``; naming the row for a weight below zero or other than that of its group; if no
  ///   weight is positive.
  func weights(_ name: String, groups: [Int]? = nil) throws -> [Double] {
    let weights = try numbers(name)
    if let row = weights.firstIndex(where: { $0 < 0 }) {
      throw DataError("\(cellName(row, name)): a weight must not be negative, but this is \(weights[row])")
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw DataError("\(source), column \"\(name)\": all weights are zero, so that no row counts")
    }
    if let groups {
      for row in groups.indices.dropFirst() where groups[row] == groups[row - 1] && weights[row] != weights[row - 1] {
        throw DataError(
          "\(cellName(row, name)): the weight is \(weights[row]), but another row of its group has \(weights[row - 1])")
      }
    }
    return weights
  }
}
