import GSL

/// Columns of which only the differences count, such as the coefficients of a softmax, by those of each column but the last to the last.
///
/// Parameters are column after column: (J − 1) d numbers for J columns of d.
struct ContrastsToLast {
  /// d.
  let dimension: Int
  /// J.
  let columnCount: Int

  /// (J − 1) d.
  var count: Int { max(columnCount - 1, 0) * dimension }

  /// m_l − m_J, of columns that follow one another.
  func values(of columns: some RandomAccessCollection<Double>) -> [Double] {
    guard count > 0 else { return [] }
    let last = Array(columns.suffix(dimension))
    return columns.prefix(count).enumerated().map { $1 - last[$0 % dimension] }
  }

  /// Moves the columns, which begin at `first`, so that their contrasts change by the steps; the sum of all columns stays.
  func move(_ columns: inout [Double], from first: Int = 0, by steps: [Double]) {
    for j in 0..<dimension {
      let ofColumns = (0..<columnCount).map { $0 < columnCount - 1 ? steps[$0 * dimension + j] : 0 }
      let mean = ofColumns.reduce(0, +) / Double(columnCount)
      for (column, step) in ofColumns.enumerated() { columns[first + column * dimension + j] += step - mean }
    }
  }

  /// λ (1{l = m} − 1/J) I between contrasts a and b: the curvature of ½ λ Σ ‖m_l‖² with the sum of all columns at its best.
  func curvature(penalty: Double, _ a: Int, _ b: Int) -> Double {
    a % dimension == b % dimension ? penalty * ((a == b ? 1 : 0) - 1 / Double(columnCount)) : 0
  }
}
