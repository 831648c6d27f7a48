import ConjugateFamilies
import GSL
import MixtureCore

extension LinearExpert: Predictive {
  /// N(o + mᵀx, 1 / E β + xᵀ B x) for each row.
  public func predictive(_ tile: Tile) -> [NormalDistribution] {
    let dimension = posterior.dimension
    let pairs = (0..<dimension).flatMap { a in
      (a..<dimension).map { b in posterior.covariance[a, b] * (a == b ? 1 : 2) }
    }
    let means = predictedMeans(tile)
    var spreads = means
    let design = tile.design(standardization)
    withMutableSpan(of: &spreads) { design.multiplyPairs(by: pairs.span, columns: 1, into: &$0) }
    return tile.rows.map { NormalDistribution(mean: means[$0], variance: noiseVariance + max(spreads[$0], 0)) }
  }

  /// ln N(y | o + mᵀx, 1 / E β) for each row.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (means, response) = (predictedMeans(tile), tile.response)
    for i in tile.rows {
      scores[i] = NormalDistribution(mean: means[i], variance: noiseVariance).logDensity(at: response[i])
    }
  }

  /// o + mᵀx in the units of the response.
  private func predictedMeans(_ tile: Tile) -> [Double] {
    var means = [Double](repeating: 0, count: tile.capacity)
    let design = tile.design(standardization)
    withMutableSpan(of: &means) { design.multiply(by: posterior.mean.span, columns: 1, into: &$0) }
    for i in tile.rows { means[i] += standardization.responseCentre + (tile.offset.map { $0[i] } ?? 0) }
    return means
  }
}
