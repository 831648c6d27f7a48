import CGSL

extension Matrix {
  /// The solution x of A x = b for a square matrix A, by LU factorisation with pivoting: O(n³).
  ///
  /// - Throws: ``GSLError`` if the matrix is not square, singular, or holds a number that is not finite.
  package func solving(_ b: [Double]) throws(GSLError) -> [Double] {
    func call() -> String { "solution of \(rows) × \(columns) equations with diagonal \(diagonal)" }
    guard rows == columns, b.count == rows, rows > 0 else { throw GSLError(status: GSL_ENOTSQR, call: call()) }
    guard let permutation = gsl_permutation_alloc(rows) else { throw GSLError(status: GSL_ENOMEM, call: call()) }
    defer { gsl_permutation_free(permutation) }
    var factor = self
    var solution = b
    let status = solution.withUnsafeMutableBufferPointer { solution in
      var view = gsl_vector_view_array(solution.baseAddress, rows)
      return factor.withGSLMatrix { factor in
        var sign: Int32 = 0
        let status = gsl_linalg_LU_decomp(factor, permutation, &sign)
        return status == GSL_SUCCESS ? gsl_linalg_LU_svx(factor, permutation, &view.vector) : status
      }
    }
    try check(status, call())
    guard solution.allSatisfy(\.isFinite) else { throw GSLError(domainErrorIn: call()) }
    return solution
  }
}
