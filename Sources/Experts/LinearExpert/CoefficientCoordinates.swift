import ConjugateFamilies
import GSL
import MixtureCore

/// Coefficients in the units of the data, c, and standardised ones, w, belong together as w = T c + t:
/// w_j = scale_j c_j and, with an intercept, w_0 = c_0 + Σ_j centre_j c_j − responseCentre.
///
/// With the intercept first, Tᵀ is lower triangular, so the Cholesky factor of a precision goes from one to the other,
/// L_c = Tᵀ L_w, without being factorised anew.
extension Standardization {
  /// The law of the coefficients in the units of the data, from that of the standardised ones.
  func original(_ law: Gaussian) -> Gaussian {
    let offset = hasIntercept ? 1 : 0
    var mean = law.mean
    for j in scales.indices where !mean.isEmpty { mean[j + offset] /= scales[j] }
    if hasIntercept && !mean.isEmpty {
      mean[0] += responseCentre
      for j in scales.indices { mean[0] -= centres[j] * mean[j + 1] }
    }
    let factor = mapRows(of: law) { j, first, row in centres[j] * first + scales[j] * row }
    return Gaussian(mean: mean, free: law.free, precision: Cholesky(lower: factor))
  }

  /// The law of the standardised coefficients, from that of those in the units of the data.
  func standardized(_ law: Gaussian) -> Gaussian {
    let factor = mapRows(of: law) { j, first, row in (row - centres[j] * first) / scales[j] }
    return Gaussian(mean: standardized(law.mean), free: law.free, precision: Cholesky(lower: factor))
  }

  /// The standardised coefficients, from those in the units of the data.
  func standardized(_ coefficients: [Double]) -> [Double] {
    let offset = hasIntercept ? 1 : 0
    var result = coefficients
    if hasIntercept {
      result[0] -= responseCentre
      for j in scales.indices { result[0] += centres[j] * coefficients[j + 1] }
    }
    for j in scales.indices { result[j + offset] *= scales[j] }
    return result
  }

  /// The map from coefficients in the units of the data to standardised ones.
  var coefficientMap: AffineMap {
    let offset = hasIntercept ? 1 : 0
    var matrix = Matrix.identity(dimension)
    var inverse = matrix
    var shift = [Double](repeating: 0, count: dimension)
    for j in scales.indices {
      matrix[j + offset, j + offset] = scales[j]
      inverse[j + offset, j + offset] = 1 / scales[j]
      if hasIntercept {
        matrix[0, j + 1] = centres[j]
        inverse[0, j + 1] = -centres[j] / scales[j]
      }
    }
    if hasIntercept { shift[0] = -responseCentre }
    return AffineMap(matrix: matrix, inverse: inverse, offset: shift)
  }

  /// The factor of the free coefficients' precision, with each row of a feature j replaced by a function of the intercept's
  /// row and its own. A fixed intercept has no row; features are not centred then.
  private func mapRows(of law: Gaussian, _ map: (Int, Double, Double) -> Double) -> Matrix {
    var factor = law.precision.lower
    let offset = hasIntercept ? 1 : 0
    let interceptIsFree = hasIntercept && law.free.first == 0
    for (row, coefficient) in law.free.enumerated() where coefficient >= offset {
      for column in 0...row {
        factor[row, column] = map(coefficient - offset, interceptIsFree ? factor[0, column] : 0, factor[row, column])
      }
    }
    return factor
  }
}
