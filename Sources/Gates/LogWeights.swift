import GSL
import MixtureCore

/// Subtracts ln Σ_k exp(score_k) from each row of the columns, so that they are logarithms of weights that sum to one.
func normalizeLogWeights(_ scores: inout MutableSpan<Double>, columns: Int, _ tile: Tile) {
  guard columns > 0 else { return }
  let count = columns * tile.capacity
  var weights = [Double](repeating: 0, count: count)
  withMutableSpan(of: &weights) { weights in
    scores.withElements(in: 0..<count) { VectorKernels.copy($0.span, into: &weights) }
    normalizeLogWeights(&scores, copiedTo: &weights, columns: columns, capacity: tile.capacity)
  }
}

/// The same where a copy of the scores has been made, which becomes the weights themselves.
func normalizeLogWeights(
  _ scores: inout MutableSpan<Double>, copiedTo weights: inout MutableSpan<Double>, columns: Int, capacity: Int
) {
  var logSums = [Double](repeating: 0, count: capacity)
  VectorKernels.softmax(&weights, columns: columns, stride: capacity, logSums: &logSums)
  for i in logSums.indices { logSums[i] = -logSums[i] }
  for k in 0..<columns {
    scores.withElements(in: (k * capacity)..<((k + 1) * capacity)) { VectorKernels.add(logSums.span, to: &$0) }
  }
}
