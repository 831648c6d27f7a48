import SyntheticData

extension SyntheticDataSet {
  /// The bits of each row's values, and its assignment.
  package func bits(threads: Int = 1) throws -> [[UInt64]] {
    var rows: [[UInt64]] = []
    try forEachBlock(threads: threads) { block in
      (0..<block.count).map { row in
        columns.indices.map { value(block, row: row, column: $0).bitPattern } + [UInt64(block.assignments[row])]
      }
    } consume: {
      rows += $0
    }
    return rows
  }
}
