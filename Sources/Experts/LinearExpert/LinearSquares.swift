import Foundation
import GSL
import MixtureCore

/// Of a linear expert's statistics those without products of different features.
struct LinearSquares {
  /// Σ r x_a².
  var squaredFeatures: [Double]
  /// Σ r ρ².
  var squaredResiduals: Double
  /// N = Σ r.
  var weight: Double

  init(_ slice: Span<Double>, dimension: Int) {
    var pair = 0
    squaredFeatures = (0..<dimension).map { a in
      defer { pair += dimension - a }
      return slice[pair]
    }
    squaredResiduals = slice[pair + dimension]
    weight = slice[pair + dimension + 1]
  }

  /// Σ r |t| over the terms t that cancel within a score: β |ρ| |m_a x_a| behind the residual ρ = y − Σ_a m_a x_a, and
  /// ½ β |x_a B_ab x_b| behind the spread xᵀ B x. Sums of products are bounded by the roots of Σ r ρ² and Σ r x_a².
  func cancellingTerms(in expert: LinearExpert) -> Double {
    let (mean, covariance) = (expert.posterior.mean, expert.posterior.covariance)
    let sizes = squaredFeatures.map { $0.squareRoot() }
    var (behindResidual, behindSpread) = (0.0, 0.0)
    for a in sizes.indices {
      behindResidual += abs(mean[a]) * sizes[a]
      for b in sizes.indices { behindSpread += sizes[a] * abs(covariance[a, b]) * sizes[b] }
    }
    let (precision, meanLog) = (expert.precisionOfFit.mean, expert.precisionOfFit.meanLog)
    return precision * (squaredResiduals.squareRoot() * behindResidual + 0.5 * behindSpread)
      + 0.5 * weight * (abs(meanLog) + log(2 * .pi))
  }
}
