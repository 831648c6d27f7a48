import Foundation
import GSL
import MixtureCore

/// Of an expert's statistics those without products of different features.
struct RegressionSquares {
  /// Σ r ω x_a².
  var squaredFeatures: [Double]
  /// Σ r z²/ω of a family whose step is safe; Σ r s of others.
  var squaresOrScore: Double
  /// N = Σ r.
  var weight: Double

  init(_ slice: Span<Double>, dimension: Int) {
    var pair = 0
    squaredFeatures = (0..<dimension).map { a in
      defer { pair += dimension - a }
      return slice[pair]
    }
    squaresOrScore = slice[pair + dimension]
    weight = slice[pair + dimension + 1]
  }

  /// Σ r |t| over the terms t that cancel within a score: c |z| |m_a x_a| behind a slope at μ = Σ_a m_a x_a, and ½ c ω |x_a B_ab x_b| behind
  /// the spread xᵀ B x. Sums of products are bounded by the roots of Σ r z²/ω and Σ r ω x_a². Where Σ r z²/ω is not at hand, Σ r stands
  /// for it, which is its mean; and the score itself is then a sum of terms of the size of Σ r ω (1 + |centre|).
  func cancellingTerms<Family>(in expert: Regression<Family>) -> Double {
    let (mean, covariance) = (expert.posterior.mean, expert.posterior.covariance)
    let sizes = squaredFeatures.map { $0.squareRoot() }
    var (behindSlope, behindSpread) = (0.0, 0.0)
    for a in sizes.indices {
      behindSlope += abs(mean[a]) * sizes[a]
      for b in sizes.indices { behindSpread += sizes[a] * abs(covariance[a, b]) * sizes[b] }
    }
    let squares = Family.stepIsSafe ? squaresOrScore : weight
    let ofScore =
      Family.stepIsSafe
      ? 0 : abs(squaresOrScore) + (squaredFeatures.max() ?? 0) * (1 + abs(expert.coordinates.centre))
    return ofScore + expert.scale.precision * (squares.squareRoot() * behindSlope + 0.5 * behindSpread)
  }
}
