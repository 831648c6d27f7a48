/// A change of coordinates w = T u + t.
public struct AffineMap: Sendable, Codable, Equatable {
  /// The matrix T.
  public let matrix: Matrix
  /// The inverse T⁻¹.
  public let inverse: Matrix
  /// The offset t.
  public let offset: [Double]

  /// The map with the given matrix, its inverse, and offset.
  public init(matrix: Matrix, inverse: Matrix, offset: [Double]) {
    self.matrix = matrix
    self.inverse = inverse
    self.offset = offset
  }

  /// The map that changes nothing.
  public static func identity(_ dimension: Int) -> AffineMap {
    AffineMap(
      matrix: .identity(dimension), inverse: .identity(dimension), offset: Array(repeating: 0, count: dimension))
  }

  /// The map T u + t of a vector.
  public func callAsFunction(_ u: [Double]) -> [Double] { zip(matrix * u, offset).map(+) }

  /// The inverse of the map, T⁻¹ (w − t).
  public func inverse(_ w: [Double]) -> [Double] { inverse * zip(w, offset).map(-) }

  /// The precision Tᵀ Λ T of u that belongs to the precision Λ of w.
  package func precisionBefore(_ precision: Matrix) -> Matrix { matrix.transposed * precision * matrix }

  /// The map of u measured in the given units: w = T D u + t with D = diag(`units`).
  public func taking(units: [Double]) -> AffineMap {
    var result = (matrix: matrix, inverse: inverse)
    for i in units.indices {
      for j in units.indices {
        result.matrix[i, j] *= units[j]
        result.inverse[i, j] /= units[i]
      }
    }
    return AffineMap(matrix: result.matrix, inverse: result.inverse, offset: offset)
  }
}
