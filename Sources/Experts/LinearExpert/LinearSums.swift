import GSL
import MixtureCore

/// A linear expert's statistics, read from its slice of the flat buffer.
///
/// The residuals ρ_i = y_i − mᵀx_i are those under the mean m that the expert had in the pass: sums of small residuals lose
/// no digits where sums of y and of x y would cancel.
struct LinearSums {
  /// Σ r x xᵀ.
  var crossProducts: Matrix
  /// Σ r ρ x.
  var residualProducts: [Double]
  /// Σ r ρ².
  var squaredResiduals: Double
  /// N = Σ r.
  var weight: Double

  /// The doubles in a slice: the pairs a ≤ b of Σ r x_a x_b, then Σ r ρ x, Σ r ρ², Σ r.
  static func count(dimension: Int) -> Int { Matrix.pairCount(dimension) + dimension + 2 }

  init(_ slice: Span<Double>, dimension: Int) {
    crossProducts = Matrix(pairs: slice, from: 0, order: dimension)
    let next = Matrix.pairCount(dimension)
    residualProducts = (0..<dimension).map { slice[next + $0] }
    squaredResiduals = slice[next + dimension]
    weight = slice[next + dimension + 1]
  }

  /// Moves the sums in a slice to residuals under a mean that lies `step` from theirs.
  static func rebase(_ slice: inout MutableSpan<Double>, by step: [Double]) {
    let dimension = step.count
    let products = Matrix.pairCount(dimension)
    var moved = [Double](repeating: 0, count: dimension)
    withMutableSpan(of: &moved) { moved in
      var pair = 0
      for a in 0..<dimension {
        var sum = moved[a] + slice[pair] * step[a]
        for b in (a + 1)..<max(a + 1, dimension) {
          pair += 1
          sum += slice[pair] * step[b]
          moved[b] += slice[pair] * step[a]
        }
        moved[a] = sum
        pair += 1
      }
    }
    for a in 0..<dimension {
      slice[products + dimension] += step[a] * (moved[a] - 2 * slice[products + a])
      slice[products + a] -= moved[a]
    }
  }

  /// Whether the expert has no rows to speak of.
  var isEmpty: Bool { weight < 1e-8 }

  /// Σ r e with e = (y − mᵀx)² + xᵀ B x, for a mean that lies `step` from that of the pass.
  func expectedSquares(step: [Double], covariance: Matrix) -> Double {
    // The rows were centred on their residuals, so this does not cancel unless the step is long.
    let squares = squaredResiduals - 2 * dot(step, residualProducts) + crossProducts.quadraticForm(step)
    var spread = 0.0
    for i in crossProducts.elements.indices { spread += crossProducts.elements[i] * covariance.elements[i] }
    return max(squares, 0) + spread
  }
}
