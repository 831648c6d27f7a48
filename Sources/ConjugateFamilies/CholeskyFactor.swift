import GSL
import MixtureCore

extension Matrix {
  /// Checks that a matrix read from a file is a Cholesky factor.
  ///
  /// - Throws: `UnfitValue` unless it is lower triangular and of the given order, its diagonal positive and all of it finite.
  func validateFactor(_ key: String, order: Int) throws {
    try UnfitValue.check(
      key, that: rows == order && columns == order, need: "\(rows) × \(columns) where there must be \(order) × \(order)")
    try UnfitValue.at(key) {
      try UnfitValue.checkFinite("elements", numbers: elements)
      try UnfitValue.check("elements", that: diagonal.allSatisfy { $0 > 0 }, need: "the diagonal must be above 0")
      let isTriangular = (0..<order).allSatisfy { i in (i + 1..<max(order, i + 1)).allSatisfy { self[i, $0] == 0 } }
      try UnfitValue.check("elements", that: isTriangular, need: "there must be zeros above the diagonal")
    }
  }
}
