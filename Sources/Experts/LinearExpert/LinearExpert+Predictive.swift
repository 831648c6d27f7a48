import ConjugateFamilies
import GSL
import MixtureCore

extension LinearExpert: Predictive {
  /// N(o + mᵀx, 1 / E β + xᵀ B x) for each row.
  public func predictive(_ tile: Tile) -> [NormalDistribution] {
    let (predictions, unit) = (LinearPredictions(tile, posterior, standardization), standardization.responseUnit)
    let noise = 1 / precisionOfFit.mean
    return tile.rows.map {
      NormalDistribution(
        mean: unit * predictions.means[$0], variance: unit * (unit * (noise + predictions.variances[$0])))
    }
  }

  /// ln N(y | o + mᵀx, 1 / E β) for each row, per unit of the tile's response.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let means = LinearPredictions(tile, Gaussian(point: posterior.mean), standardization).means
    let (response, variance) = (tile.response, 1 / precisionOfFit.mean)
    for i in tile.rows { scores[i] = NormalDistribution(mean: means[i], variance: variance).logDensity(at: response[i]) }
  }
}
