import Foundation
import GSL
import MixtureCore

/// The predictive distribution of a response whose linear predictor is uncertain, and may be its scale: ∫ p(y | η, φ) N(η; μ, v) q(φ) dη dφ.
public struct PredictedResponse<Family: ResponseFamily>: UnivariateDistribution {
  /// The distribution of the response given η.
  public let family: Family
  /// η, and the number of trials.
  public let predictor: UncertainPredictor
  /// What the family has beside coefficients.
  public let scale: Family.Scale
  private let points: [ScalePoint<Family.Scale>]
  /// Nodes that are near enough for the most precise of the points.
  private let quadrature: PredictorQuadrature
  private let mostPrecise: Family.Scale

  /// A response of the family, with η as uncertain as `predictor`.
  ///
  /// - Throws: where what is known of the scale is out of range.
  public init(_ family: Family, _ predictor: UncertainPredictor, scale: Family.Scale) throws {
    self.init(family, predictor, scale: scale, points: try scale.points())
  }

  /// Responses of many rows.
  ///
  /// - Throws: where what is known of the scale is out of range.
  static func all(_ family: Family, _ predictors: [UncertainPredictor], scale: Family.Scale) throws -> [Self] {
    let points = try scale.points()
    return predictors.map { Self(family, $0, scale: scale, points: points) }
  }

  private init(
    _ family: Family, _ predictor: UncertainPredictor, scale: Family.Scale, points: [ScalePoint<Family.Scale>]
  ) {
    (self.family, self.predictor, self.scale, self.points) = (family, predictor, scale, points)
    mostPrecise = points.max { $0.scale.precision < $1.scale.precision }?.scale ?? scale
    quadrature = PredictorQuadrature(family, predictor, scale: mostPrecise)
  }

  /// That of the family.
  public var support: ResponseSupport { Family.support }

  /// The mean of the means, E E (y | η).
  public var mean: Double {
    family.moments(predictor, scale: scale)?.mean
      ?? average { family.mean(eta: $0, trials: predictor.trials, scale: $1) }
  }

  /// The mean variance plus the variance of the means.
  public var variance: Double {
    if let moments = family.moments(predictor, scale: scale) { return moments.variance }
    let mean = self.mean
    return average { eta, scale in
      let distance = family.mean(eta: eta, trials: predictor.trials, scale: scale) - mean
      return family.variance(eta: eta, trials: predictor.trials, scale: scale) + distance * distance
    }
  }

  /// ln E p(value | η).
  public func logDensity(at value: Double) -> Double {
    let cell = ResponseCell(value, trials: predictor.trials)
    if !family.has(cell) { return -.infinity }
    var terms: [Double] = []
    let reaching = quadrature.reaching(cell, family, predictor, scale: mostPrecise)
    for point in points {
      let ofScale = log(point.weight)
      reaching.forEach { eta, logWeight in
        terms.append(ofScale + logWeight + family.logDensity(cell, eta: eta, scale: point.scale))
      }
    }
    return logSumOfExponentials(terms)
  }

  /// E P(Y ≤ value | η).
  public func cumulative(at value: Double) -> Double {
    let cell = ResponseCell(value, trials: predictor.trials)
    return average { family.cumulative(cell, eta: $0, scale: $1) }
  }

  /// E P(Y > value | η).
  public func exceedance(at value: Double) -> Double {
    let cell = ResponseCell(value, trials: predictor.trials)
    return average { family.exceedance(cell, eta: $0, scale: $1) }
  }

  /// A draw: η and the scale, then a response.
  public func sample(using source: inout RandomSource) -> Double {
    let eta = source.gaussian(mean: predictor.mean, standardDeviation: predictor.variance.squareRoot())
    return family.sample(eta: eta, trials: predictor.trials, scale: scale.drawn(using: &source), using: &source)
  }

  private func average(_ value: (_ eta: Double, _ scale: Family.Scale) -> Double) -> Double {
    points.reduce(0) { sum, point in sum + point.weight * quadrature.average { value($0, point.scale) } }
  }
}
