import SyntheticData

extension SyntheticDataSet {
  /// The bits of each row's values, and its assignment.
  package func bits(threads: Int = 1) throws -> [[UInt64]] {
    var rows: [[UInt64]] = []
    try forEachBlock(threads: threads) { block in
      let numbers = values(block)
      return (0..<block.count).map { row in
        (0..<numbers.columns).map { numbers[row, $0].bitPattern } + [UInt64(block.assignments[row])]
      }
    } consume: {
      rows += $0
    }
    return rows
  }
}
