import GSL
import MixtureCore

/// Subtracts ln Σ_k exp(score_k) from each row of the columns, so that they are logarithms of weights that sum to one.
func normalizeLogWeights(_ scores: inout MutableSpan<Double>, columns: Int, _ tile: Tile) {
  guard columns > 0 else { return }
  var shares = (0..<(columns * tile.capacity)).map { scores[$0] }
  var logSums = [Double](repeating: 0, count: tile.capacity)
  withMutableSpan(of: &shares) {
    VectorKernels.softmax(&$0, columns: columns, stride: tile.capacity, logSums: &logSums)
  }
  for i in logSums.indices { logSums[i] = -logSums[i] }
  for k in 0..<columns { scores.withElements(in: tile.column(k)) { VectorKernels.add(logSums.span, to: &$0) } }
}
