import ConjugateFamilies
import GSL
import MixtureCore

extension LinearExpert: Predictive {
  /// N(mᵀx, 1 / E β + xᵀ B x) for each row.
  public func predictive(_ tile: Tile) -> [NormalDistribution] {
    let design = tile.design(standardization)
    var means = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &means) { design.multiply(by: posterior.mean.span, columns: 1, into: &$0) }
    let dimension = posterior.dimension
    let pairs = (0..<dimension).flatMap { a in
      (a..<dimension).map { b in posterior.covariance[a, b] * (a == b ? 1 : 2) }
    }
    var spreads = means
    withMutableSpan(of: &spreads) { design.multiplyPairs(by: pairs.span, columns: 1, into: &$0) }
    return tile.rows.map {
      NormalDistribution(
        mean: means[$0] + standardization.responseCentre, variance: noiseVariance + max(spreads[$0], 0))
    }
  }

  /// ln N(y | mᵀx, 1 / E β) for each row.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let design = tile.design(standardization)
    var means = [Double](repeating: 0, count: tile.capacity)
    withMutableSpan(of: &means) { design.multiply(by: posterior.mean.span, columns: 1, into: &$0) }
    let response = tile.response
    for i in tile.rows {
      let law = NormalDistribution(mean: means[i] + standardization.responseCentre, variance: noiseVariance)
      scores[i] = law.logDensity(at: response[i])
    }
  }
}
