import Foundation
import GSL
import MixtureCore

/// The predictive distribution of a response whose linear predictor is uncertain: ∫ p(y | η) N(η; μ, v) dη.
public struct PredictedResponse<Family: ResponseFamily>: UnivariateDistribution {
  /// The distribution of the response given η.
  public let family: Family
  /// η, and the number of trials.
  public let predictor: UncertainPredictor
  /// What the family has beside coefficients.
  public let scale: Family.Scale
  private let quadrature: PredictorQuadrature

  /// A response of the family, with η as uncertain as `predictor`.
  public init(_ family: Family, _ predictor: UncertainPredictor, scale: Family.Scale) {
    (self.family, self.predictor, self.scale) = (family, predictor, scale)
    quadrature = PredictorQuadrature(family, predictor, scale: scale)
  }

  /// That of the family.
  public var support: ResponseSupport { Family.support }

  /// The mean of the means, E E (y | η).
  public var mean: Double { quadrature.average { family.mean(eta: $0, trials: predictor.trials, scale: scale) } }

  /// The mean variance plus the variance of the means.
  public var variance: Double {
    let mean = self.mean
    return quadrature.average { eta in
      let distance = family.mean(eta: eta, trials: predictor.trials, scale: scale) - mean
      return family.variance(eta: eta, trials: predictor.trials, scale: scale) + distance * distance
    }
  }

  /// ln E p(value | η).
  public func logDensity(at value: Double) -> Double {
    let cell = ResponseCell(value, trials: predictor.trials)
    if !family.has(cell) { return -.infinity }
    var terms: [Double] = []
    quadrature.reaching(cell, family, predictor, scale: scale).forEach { eta, logWeight in
      terms.append(logWeight + family.logDensity(cell, eta: eta, scale: scale))
    }
    return logSumOfExponentials(terms)
  }

  /// E P(Y ≤ value | η).
  public func cumulative(at value: Double) -> Double {
    let cell = ResponseCell(value, trials: predictor.trials)
    return quadrature.average { family.cumulative(cell, eta: $0, scale: scale) }
  }

  /// E P(Y > value | η).
  public func exceedance(at value: Double) -> Double {
    let cell = ResponseCell(value, trials: predictor.trials)
    return quadrature.average { family.exceedance(cell, eta: $0, scale: scale) }
  }

  /// A draw: η, then a response.
  public func sample(using source: inout RandomSource) -> Double {
    let eta = source.gaussian(mean: predictor.mean, standardDeviation: predictor.variance.squareRoot())
    return family.sample(eta: eta, trials: predictor.trials, scale: scale, using: &source)
  }
}
