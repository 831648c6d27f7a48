import MixtureCore

extension Table {
  /// The row weights in a column.
  ///
  /// - Parameters:
  ///   - groups: a label for each row, of which equal neighbours share one weight.
  ///   - areRescaled: whether they are divided by their mean, which is one of groups where there are any.
  /// - Throws: `DataError` as ``numbers(_:)``; naming the row for a weight below zero or other than that of its group; if no
  ///   weight is positive.
  func weights(_ name: String, groups: [Int]? = nil, areRescaled: Bool = false) throws -> [Double] {
    let weights = try numbers(name)
    if let row = weights.firstIndex(where: { $0 < 0 }) {
      throw DataError("\(cellName(row, name)): a row weight must not be negative, but this is \(weights[row])")
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
    guard areRescaled else { return weights }
    let counted = weights.indices.filter { row in groups.map { row == 0 || $0[row] != $0[row - 1] } ?? true }
    // The mean of shares of the greatest, for a sum of weights may be out of range.
    let greatest = weights.max() ?? 1
    let mean = counted.reduce(0) { $0 + weights[$1] / greatest } / Double(counted.count)
    return weights.map { $0 / greatest / mean }
  }
}
