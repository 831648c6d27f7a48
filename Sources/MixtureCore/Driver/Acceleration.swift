import GSL

/// Anderson acceleration of the sums of passes, where one update and pass turn the sums x into F(x).
///
/// From the last few pairs x, F(x) follows the affine combination of the x with the least residual F(x) − x, and the same
/// combination of the F(x) estimates the fixed point (Anderson 1965; Walker & Ni 2011; for EM, guarded by the likelihood,
/// Henderson & Varadhan 2019). Where the estimate lies behind the way that F goes, it is a saddle that the fit is leaving,
/// like that of experts almost equal: then the next sums lie as far on the other side, and the distance doubles each iteration.
struct Acceleration {
  /// Pairs of sums about the same values of the experts, oldest first.
  private var pairs: [(input: [Double], output: [Double])] = []

  /// How many differences of pairs are combined: with the last residual they have a lane each in a vector of eight.
  private static let memory = 5

  /// Remembers that an update of `mixture` from `input` led to `next`, whose pass gave `output`.
  mutating func record(_ input: Statistics, of mixture: MixtureModel, _ output: Statistics, of next: MixtureModel) {
    let parts = ..<output.layout.effectiveRows.upperBound
    pairs.append((Array(input.values[parts]), Array(output.values[parts])))
    if pairs.count > Self.memory + 1 { pairs.removeFirst() }
    // Sums about the experts as they were become sums about the experts as they are.
    for i in pairs.indices {
      next.rebase(&pairs[i].input, from: mixture, output.layout)
      if i < pairs.count - 1 { next.rebase(&pairs[i].output, from: mixture, output.layout) }
    }
  }

  /// Forgets all pairs but the last, from which the next step is plain.
  mutating func restart() { pairs = pairs.suffix(1) }

  /// The sums for the next update; nil before two pairs are known, or where they tell nothing.
  func extrapolation(_ layout: StatisticsLayout) -> Statistics? {
    guard pairs.count >= 2 else { return nil }
    let (products, weights) = weighedProducts()
    let last = pairs.count - 1
    // Least squares by normal equations of unit diagonal, for which a small ridge decides where changes are collinear.
    let scales = (0..<last).map { 1 / max(products[$0, $0], .leastNormalMagnitude).squareRoot() }
    let gram = Matrix(symmetricOfOrder: last) { i, j in scales[i] * scales[j] * products[i, j] }
    let target = (0..<last).map { scales[$0] * products[$0, last] }
    guard let solution = try? Cholesky(gram.addingToDiagonal(1e-12)).solve(target) else { return nil }
    let move = move(by: zip(solution, scales).map(*))
    let (input, output) = (pairs[last].input, pairs[last].output)
    let isBehind = move.indices.reduce(0) { $0 + weights[$1] * move[$1] * (output[$1] - input[$1]) } < 0
    let direction = isBehind ? -1.0 : 1.0
    // No expert may lose more than nine tenths of its rows: far out, sums are those of no data.
    let length = layout.effectiveRows.reduce(1.0) { length, k in
      direction * move[k] < 0 ? min(length, 0.9 * output[k] / abs(move[k])) : length
    }
    var values = output
    for i in move.indices { values[i] += direction * length * move[i] }
    values += Array(repeating: 0, count: layout.count - values.count)
    return Statistics(values: values, layout: layout)
  }

  /// The weighed inner products of the changes of residuals from pair to pair, and in the last column those with the last residual. Sums
  /// differ in units and size: each weighs as the inverse of the squares of its residuals.
  private func weighedProducts() -> (products: Matrix, weights: [Double]) {
    let (last, length) = (pairs.count - 1, pairs[0].input.count)
    var weights = [Double](repeating: 0, count: length)
    // The rows of the products, for which constant lanes stay in registers.
    var (sum0, sum1, sum2) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
    var (sum3, sum4) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    // Some sums at a time, those of all pairs side by side, for they are many; the last in lane 7 too. Lanes without a pair are zero.
    var residuals = [SIMD8<Double>](repeating: .zero, count: 512)
    for start in stride(from: 0, to: length, by: residuals.count) {
      let block = min(residuals.count, length - start)
      for (lane, pair) in zip(Array(0...last) + [7], pairs + pairs.suffix(1)) {
        let (input, output) = (pair.input.span, pair.output.span)
        var residuals = residuals.mutableSpan
        for i in 0..<block { residuals[i][lane] = output[start + i] - input[start + i] }
      }
      for i in 0..<block {
        let r = residuals[i]
        let square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2] + r[3] * r[3] + r[4] * r[4] + r[5] * r[5]
        let weight = square > 0 ? 1 / square : 0
        weights[start + i] = weight
        let terms = SIMD8(r[1] - r[0], r[2] - r[1], r[3] - r[2], r[4] - r[3], r[5] - r[4], 0, 0, r[7])
        let weighed = weight * terms
        sum0 += weighed[0] * terms
        sum1 += weighed[1] * terms
        sum2 += weighed[2] * terms
        sum3 += weighed[3] * terms
        sum4 += weighed[4] * terms
      }
    }
    let sums = [sum0, sum1, sum2, sum3, sum4]
    var products = Matrix(rows: last, columns: last + 1)
    for a in 0..<last {
      for b in 0..<last { products[a, b] = sums[a][b] }
      products[a, last] = sums[a][7]
    }
    return (products, weights)
  }

  /// The outputs' share of the step: −Σ_j factor_j (output_j+1 − output_j).
  private func move(by factors: [Double]) -> [Double] {
    var move = [Double](repeating: 0, count: pairs[0].output.count)
    for (j, factor) in factors.enumerated() {
      let (before, after) = (pairs[j].output, pairs[j + 1].output)
      for i in move.indices { move[i] -= factor * (after[i] - before[i]) }
    }
    return move
  }
}

extension MixtureModel {
  /// Turns sums gathered under an earlier value of the mixture into those that it would gather as it is.
  fileprivate func rebase(_ sums: inout [Double], from earlier: MixtureModel, _ layout: StatisticsLayout) {
    var span = sums.mutableSpan
    for (index, slice) in layout.blocks.enumerated() {
      span.withElements(in: slice) { blocks[index].rebase(&$0, from: earlier.blocks[index]) }
    }
    span.withElements(in: layout.gate) { gate.rebase(&$0, fromAny: earlier.gate) }
  }
}
