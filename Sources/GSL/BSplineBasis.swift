import CGSL

/// The B-splines of one degree over a row of breakpoints (de Boor, "A Practical Guide to Splines", 2001): piecewise
/// polynomials that sum to 1, each above zero on at most degree + 1 neighbouring intervals.
package struct BSplineBasis: Sendable, Equatable {
  /// The ends of the polynomial pieces, rising; the first and the last are the boundary.
  package let breakpoints: [Double]
  /// The degree of the pieces; 3 for cubic splines.
  package let degree: Int

  /// The number of splines: breakpoints + degree − 1.
  package var count: Int { breakpoints.count + degree - 1 }

  /// A basis.
  ///
  /// - Throws: ``GSLError`` for fewer than two breakpoints, breakpoints that are not finite or do not rise, or a negative
  ///   degree.
  package init(breakpoints: [Double], degree: Int) throws(GSLError) {
    let rises = zip(breakpoints, breakpoints.dropFirst()).allSatisfy { $0 < $1 }
    guard breakpoints.count >= 2, rises, breakpoints.allSatisfy(\.isFinite), degree >= 0 else {
      throw GSLError(domainErrorIn: "B-splines of degree \(degree) over \(breakpoints)")
    }
    self.breakpoints = breakpoints
    self.degree = degree
  }

  /// All splines at each of the points: `count` columns of as many values as there are points. O(points · degree²).
  ///
  /// Beyond the boundary the outermost polynomial pieces go on, as the Taylor series Σ_d B⁽ᵈ⁾(b) (x − b)ᵈ / d! about the
  /// boundary b; there the splines still sum to 1, but are no longer above zero.
  ///
  /// - Throws: ``GSLError`` for a point that is not finite.
  package func values(at points: [Double]) throws(GSLError) -> [[Double]] { try values(at: points, upTo: degree) }

  /// All splines at each of the points; beyond the boundary the Taylor series ends with the derivative of the given order.
  func values(at points: [Double], upTo lastOrder: Int) throws(GSLError) -> [[Double]] {
    var columns = Array(repeating: Array(repeating: 0.0, count: points.count), count: count)
    try forEach(points, orders: { $0 == $1 ? 0 : lastOrder }) { row, distance, order, derivatives in
      for index in 0..<count {
        columns[index][row] = (0...order).reversed().reduce(0) { sum, d in
          derivatives[index, d] + sum * distance / Double(d + 1)
        }
      }
    }
    return columns
  }

  /// The second derivatives of all splines at both ends of the boundary, a column each.
  func curvaturesAtEnds() throws(GSLError) -> Matrix {
    var result = Matrix(rows: count, columns: 2)
    try forEach([breakpoints[0], breakpoints[breakpoints.count - 1]], orders: { _, _ in 2 }) { end, _, _, derivatives in
      for index in 0..<count { result[index, end] = derivatives[index, 2] }
    }
    return result
  }

  /// Calls `body` with the number of each point, its distance from the nearest point inside the boundary, and the derivatives of all splines
  /// there up to the order that `orders` says of the point and that one.
  private func forEach(
    _ points: [Double], orders: (_ point: Double, _ inside: Double) -> Int,
    _ body: (_ row: Int, _ distance: Double, _ order: Int, _ derivatives: Matrix) -> Void
  ) throws(GSLError) {
    guard let workspace = gsl_bspline_alloc(degree + 1, breakpoints.count) else {
      throw GSLError(status: GSL_ENOMEM, call: "\(count) B-splines of degree \(degree)")
    }
    defer { gsl_bspline_free(workspace) }
    var knots = Matrix(rows: breakpoints.count, columns: 1, elements: breakpoints)
    let status = knots.withGSLMatrix { matrix in
      var column = gsl_matrix_column(matrix, 0)
      return gsl_bspline_knots(&column.vector, workspace)
    }
    try check(status, "knots \(breakpoints)")
    var derivatives = Matrix(rows: count, columns: degree + 1)
    for (row, point) in points.enumerated() {
      let inside = min(max(point, breakpoints[0]), breakpoints[breakpoints.count - 1])
      let order = orders(point, inside)
      let status = derivatives.withGSLMatrix { matrix in
        var leading = gsl_matrix_submatrix(matrix, 0, 0, count, order + 1)
        return gsl_bspline_deriv_eval(inside, order, &leading.matrix, workspace)
      }
      try check(status, "B-splines at \(point)")
      body(row, point - inside, order, derivatives)
    }
  }
}
