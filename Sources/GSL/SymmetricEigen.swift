import CGSL

/// The eigenvalues and orthonormal eigenvectors of a symmetric matrix: A = V diag(λ) Vᵀ.
package struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending.
  package let values: [Double]
  /// The eigenvectors, one a column, in the order of ``values``.
  package let vectors: Matrix

  /// Decomposes `matrix`, of which only the lower triangle is read, by symmetric bidiagonalisation and QR (Golub & Van Loan,
  /// §8.3): O(n³).
  ///
  /// - Throws: ``GSLError`` if the matrix is not square, holds a number that is not finite, or the iteration fails.
  package init(_ matrix: Matrix) throws(GSLError) {
    let order = matrix.rows
    func call() -> String { "eigenvalues of a \(order) × \(matrix.columns) matrix with diagonal \(matrix.diagonal)" }
    guard matrix.columns == order, order > 0 else { throw GSLError(status: GSL_ENOTSQR, call: call()) }
    guard matrix.elements.allSatisfy(\.isFinite) else { throw GSLError(domainErrorIn: call()) }
    var destroyed = matrix
    var vectors = Matrix(rows: order, columns: order)
    var values = [Double](repeating: 0, count: order)
    guard let workspace = gsl_eigen_symmv_alloc(order) else {
      throw GSLError(status: GSL_ENOMEM, call: call())
    }
    defer { gsl_eigen_symmv_free(workspace) }
    let status = values.withUnsafeMutableBufferPointer { values in
      var view = gsl_vector_view_array(values.baseAddress, order)
      return destroyed.withGSLMatrix { destroyed in
        vectors.withGSLMatrix { vectors in
          let status = gsl_eigen_symmv(destroyed, &view.vector, vectors, workspace)
          return status == GSL_SUCCESS
            ? gsl_eigen_symmv_sort(&view.vector, vectors, GSL_EIGEN_SORT_VAL_ASC) : status
        }
      }
    }
    try check(status, call())
    self.values = values
    self.vectors = vectors
  }
}
