import ConjugateFamilies
import GSL
import MixtureCore

extension Regression: Predictive {
  /// What the family makes of N(o + mᵀx, xᵀ B x), the distribution of each row's η.
  ///
  /// - Throws: what the family throws where its distribution is out of range.
  public func predictive(_ tile: Tile) throws -> [Family.Predicted] {
    let unit = coordinates.unit
    let (means, variances) = predictors(tile, coefficients: posterior)
    return try family.predicted(
      tile.rows.map { i in
        UncertainPredictor(
          mean: unit * means[i], variance: unit * (unit * variances[i]),
          trials: tile.trials.map { trials in trials[i] } ?? 1)
      },
      scale: scale, unit: unit)
  }

  /// ln p(y | o + mᵀx) for each row, with the scale at its mean, per unit of the tile's response.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (means, _) = predictors(tile, coefficients: Gaussian(point: posterior.mean))
    let (response, trials, scale) = (tile.response, tile.trials, scale.atMean)
    for i in tile.rows {
      let cell = ResponseCell(response[i], trials: trials.map { $0[i] } ?? 1)
      scores[i] = family.has(cell) ? family.logDensity(cell, eta: means[i], scale: scale) : -.infinity
    }
  }

  /// Mean and variance of each row's η under a distribution of the standardised coefficients, in the units of the fit.
  private func predictors(_ tile: Tile, coefficients: Gaussian) -> (means: [Double], variances: [Double]) {
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
    return (means, variances)
  }
}
