import GSL
import MixtureCore

/// Subtracts ln Σ_k exp(score_k) from each row of the columns, so that they are logarithms of weights that sum to one.
func normalizeLogWeights(_ scores: inout MutableSpan<Double>, columns: Int, _ tile: Tile) {
  guard columns > 0 else { return }
  let count = columns * tile.capacity
  var shares = [Double](repeating: 0, count: count)
  var logSums = [Double](repeating: 0, count: tile.capacity)
  withMutableSpan(of: &shares) { shares in
    scores.withElements(in: 0..<count) { VectorKernels.copy($0.span, into: &shares) }
    VectorKernels.softmax(&shares, columns: columns, stride: tile.capacity, logSums: &logSums)
  }
  for i in logSums.indices { logSums[i] = -logSums[i] }
  for k in 0..<columns { scores.withElements(in: tile.column(k)) { VectorKernels.add(logSums.span, to: &$0) } }
}
