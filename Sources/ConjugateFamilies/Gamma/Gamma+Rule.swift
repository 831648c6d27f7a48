import GSL

extension Gamma {
  /// Values and weights that sum to one, with which Σ w f(value) is E f(x), exactly for polynomials of degree 2n − 1: the generalised rule of Gauss
  /// and Laguerre (Golub & Welsch 1969). For functions that take long, since it has fewer nodes than the rule of ``UncertainNoise``.
  ///
  /// - Parameter count: n.
  /// - Throws: `GSLError` where the shape is out of range.
  package func rule(nodes count: Int) throws(GSLError) -> [(value: Double, weight: Double)] {
    let recurrence = Matrix(symmetricOfOrder: count) { i, j in
      // The lower triangle: j ≤ i.
      i == j ? 2 * Double(i) + shape : i == j + 1 ? (Double(i) * (Double(i) + shape - 1)).squareRoot() : 0
    }
    let eigen = try SymmetricEigen(recurrence)
    return eigen.values.indices.map { q in
      let first = eigen.vectors[0, q]
      // The least of them is above zero but for rounding.
      return (max(eigen.values[q], .ulpOfOne * shape) / rate, first * first)
    }
  }
}
