import GSL

/// The sums of a pass, from which the update follows alone: s, and the curvature that belongs to it.
///
/// With the gradient g_k = Σ x (r_k − w π_k) and a curvature H, s = g + H M, so that the next means are (H + λ I)⁻¹ s, whatever M was.
/// H is that of the log-likelihood itself, whose blocks for experts k ≠ l are −Σ w π_k π_l x xᵀ and whose rows of blocks add up to
/// zero: a step of Newton's. Where experts are so many that it would cost too much, it is Böhning's, ½ (I − 11ᵀ / K) ⊗ Σ w x xᵀ.
struct SoftmaxSums {
  /// s, a column an expert.
  var sums: [[Double]]
  /// Σ w π_k π_l x xᵀ for the experts k < l; empty where the curvature is Böhning's.
  var products: [Matrix]
  /// Σ w x xᵀ.
  var square: Matrix
  /// Σ_ik r_ik ln π_ik.
  var objective: Double
  /// Σ_i w_i (1 − Σ_k π_ik²).
  var undecided: Double

  /// Where each of them lies in the slice.
  struct Layout {
    var sums: Range<Int>
    var curvatures: Range<Int>
    var pairsOfExperts: [(Int, Int)]
    var objective: Int { curvatures.upperBound }
    var undecided: Int { curvatures.upperBound + 1 }
    var count: Int { curvatures.upperBound + 2 }
    var hasCurvature: Bool { !pairsOfExperts.isEmpty }
    var curvatureColumns: Int { pairsOfExperts.count + 1 }

    /// With more experts, or more coefficients, than this, the sums and equations of Newton's step cost more than they save.
    private static let (mostExperts, mostCoefficients) = (10, 300)

    init(_ expertCount: Int, _ dimension: Int) {
      let isSmall = expertCount <= Self.mostExperts && expertCount * dimension <= Self.mostCoefficients
      pairsOfExperts = isSmall ? (0..<expertCount).flatMap { l in (0..<l).map { ($0, l) } } : []
      sums = 0..<(expertCount * dimension)
      let pairs = dimension * (dimension + 1) / 2
      curvatures = sums.upperBound..<(sums.upperBound + (pairsOfExperts.count + 1) * pairs)
    }
  }

  init(_ statistics: Span<Double>, expertCount: Int, dimension: Int) {
    let layout = Layout(expertCount, dimension)
    sums = (0..<expertCount).map { k in (0..<dimension).map { statistics[k * dimension + $0] } }
    var next = layout.curvatures.lowerBound
    var matrices: [Matrix] = []
    for _ in 0..<layout.curvatureColumns {
      var matrix = Matrix(rows: dimension, columns: dimension)
      for a in 0..<dimension {
        for b in a..<dimension {
          matrix[a, b] = statistics[next]
          matrix[b, a] = matrix[a, b]
          next += 1
        }
      }
      matrices.append(matrix)
    }
    square = matrices.removeLast()
    products = matrices
    (objective, undecided) = (statistics[layout.objective], statistics[layout.undecided])
  }

  /// H + penalty I of Newton's step, experts one after another; with ½ Σ w x xᵀ for the sum over the experts, of which H knows nothing.
  func curvature(penalty: Double) -> Matrix {
    let (count, dimension) = (sums.count, square.rows)
    var result = Matrix(rows: count * dimension, columns: count * dimension)
    func add(_ block: Matrix, times factor: Double, at k: Int, _ l: Int) {
      for a in 0..<dimension {
        for b in 0..<dimension { result[k * dimension + a, l * dimension + b] += factor * block[a, b] }
      }
    }
    for k in 0..<count { for l in 0..<count { add(square, times: 0.5 / Double(count), at: k, l) } }
    var next = 0
    for l in 0..<count {
      for k in 0..<l {
        for (a, b, sign) in [(k, l, -1.0), (l, k, -1), (k, k, 1), (l, l, 1)] { add(products[next], times: sign, at: a, b) }
        next += 1
      }
    }
    return result.addingToDiagonal(penalty)
  }
}
