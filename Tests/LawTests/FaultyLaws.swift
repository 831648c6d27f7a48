import Foundation
import GSL
import MixtureCore
import MixtureTestKit

/// A normal distribution as a factor. It keeps all laws, unless it has the fault that breaks one.
struct FaultyFactor: VariationalFactor {
  var fault: FactorLaw?
  /// Whether it writes its location as a `Float`.
  var roundsInJSON = false
  var location = 1.5
  var variance = 4.0

  // The natural parameter.
  var mean: Double { fault == .mean ? location / variance : location }

  // Without e.
  var entropy: Double { 0.5 * (log(2 * .pi * variance) + (fault == .entropy ? 0 : 1)) }

  func logDensity(at value: Double) -> Double {
    let offset = value - location
    // Without 2 π.
    return -0.5 * (log((fault == .normalisation ? 1 : 2 * .pi) * variance) + offset * offset / variance)
  }

  func divergence(from prior: FaultyFactor) -> Double {
    // The wrong way round.
    let (q, p) = fault == .relativeEntropy ? (prior, self) : (self, prior)
    let offset = q.location - p.location
    return 0.5
      * ((q.variance + offset * offset) / p.variance - (fault == .divergence ? 0 : 1) + log(p.variance / q.variance))
  }

  func sample(using source: inout RandomSource) -> Double {
    // The variance for the deviation.
    source.gaussian(mean: location, standardDeviation: fault == .samples ? variance : variance.squareRoot())
  }

  private enum CodingKeys: CodingKey { case fault, roundsInJSON, location, variance }

  init(fault: FactorLaw? = nil) { self.fault = fault }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fault = try container.decodeIfPresent(FactorLaw.self, forKey: .fault)
    roundsInJSON = try container.decode(Bool.self, forKey: .roundsInJSON)
    location = try container.decode(Double.self, forKey: .location)
    variance = try container.decodeIfPresent(Double.self, forKey: .variance) ?? 1
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(fault, forKey: .fault)
    try container.encode(roundsInJSON, forKey: .roundsInJSON)
    // With single precision.
    if roundsInJSON {
      try container.encode(Float(location), forKey: .location)
    } else {
      try container.encode(location, forKey: .location)
    }
    // Forgets a property.
    if fault != .jsonRoundTrip { try container.encode(variance, forKey: .variance) }
  }
}

extension FaultyFactor {
  /// N(1.5, 4), beside a distribution of its family and a known wider one.
  static func subject(fault: FactorLaw? = nil) -> FactorSubject<FaultyFactor> {
    var prior = FaultyFactor(fault: fault)
    prior.location = 0
    prior.variance = 9
    return FactorSubject(FaultyFactor(fault: fault), priors: [prior], knownDraw: normalDraw(1, 3))
  }
}

/// Draws from N(mean, deviation²), with ln of its density.
func normalDraw(
  _ mean: Double, _ deviation: Double
) -> @Sendable (inout RandomSource) -> (value: Double, logDensity: Double) {
  { source in
    let z = source.gaussian()
    return (mean + deviation * z, -0.5 * (log(2 * .pi) + z * z) - log(deviation))
  }
}

/// A normal distribution as a prediction. It keeps all laws, unless it has the fault that breaks one.
struct FaultyDistribution: UnivariateDistribution {
  var support: ResponseSupport { .numbers }
  var fault: PredictiveLaw?
  var mean = 1.5
  private let trueVariance = 4.0

  // The deviation.
  var variance: Double { fault == .moments ? trueVariance.squareRoot() : trueVariance }

  func logDensity(at value: Double) -> Double {
    let offset = value - mean
    // Without 1 / σ.
    return -0.5 * (log(2 * .pi) + offset * offset / trueVariance)
      - (fault == .normalisation ? 0 : 0.5 * log(trueVariance))
  }

  func cumulative(at value: Double) -> Double {
    // The variance for the deviation.
    let deviation = fault == .cumulative ? trueVariance : trueVariance.squareRoot()
    let exact = standardNormalCumulative((value - mean) / deviation)
    // From a table with three digits.
    return fault == .quantiles ? (exact * 1000).rounded() / 1000 : exact
  }

  func sample(using source: inout RandomSource) -> Double {
    // The variance for the deviation.
    source.gaussian(mean: mean, standardDeviation: fault == .samples ? trueVariance : trueVariance.squareRoot())
  }
}

extension FaultyDistribution {
  /// N(1.5, 4) and N(−3, 4).
  static func subject(fault: PredictiveLaw? = nil) -> PredictiveSubject<FaultyDistribution> {
    PredictiveSubject([FaultyDistribution(fault: fault), FaultyDistribution(fault: fault, mean: -3)])
  }
}
