import ConjugateFamilies
import GSL
import MixtureCore

extension Regression: Predictive {
  /// What the family makes of N(o + mᵀx, xᵀ B x), the distribution of each row's η.
  ///
  /// - Throws: what the family throws where its distribution is out of range.
  public func predictive(_ tile: Tile) throws -> [Family.Predicted] {
    let unit = coordinates.unit
    let (rows, origin) = (predictors(tile, coefficients: posterior), origin(tile))
    return try family.predicted(
      tile.rows.map { i in
        UncertainPredictor(
          mean: unit * (origin[i] + rows.means[i]), variance: unit * (unit * rows.variances[i]),
          trials: tile.trials.map { trials in trials[i] } ?? 1)
      },
      scale: scale, unit: unit)
  }

  /// ln p(y | o + mᵀx) for each row, with the scale at its mean, per unit of the tile's response.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (rows, scale) = (predictors(tile, coefficients: Gaussian(point: posterior.mean)), scale.atMean)
    for i in tile.rows {
      let cell = rows.response[i]
      scores[i] = family.has(cell) ? family.logDensity(cell, eta: rows.means[i], scale: scale) : -.infinity
    }
  }

  /// What η has beside the features' share: the offset and the centre. Of a family of residuals ``predictors(_:coefficients:)`` is less it.
  private func origin(_ tile: Tile) -> [Double] {
    guard Family.isOfResiduals else { return [Double](repeating: 0, count: tile.rowCount) }
    return tile.rows.map { coordinates.centre + (tile.offset?[$0] ?? 0) }
  }

  /// Each row's response, with mean and variance of its η under a distribution of the standardised coefficients, in the units of the fit;
  /// of a family of residuals both less offset and centre, so that nothing cancels far from the origin.
  func predictors(
    _ tile: Tile, coefficients: Gaussian
  ) -> (response: ResponseRows, means: [Double], variances: [Double]) {
    let design = tile.design(coordinates.standardization)
    var means = [Double](repeating: 0, count: tile.capacity)
    var variances = means
    withMutableSpan(of: &means) { design.multiply(by: coefficients.mean.span, columns: 1, into: &$0) }
    if !coefficients.free.isEmpty {
      let pairs = coefficients.covariance.pairsOfQuadraticForm()
      withMutableSpan(of: &variances) { design.multiplyPairs(by: pairs.span, columns: 1, into: &$0) }
      // Rounding may leave less than nothing of a small one.
      for i in tile.rows { variances[i] = max(variances[i], 0) }
    }
    guard !Family.isOfResiduals else {
      let values = tile.responseLessOffset.map { $0 - coordinates.centre }
      return (ResponseRows(count: tile.rowCount, values: values), means, variances)
    }
    for i in tile.rows { means[i] += coordinates.centre + (tile.offset?[i] ?? 0) }
    return (ResponseRows(count: tile.rowCount, values: tile.response, trials: tile.trials), means, variances)
  }
}
