import CGSL
import CGSLSupport

/// A square part of a matrix that is stored row by row, `stride` apart. What follows works in place, on halves of halves: all but a
/// small share of the operations are products, which BLAS makes.
struct TriangularBlock {
  let entries: UnsafeMutablePointer<Double>
  let order: Int
  let stride: Int

  /// Up to this order GSL's own loops are as fast.
  private static let smallest = 48

  private var half: Int { (order / 2 + 7) / 8 * 8 }
  private var upperLeft: TriangularBlock { TriangularBlock(entries: entries, order: half, stride: stride) }
  private var lowerLeft: UnsafeMutablePointer<Double> { entries + half * stride }
  private var lowerRight: TriangularBlock {
    TriangularBlock(entries: entries + half * (stride + 1), order: order - half, stride: stride)
  }

  /// Replaces the lower triangle of a symmetric positive definite matrix by its Cholesky factor, and leaves anything above. Returns
  /// GSL's status.
  func factorize() -> Int32 {
    guard order > Self.smallest else { return withGSLMatrix { gsl_linalg_cholesky_decomp1($0) } }
    let status = upperLeft.factorize()
    guard status == GSL_SUCCESS else { return status }
    upperLeft.solve(rows: lowerRight.order, of: lowerLeft)
    lowerRight.subtractSquare(of: lowerLeft, columns: half)
    return lowerRight.factorize()
  }

  /// Replaces a lower triangular matrix, with zeros above, by its inverse. Cannot fail where the diagonal is positive.
  func invert() {
    guard order > Self.smallest else {
      _ = withGSLMatrix { gsl_linalg_tri_invert(CblasLower, CblasNonUnit, $0) }
      return
    }
    let (rows, columns) = (order - half, half)
    // −L22⁻¹ L21 L11⁻¹ in the lower left.
    var product = [Double](repeating: 0, count: rows * columns)
    upperLeft.invert()
    lowerRight.invert()
    product.withUnsafeMutableBufferPointer { product in
      blas_dgemm(
        false, false, Int32(columns), Int32(rows), Int32(columns), 1, entries, Int32(stride), lowerLeft, Int32(stride), 0,
        product.baseAddress, Int32(columns))
      blas_dgemm(
        false, false, Int32(columns), Int32(rows), Int32(rows), -1, product.baseAddress, Int32(columns),
        lowerRight.entries, Int32(stride), 0, lowerLeft, Int32(stride))
    }
  }

  /// Zeros above the diagonal.
  func clearUpperTriangle() {
    for i in 0..<order { for j in (i + 1)..<max(order, i + 1) { entries[i * stride + j] = 0 } }
  }

  /// The symmetric matrix Wᵀ W of a lower triangular W with zeros above, over matrices of the order that `square` has room for.
  func multiplyTransposed(into square: TriangularBlock) {
    let width = Self.smallest
    for column in Swift.stride(from: 0, to: order, by: width) {
      let columns = min(width, order - column)
      for row in Swift.stride(from: column, to: order, by: width) {
        let rows = min(width, order - row)
        // W has nothing above its row-th row in the columns from the row-th on.
        blas_dgemm(
          false, true, Int32(columns), Int32(rows), Int32(order - row), 1, entries + row * stride + column, Int32(stride),
          entries + row * (stride + 1), Int32(stride), 0, square.entries + row * square.stride + column,
          Int32(square.stride))
      }
    }
    for i in 0..<order { for j in 0..<i { square.entries[j * square.stride + i] = square.entries[i * square.stride + j] } }
  }

  /// Replaces each of some rows x, `stride` apart, by the solution z of L z = x, L being this lower triangle.
  private func solve(rows: Int, of x: UnsafeMutablePointer<Double>) {
    guard order > 16 else {
      for i in 0..<rows {
        let row = x + i * stride
        for j in 0..<order {
          let factor = entries + j * stride
          var value = row[j]
          for m in 0..<j { value -= row[m] * factor[m] }
          row[j] = value / factor[j]
        }
      }
      return
    }
    upperLeft.solve(rows: rows, of: x)
    blas_dgemm(
      true, false, Int32(order - half), Int32(rows), Int32(half), -1, lowerLeft, Int32(stride), x, Int32(stride), 1,
      x + half, Int32(stride))
    lowerRight.solve(rows: rows, of: x + half)
  }

  /// Subtracts Y Yᵀ from the lower triangle, for a Y of as many rows, `stride` apart.
  private func subtractSquare(of y: UnsafeMutablePointer<Double>, columns: Int) {
    for row in Swift.stride(from: 0, to: order, by: 2 * Self.smallest) {
      let width = min(2 * Self.smallest, order - row)
      blas_dgemm(
        true, false, Int32(width), Int32(order - row), Int32(columns), -1, y + row * stride, Int32(stride),
        y + row * stride, Int32(stride), 1, entries + row * (stride + 1), Int32(stride))
    }
  }

  private func withGSLMatrix(_ body: (UnsafeMutablePointer<gsl_matrix>) -> Int32) -> Int32 {
    var view = gsl_matrix_view_array_with_tda(entries, order, order, stride)
    return body(&view.matrix)
  }
}

extension Matrix {
  /// Calls `body` with a square matrix as one block.
  mutating func withBlock<Result>(_ body: (TriangularBlock) -> Result) -> Result {
    let order = rows
    return elements.withUnsafeMutableBufferPointer { buffer in
      // Safe: a matrix with rows has entries, and nobody asks for the block of an empty one.
      body(TriangularBlock(entries: buffer.baseAddress!, order: order, stride: order))
    }
  }
}
