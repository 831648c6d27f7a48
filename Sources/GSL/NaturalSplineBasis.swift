import CGSL

/// Cubic splines that are straight beyond their boundary (Hastie, Tibshirani & Friedman 2009, §5.2.1), in the basis of R's `ns`: the B-splines
/// without the first, turned so that two of them have all the curvature at the ends, and without these two.
package struct NaturalSplineBasis: Sendable, Equatable {
  private let splines: BSplineBasis

  /// The number of splines: one less than breakpoints.
  package var count: Int { splines.breakpoints.count - 1 }

  /// A basis over the ends of the polynomial pieces, rising; the first and the last are the boundary.
  ///
  /// - Throws: ``GSLError`` for fewer than two breakpoints, or some that are not finite or do not rise.
  package init(breakpoints: [Double]) throws(GSLError) {
    splines = try BSplineBasis(breakpoints: breakpoints, degree: 3)
  }

  /// All splines at each of the points, a column each. O(points · splines²).
  ///
  /// - Throws: ``GSLError`` for a point that is not finite.
  package func values(at points: [Double]) throws(GSLError) -> [[Double]] {
    let curvatures = try splines.curvaturesAtEnds()
    // The curvatures of the splines but the first, as the columns of Q R.
    var factor = Matrix(rows: splines.count - 1, columns: 2)
    for index in 0..<factor.rows { for end in 0..<2 { factor[index, end] = curvatures[index + 1, end] } }
    var scales = Matrix(rows: 2, columns: 1)
    var status = factor.withGSLMatrix { factor in
      scales.withGSLMatrix { scales in
        var column = gsl_matrix_column(scales, 0)
        return gsl_linalg_QR_decomp(factor, &column.vector)
      }
    }
    try check(status, "natural splines over \(splines.breakpoints)")
    let inside = try splines.values(at: points, upTo: 1)
    var columns = Array(repeating: Array(repeating: 0.0, count: points.count), count: count)
    var row = Matrix(rows: factor.rows, columns: 1)
    for point in points.indices {
      for index in 0..<factor.rows { row[index, 0] = inside[index + 1][point] }
      status = factor.withGSLMatrix { factor in
        scales.withGSLMatrix { scales in
          row.withGSLMatrix { row in
            var (scales, row) = (gsl_matrix_column(scales, 0), gsl_matrix_column(row, 0))
            return gsl_linalg_QR_QTvec(factor, &scales.vector, &row.vector)
          }
        }
      }
      try check(status, "natural splines at \(points[point])")
      for index in 0..<count { columns[index][point] = row[index + 2, 0] }
    }
    return columns
  }
}
