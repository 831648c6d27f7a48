import GSL

extension Matrix {
  /// Subtracts from the first `count` entries of a row the logarithm of the sum of their exponentials, so that these sum to one.
  mutating func normalizeLogWeights(row: Int, count: Int) {
    let total = logSumOfExponentials(count) { self[row, $0] }
    for k in 0..<count { self[row, k] -= total }
  }
}
