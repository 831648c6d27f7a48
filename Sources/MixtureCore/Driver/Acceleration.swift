import GSL

/// Anderson acceleration of the sums of passes, where one update and pass turn the sums x into F(x).
///
/// From the last few pairs x, F(x) follows the affine combination of the x with the least residual F(x) − x, and the same
/// combination of the F(x) estimates the fixed point (Anderson 1965; Walker & Ni 2011; for EM, guarded by the likelihood,
/// Henderson & Varadhan 2019). Where the estimate lies behind the way that F goes, it is a saddle that the fit is leaving,
/// like that of experts almost equal: then the next sums lie as far on the other side, and the distance doubles each pass.
struct Acceleration {
  /// Pairs of sums about the same values of the experts, oldest first.
  private var pairs: [(input: [Double], output: [Double])] = []

  /// How many differences of pairs are combined.
  private static let memory = 5

  /// Remembers that an update of `mixture` from `input` led to `next`, whose pass gave `output`.
  mutating func record(_ input: Statistics, of mixture: GatedExperts, _ output: Statistics, of next: GatedExperts) {
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
    let residuals = pairs.map { difference($0.output, $0.input) }
    let changes = zip(residuals.dropFirst(), residuals).map(difference)
    // Sums differ in units and size: each counts relative to its residuals of late.
    let weights = residuals[0].indices.map { i in
      let square = residuals.reduce(0) { $0 + $1[i] * $1[i] }
      return square > 0 ? 1 / square : 0
    }
    func inner(_ a: [Double], _ b: [Double]) -> Double {
      var sum = 0.0
      for i in weights.indices { sum += weights[i] * a[i] * b[i] }
      return sum
    }
    // Least squares by normal equations of unit diagonal, for which a small ridge decides where changes are collinear.
    let scales = changes.map { 1 / max(inner($0, $0), .leastNormalMagnitude).squareRoot() }
    var gram = Matrix(rows: changes.count, columns: changes.count)
    for i in changes.indices {
      for j in 0...i {
        gram[i, j] = scales[i] * scales[j] * inner(changes[i], changes[j])
        gram[j, i] = gram[i, j]
      }
    }
    let latest = residuals[residuals.count - 1]
    let target = changes.indices.map { scales[$0] * inner(changes[$0], latest) }
    guard let solution = try? Cholesky(gram.addingToDiagonal(1e-12)).solve(target) else { return nil }
    var move = [Double](repeating: 0, count: latest.count)
    for j in changes.indices {
      let factor = solution[j] * scales[j]
      for i in move.indices { move[i] -= factor * (pairs[j + 1].output[i] - pairs[j].output[i]) }
    }
    let direction = inner(move, latest) < 0 ? -1.0 : 1.0
    let output = pairs[pairs.count - 1].output
    // No expert may lose more than nine tenths of its rows: far out, sums are those of no data.
    let length = layout.effectiveRows.reduce(1.0) { length, k in
      direction * move[k] < 0 ? min(length, 0.9 * output[k] / abs(move[k])) : length
    }
    let values = zip(output, move).map { $0 + direction * length * $1 }
    let rest = [Double](repeating: 0, count: layout.count - values.count)
    return Statistics(values: values + rest, layout: layout)
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(-) }
}

extension GatedExperts {
  /// Turns sums gathered under an earlier value of the mixture into those that it would gather as it is.
  fileprivate func rebase(_ sums: inout [Double], from earlier: GatedExperts, _ layout: StatisticsLayout) {
    var span = sums.mutableSpan
    for (index, slice) in layout.blocks.enumerated() {
      span.withElements(in: slice) { blocks[index].rebase(&$0, from: earlier.blocks[index]) }
    }
    span.withElements(in: layout.gate) { gate.rebase(&$0, fromAny: earlier.gate) }
  }
}
