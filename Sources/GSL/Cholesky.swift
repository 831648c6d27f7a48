import CGSL
import Foundation

/// The Cholesky factorisation A = L Lᵀ of a symmetric positive definite matrix.
public struct Cholesky: Sendable, Equatable {
  /// The lower triangular factor L.
  public var lower: Matrix { factor }

  /// Whether the matrix is diagonal, so that no product need be formed.
  public let isDiagonal: Bool

  private var factor: Matrix

  /// Factorises `matrix`, of which only the lower triangle is read: O(n³ / 3), as products of blocks; O(n²) where it is diagonal.
  ///
  /// - Throws: ``GSLError`` if the matrix is not square, not positive definite, or holds a number that is not finite.
  package init(factorizing matrix: Matrix) throws(GSLError) {
    let order = matrix.rows
    func call() -> String {
      "Cholesky factorisation of a \(order) × \(matrix.columns) matrix with diagonal \(matrix.diagonal)"
    }
    guard matrix.columns == order else { throw GSLError(status: GSL_ENOTSQR, call: call()) }
    factor = matrix
    isDiagonal = matrix.isLowerTriangleDiagonal
    guard order > 0 else { return }
    if isDiagonal {
      factor = Matrix(diagonal: matrix.diagonal.map { $0.squareRoot() })
    } else {
      try check(factor.withBlock { $0.factorize() }, call())
      factor.withBlock { $0.clearUpperTriangle() }
    }
    // A NaN passes GSL's test for positive pivots.
    guard factor.diagonal.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw GSLError(domainErrorIn: call())
    }
  }

  /// The factorisation whose factor is `lower`: lower triangular with a positive diagonal.
  public init(lower: Matrix) {
    precondition(lower.rows == lower.columns && lower.diagonal.allSatisfy { $0 > 0 }, "not a Cholesky factor")
    factor = lower
    isDiagonal = lower.isLowerTriangleDiagonal
  }

  /// The factorisation of `scale` times the identity.
  public init(identity order: Int, scale: Double) {
    self.init(lower: .identity(order, scale: scale.squareRoot()))
  }

  /// The factorised matrix A = L Lᵀ.
  public var matrix: Matrix {
    isDiagonal ? Matrix(diagonal: factor.diagonal.map { $0 * $0 }) : factor * factor.transposed
  }

  /// A + B, for a matrix B of the same order: O(n³), or O(n) beside the copy where A is diagonal.
  public static func + (a: Cholesky, b: Matrix) -> Matrix {
    guard a.isDiagonal else { return a.matrix + b }
    var sum = b
    for i in 0..<a.order { sum[i, i] += a.factor[i, i] * a.factor[i, i] }
    return sum
  }

  /// The number of rows of the factorised matrix.
  public var order: Int { factor.rows }

  /// The logarithm of the determinant, ln |A| = 2 Σ ln Lᵢᵢ.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<order { sum += log(factor[i, i]) }
    return 2 * sum
  }

  /// The solution x of A x = b: O(n²).
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "\(order) entries expected, \(b.count) given")
    var y = b
    let entries = factor.elements.span
    for i in 0..<order {
      var value = y[i]
      for j in 0..<i { value -= entries[i * order + j] * y[j] }
      y[i] = value / entries[i * order + i]
    }
    return solveTransposed(y)
  }

  /// The solution x of Lᵀ x = b: turns a standard normal vector into one with covariance A⁻¹. O(n²).
  public func solveTransposed(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "\(order) entries expected, \(b.count) given")
    var x = b
    let entries = factor.elements.span
    // Row by row of L, as it is stored.
    for i in stride(from: order - 1, through: 0, by: -1) {
      x[i] /= entries[i * order + i]
      let value = x[i]
      for j in 0..<i { x[j] -= entries[i * order + j] * value }
    }
    return x
  }

  /// The factorisation of A + B, with B = F Fᵀ, and the vector y for which L′ᵀ x = y has the least squares
  /// ‖Lᵀ x − a‖² + ‖Fᵀ x − b‖²: each column of F is rotated into L (Gill, Golub, Murray & Saunders 1974), so that no pivot of either is
  /// lost to rounding. O(n³).
  package func rotating(in other: Cholesky, _ a: [Double], _ b: [Double]) -> (Cholesky, [Double]) {
    precondition(other.order == order && a.count == order && b.count == order, "factors and sides of one order expected")
    var (sum, side) = (factor, a)
    for column in 0..<order {
      var (rest, right) = ((0..<order).map { other.factor[$0, column] }, b[column])
      for j in column..<order {
        let pivot = hypot(sum[j, j], rest[j])
        let (cosine, sine) = (sum[j, j] / pivot, rest[j] / pivot)
        sum[j, j] = pivot
        for i in (j + 1)..<max(order, j + 1) {
          (sum[i, j], rest[i]) = (cosine * sum[i, j] + sine * rest[i], cosine * rest[i] - sine * sum[i, j])
        }
        (side[j], right) = (cosine * side[j] + sine * right, cosine * right - sine * side[j])
      }
    }
    return (Cholesky(lower: sum), side)
  }

  /// The quadratic form vᵀ A v = ‖Lᵀ v‖².
  public func quadraticForm(_ v: [Double]) -> Double { whitening(v).reduce(0) { $0 + $1 * $1 } }

  /// L v: turns a standard normal vector into one with covariance A. O(n²).
  package func colouring(_ v: [Double]) -> [Double] {
    isDiagonal ? v.indices.map { factor[$0, $0] * v[$0] } : factor * v
  }

  /// Lᵀ v: turns a vector with covariance A⁻¹ into a standard normal one. O(n²).
  package func whitening(_ v: [Double]) -> [Double] {
    precondition(v.count == order, "\(order) entries expected, \(v.count) given")
    if isDiagonal { return v.indices.map { factor[$0, $0] * v[$0] } }
    var product = [Double](repeating: 0, count: order)
    let entries = factor.elements.span
    withMutableSpan(of: &product) { product in
      for i in 0..<order { for j in 0...i { product[j] += entries[i * order + j] * v[i] } }
    }
    return product
  }

  /// tr(A B) for symmetric B: O(n³).
  public func traceOfProduct(with b: Matrix) -> Double {
    if isDiagonal {
      return (0..<order).reduce(0) { $0 + factor[$1, $1] * factor[$1, $1] * b[$1, $1] }
    }
    // tr(L Lᵀ B) = Σ_j l_jᵀ B l_j over the columns of L.
    return dot(factor.elements, (b * factor).elements)
  }

  /// The inverse V and a power of two u_i for each row, for which A⁻¹ = V_ij / (u_i u_j): V is in range also where A⁻¹ is not. O(n³).
  public var inverseInUnits: (inverse: Matrix, units: [Double]) {
    let entries = factor.elements.span
    func columns(ofRow i: Int) -> ClosedRange<Int> { (isDiagonal ? i : 0)...i }
    let units = (0..<order).map { i in
      var size = 0.0
      for j in columns(ofRow: i) { size = max(size, abs(entries[i * order + j])) }
      return Double(sign: .plus, exponent: size.isNormal ? size.exponent : 0, significand: 1)
    }
    // Far from the ends of the range they make no difference.
    if units.allSatisfy({ abs($0.exponent) < 200 }) { return (inverse, Array(repeating: 1, count: order)) }
    var scaled = self
    withMutableSpan(of: &scaled.factor.elements) { scaled in
      for i in 0..<order { for j in columns(ofRow: i) { scaled[i * order + j] /= units[i] } }
    }
    return (scaled.inverse, units)
  }

  /// The inverse A⁻¹, exactly symmetric: O(n³).
  public var inverse: Matrix {
    if isDiagonal { return Matrix(diagonal: factor.diagonal.map { 1 / ($0 * $0) }) }
    // A⁻¹ = Wᵀ W with W = L⁻¹.
    var (root, result) = (factor, factor)
    root.withBlock { root in
      root.clearUpperTriangle()
      root.invert()
      result.withBlock { root.multiplyTransposed(into: $0) }
    }
    return result
  }
}

extension Matrix {
  /// Whether there is nothing below the diagonal.
  fileprivate var isLowerTriangleDiagonal: Bool {
    elements.withUnsafeBufferPointer { entries in
      (0..<rows).allSatisfy { i in entries[(i * columns)..<(i * columns + i)].allSatisfy { $0 == 0 } }
    }
  }

  /// Calls `body` with GSL's view of the entries.
  mutating func withGSLMatrix<Result>(_ body: (UnsafeMutablePointer<gsl_matrix>) -> Result) -> Result {
    let (rows, columns) = (self.rows, self.columns)
    return elements.withUnsafeMutableBufferPointer { buffer in
      var view = gsl_matrix_view_array(buffer.baseAddress, rows, columns)
      return body(&view.matrix)
    }
  }
}
