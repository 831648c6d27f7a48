import GSL
import MixtureCore

extension Matrix {
  /// Checks that a matrix read from a file is a Cholesky factor.
  ///
  /// - Throws: `UnfitValue` unless it is lower triangular and of the given order, its diagonal positive and all of it finite.
  func validateFactor(_ key: String, order: Int) throws {
    try UnfitValue.check(
      key, rows == order && columns == order, "\(rows) × \(columns) where there must be \(order) × \(order)")
    try UnfitValue.at(key) {
      try UnfitValue.checkFinite("elements", elements)
      try UnfitValue.check("elements", diagonal.allSatisfy { $0 > 0 }, "the diagonal must be above 0")
      let isTriangular = (0..<order).allSatisfy { i in (i + 1..<max(order, i + 1)).allSatisfy { self[i, $0] == 0 } }
      try UnfitValue.check("elements", isTriangular, "there must be zeros above the diagonal")
    }
  }
}
