import GSL
import MixtureTestKit
import Mixtures

@testable import ConjugateFamilies
@testable import Experts

/// Draws of the coefficients of a block of regressions, and of τ under a Cauchy prior, with ln q − ln p of all; of points −ln p.
func drawCoefficients<Family: ResponseFamily>(
  _ block: Block<Regression<Family>>, _ source: inout RandomSource, typicalVariance: Double
) throws -> (divergence: Double, coefficients: [[Double]]) {
  guard let prior = block.shared.prior as? GaussianPrior else { throw CancellationError() }
  var total = prior.couplingPenalty
  var coefficients: [[Double]] = []
  for (k, expert) in block.experts.enumerated() {
    coefficients.append(expert.coefficients.sample(using: &source))
    let isStandardized = block.shared.standardizes && !prior.isInUnitsOfData
    // A point is drawn to the bit.
    let isPoint = expert.posterior.free.isEmpty
    let standardized = isPoint ? expert.posterior.mean : expert.coordinates.standardized(coefficients[k])
    let w = isStandardized ? standardized : coefficients[k]
    total += (isStandardized ? expert.posterior : expert.coefficients).logDensity(at: w)
    switch prior.covariance {
    case .flat: break
    case .cauchy:
      // Gamma(½, ½ s²), and N(mean of the response, I / τ) about that.
      guard let q = try prior.scalePrecision(ofExpert: k) else { continue }
      let precision = q.sample(using: &source)
      total += try q.logDensity(at: precision) - Gamma(shape: 0.5, rate: 0.5 * typicalVariance).logDensity(at: precision)
      total -= zip(w, prior.means[k]).reduce(0) {
        $0 + NormalDistribution(mean: $1.1, variance: 1 / precision).logDensity(at: $1.0)
      }
    case .fixed(let variance):
      total -= zip(w, prior.means[k]).reduce(0) {
        $0 + NormalDistribution(mean: $1.1, variance: variance).logDensity(at: $1.0)
      }
    case .given(let matrix): total -= try Gaussian(mean: prior.means[k], covariance: matrix).logDensity(at: w)
    case .isotropic, .diagonal, .full:
      total -= try Gaussian(mean: prior.means[k], precision: prior.precisions[k]).logDensity(at: w)
    }
  }
  return (total, coefficients)
}

/// Means and precisions of q(w), as far as they are free, of intercept and a feature x.
func coefficientVariations<Family: ResponseFamily>(
  _ block: Block<Regression<Family>>
) -> [Variation<Block<Regression<Family>>>] {
  block.experts.indices.flatMap { k in
    var variations: [Variation<Block<Regression<Family>>>] = []
    for j in 0..<(block.shared.hasIntercept ? 2 : 1) {
      if j == 1 && block.shared.fixedCoefficients[k]?["x"] != nil { continue }
      variations.append(
        Variation("mean \(j) of expert \(k)") {
          let distribution = $0.experts[k].posterior
          var mean = distribution.mean
          mean[j] += $1
          $0.experts[k].posterior = Gaussian(mean: mean, free: distribution.free, precision: distribution.precision)
        })
    }
    if block.shared.estimate == .variational {
      variations.append(
        Variation("precision of expert \(k)") {
          let distribution = $0.experts[k].posterior
          let precision = try Cholesky((1 + $1) * distribution.precision.matrix)
          $0.experts[k].posterior = Gaussian(mean: distribution.mean, free: distribution.free, precision: precision)
        })
    }
    return variations
  }
}

/// What is learned of the prior.
func priorVariations<Family: ResponseFamily>(
  _ block: Block<Regression<Family>>
) -> [Variation<Block<Regression<Family>>>] {
  guard let prior = block.shared.prior as? GaussianPrior else { return [] }
  return gaussianPriorVariations(
    prior, expertCount: 2, dimension: block.shared.hasIntercept ? 2 : 1, hasIntercept: block.shared.hasIntercept
  ).map { variation in
    Variation("prior " + variation.name, step: variation.step) {
      guard var prior = $0.shared.prior as? GaussianPrior else { return }
      try variation.move(&prior, $1)
      $0.shared.prior = prior
    }
  }
}
