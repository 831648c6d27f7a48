import ConjugateFamilies
import GSL
import MixtureCore

extension LinearExpert: Predictive {
  /// ∫ N(o + mᵀx, 1/β + xᵀ B x) q(β) dβ for each row.
  ///
  /// - Throws: `GSLError` where q(β) is out of range.
  public func predictive(_ tile: Tile) throws -> [UncertainNormal] {
    let (predictions, unit) = (
      LinearPredictions(tile, coefficients: posterior, coordinates: coordinates), coordinates.unit
    )
    let noise = try noiseOfFit.map(UncertainNoise.init(precision:)) ?? UncertainNoise(variance: 1 / precisionOfFit.mean)
    let ofData = noise.scaled(by: unit)
    return tile.rows.map {
      UncertainNormal(
        mean: unit * predictions.means[$0], varianceOfMean: unit * (unit * predictions.variances[$0]), noise: ofData)
    }
  }

  /// What is known of the noise precision β after a fit, in the units of the data: its posterior, or of an estimated one Gamma(a, a / β) with
  /// a half its degrees of freedom. Nil where the noise is known, or coefficients are points.
  public var noiseDistribution: Gamma? {
    noiseOfFit?.scaled(by: 1 / (coordinates.unit * coordinates.unit))
  }

  /// The same in the units of the fit. In ln β an estimated precision has the curvature of (a ln β − b β), the ELBO with q(w) at its best.
  private var noiseOfFit: Gamma? {
    switch precisionOfFit {
    case .gamma(let distribution): distribution
    case .value(let precision):
      degreesOfFreedom.flatMap { try? Gamma(shape: 0.5 * $0, rate: 0.5 * $0 / precision) }
    }
  }

  /// ln N(y | o + mᵀx, 1 / E β) for each row, per unit of the tile's response.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let means = LinearPredictions(
      tile, coefficients: Gaussian(point: posterior.mean), coordinates: coordinates
    ).means
    let (response, variance) = (tile.response, 1 / precisionOfFit.mean)
    for i in tile.rows { scores[i] = NormalDistribution(mean: means[i], variance: variance).logDensity(at: response[i]) }
  }
}
