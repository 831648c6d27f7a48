import ConjugateFamilies
import GSL
import MixtureCore

/// What each row's features predict under a distribution N(m, B) of coefficients: the normal distribution of o + c + wᵀx, o being the offset if there is
/// one and c the centre of the response.
public struct LinearPredictions {
  /// o + c + mᵀx, one number a row, and beyond the last row whatever comes of zeros.
  public let means: [Double]
  /// xᵀ B x, likewise; zero where all coefficients are fixed.
  public let variances: [Double]

  /// The predictions for the rows of a tile.
  ///
  /// - Parameters:
  ///   - tile: the rows.
  ///   - coefficients: the distribution of the standardised coefficients, that of the intercept first if there is one.
  ///   - coordinates: how they are held.
  /// - Complexity: O(rows · d²) for d coefficients, as two matrix products; the second only if a coefficient is not fixed.
  public init(_ tile: Tile, coefficients: Gaussian, coordinates: CoefficientCoordinates) {
    let design = tile.design(coordinates.standardization)
    var means = [Double](repeating: 0, count: tile.capacity)
    var variances = means
    withMutableSpan(of: &means) { design.multiply(by: coefficients.mean.span, columns: 1, into: &$0) }
    for i in tile.rows { means[i] += coordinates.centre + (tile.offset.map { $0[i] } ?? 0) }
    if !coefficients.free.isEmpty {
      let pairs = coefficients.covariance.pairsOfQuadraticForm()
      withMutableSpan(of: &variances) { design.multiplyPairs(by: pairs.span, columns: 1, into: &$0) }
      // Rounding may leave less than nothing of a small one.
      for i in tile.rows { variances[i] = max(variances[i], 0) }
    }
    self.means = means
    self.variances = variances
  }
}
