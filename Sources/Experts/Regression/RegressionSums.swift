import GSL
import MixtureCore

/// An expert's statistics, read from its slice of the flat buffer, with the scale's factor c taken out of slopes g = c z and curvatures
/// h = c ω.
///
/// Slopes are those at the mean m that the expert had in the pass. Of a line they are the residuals z_i = y_i − mᵀx_i: sums of small
/// residuals lose no digits where sums of y and of x y would cancel.
public struct RegressionSums: Sendable {
  /// The products of the features with each other, weighed by the curvatures: Σ r ω x xᵀ.
  public var crossProducts: Matrix
  /// The products of the features with the slopes, Σ r z x.
  public var slopeProducts: [Double]
  /// Σ r z²/ω of a family whose step is safe; Σ r s of others.
  public var squaresOrScore: Double
  /// The weight of the rows, N = Σ r.
  public var weight: Double
  /// The sums of the scale's own terms.
  public var terms: [Double]

  /// The doubles in a slice: the pairs a ≤ b of Σ r ω x_a x_b, then Σ r z x, Σ r z²/ω or Σ r s, Σ r, and the scale's.
  public static func count(dimension: Int, termCount: Int = 0) -> Int {
    Matrix.pairCount(dimension) + dimension + 2 + termCount
  }

  /// The sums in a slice of ``count(dimension:termCount:)`` doubles.
  ///
  /// - Parameters:
  ///   - slice: the expert's slice of the statistics of a pass.
  ///   - dimension: the number of coefficients, fixed ones included.
  ///   - termCount: the number of sums of the scale's own.
  public init(_ slice: Span<Double>, dimension: Int, termCount: Int = 0) {
    crossProducts = Matrix(pairs: slice, from: 0, order: dimension)
    let next = Matrix.pairCount(dimension)
    slopeProducts = (0..<dimension).map { slice[next + $0] }
    squaresOrScore = slice[next + dimension]
    weight = slice[next + dimension + 1]
    terms = (0..<termCount).map { slice[next + dimension + 2 + $0] }
  }

  /// Moves the sums in a slice to slopes at a mean that lies `step` from theirs.
  static func rebase(_ slice: inout MutableSpan<Double>, by step: [Double], hasSquares: Bool) {
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
      if hasSquares { slice[products + dimension] += step[a] * (moved[a] - 2 * slice[products + a]) }
      slice[products + a] -= moved[a]
    }
  }

  /// Whether the expert has no rows to speak of.
  var isEmpty: Bool { weight < 1e-8 }

  /// Σ r ω e with e = (z/ω − sᵀx)² + xᵀ B x, for a mean that lies s = `step` from that of the pass.
  func expectedSquares(step: [Double], covariance: Matrix) -> Double {
    // The rows were centred on their residuals, so this does not cancel unless the step is long.
    let squares = squaresOrScore - 2 * dot(step, slopeProducts) + crossProducts.quadraticForm(step)
    return max(squares, 0) + spread(covariance)
  }

  /// What of Σ r ω e depends on the step and the covariance, whatever Σ r z²/ω is.
  func changeOfSquares(step: [Double], covariance: Matrix) -> Double {
    crossProducts.quadraticForm(step) - 2 * dot(step, slopeProducts) + spread(covariance)
  }

  /// Σ r ω xᵀ B x.
  func spread(_ covariance: Matrix) -> Double {
    var spread = 0.0
    for i in crossProducts.elements.indices { spread += crossProducts.elements[i] * covariance.elements[i] }
    return spread
  }
}
