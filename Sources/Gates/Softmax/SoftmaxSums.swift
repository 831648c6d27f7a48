import GSL

/// The sums of a pass, from which the update follows alone: s, and the curvature that belongs to it.
///
/// With w = Σ_k r_k, the gradient g_k = Σ x (r_k − w π_k) and a curvature H, s = g + H M, so that the next coefficients are
/// (H + λ I)⁻¹ s, whatever M was. H is that of the log-likelihood itself, whose blocks for children k ≠ l are −Σ w π_k π_l x xᵀ and
/// whose rows of blocks add up to zero: a step of Newton's. Where children are so many that it would cost too much, it is Böhning's,
/// ½ (I − 11ᵀ / K) ⊗ Σ w x xᵀ.
struct SoftmaxSums {
  /// s, child after child.
  var sums: [Double]
  /// Σ w π_k π_l x xᵀ for the children k < l; empty where the curvature is Böhning's.
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
    var pairsOfChildren: [(Int, Int)]
    var objective: Int { curvatures.upperBound }
    var undecided: Int { curvatures.upperBound + 1 }
    var count: Int { curvatures.upperBound + 2 }
    var hasCurvature: Bool { !pairsOfChildren.isEmpty }
    var curvatureColumns: Int { pairsOfChildren.count + 1 }

    /// With more children, or more coefficients, than this, the sums and equations of Newton's step cost more than they save.
    private static let (mostChildren, mostCoefficients) = (10, 300)

    init(_ childCount: Int, _ dimension: Int) {
      let isSmall = childCount <= Self.mostChildren && childCount * dimension <= Self.mostCoefficients
      pairsOfChildren = isSmall ? (0..<childCount).flatMap { l in (0..<l).map { ($0, l) } } : []
      sums = 0..<(childCount * dimension)
      let pairs = Matrix.pairCount(dimension)
      curvatures = sums.upperBound..<(sums.upperBound + (pairsOfChildren.count + 1) * pairs)
    }
  }

  init(_ statistics: Span<Double>, childCount: Int, dimension: Int) {
    let layout = Layout(childCount, dimension)
    sums = layout.sums.map { statistics[$0] }
    var matrices = (0..<layout.curvatureColumns).map {
      Matrix(pairs: statistics, from: layout.curvatures.lowerBound + $0 * Matrix.pairCount(dimension), order: dimension)
    }
    square = matrices.removeLast()
    products = matrices
    (objective, undecided) = (statistics[layout.objective], statistics[layout.undecided])
  }

  /// H + penalty I of Newton's step, children one after another; with ½ Σ w x xᵀ for the sum over them, of which H knows nothing.
  func curvature(penalty: Double) -> Matrix {
    let dimension = square.rows
    let count = sums.count / dimension
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
