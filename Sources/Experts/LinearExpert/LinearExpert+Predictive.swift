import ConjugateFamilies
import GSL
import MixtureCore

extension LinearExpert: Predictive {
  /// N(o + mᵀx, 1 / E β + xᵀ B x) for each row.
  public func predictive(_ tile: Tile) -> [NormalDistribution] {
    let predictions = LinearPredictions(tile, posterior, standardization)
    return tile.rows.map {
      NormalDistribution(mean: predictions.means[$0], variance: noiseVariance + predictions.variances[$0])
    }
  }

  /// ln N(y | o + mᵀx, 1 / E β) for each row.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let means = LinearPredictions(tile, Gaussian(point: posterior.mean), standardization).means
    let response = tile.response
    for i in tile.rows {
      scores[i] = NormalDistribution(mean: means[i], variance: noiseVariance).logDensity(at: response[i])
    }
  }
}
