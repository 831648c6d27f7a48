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
    var factor = law.precision.lower
    for j in scales.indices { mean[j + offset] /= scales[j] }
    if hasIntercept && !mean.isEmpty {
      mean[0] += responseCentre
      for j in scales.indices { mean[0] -= centres[j] * mean[j + 1] }
    }
    mapRows(of: &factor) { j, first, row in centres[j] * first + scales[j] * row }
    return Gaussian(mean: mean, precision: Cholesky(lower: factor))
  }

  /// The law of the standardised coefficients, from that of those in the units of the data.
  func standardized(_ law: Gaussian) -> Gaussian {
    let offset = hasIntercept ? 1 : 0
    var mean = law.mean
    var factor = law.precision.lower
    if hasIntercept && !mean.isEmpty {
      mean[0] -= responseCentre
      for j in scales.indices { mean[0] += centres[j] * mean[j + 1] }
    }
    for j in scales.indices { mean[j + offset] *= scales[j] }
    mapRows(of: &factor) { j, first, row in (row - centres[j] * first) / scales[j] }
    return Gaussian(mean: mean, precision: Cholesky(lower: factor))
  }

  /// Replaces each entry of the row of feature j by a function of the intercept's and its own.
  private func mapRows(of factor: inout Matrix, _ map: (Int, Double, Double) -> Double) {
    let offset = hasIntercept ? 1 : 0
    for j in scales.indices {
      for column in 0...(j + offset) {
        let first = hasIntercept ? factor[0, column] : 0
        factor[j + offset, column] = map(j, first, factor[j + offset, column])
      }
    }
  }
}
