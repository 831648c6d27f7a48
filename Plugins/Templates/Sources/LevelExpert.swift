import Foundation
import Mixtures

// Change this: say what your expert is a model of, and what its parameters are.
/// A response that scatters about an unknown level μ with a known variance σ²: y ~ N(μ, σ²), with the prior μ ~ N(0, s²).
public struct LevelExpert: IndependentModel {
  /// σ², in squared units of the response.
  public let variance: Double
  /// The prior p(μ).
  public let prior: Gaussian
  /// q(μ).
  public internal(set) var posterior: Gaussian

  /// An expert that knows its variances.
  ///
  /// - Throws: `ArgumentError` unless `priorVariance` is positive.
  public init(variance: Double, priorVariance: Double) throws {
    self.variance = variance
    prior = try Gaussian(mean: [0], covariance: Matrix(diagonal: [priorVariance]))
    posterior = prior
  }

  // Change this: `.counting` if your density is the probability of a count.
  /// The density is per unit of the response.
  public static var measure: Measure { .lebesgue }

  // Change this: how many sums over the rows your update needs.
  /// Σ r and Σ r y.
  public var statisticsCount: Int { 2 }

  // Change this: the expectation of your log density under q, with every constant, or a lower bound of it.
  /// E ln N(y | μ, σ²) = −½ [ln 2πσ² + ((y − E μ)² + Var μ) / σ²].
  public func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (mean, spread) = (posterior.mean[0], posterior.covariance[0, 0])
    for i in tile.rows {
      let residual = tile.response[i] - mean
      scores[i] = -0.5 * (log(2 * .pi * variance) + (residual * residual + spread) / variance)
    }
  }

  // Change this: what a row adds to the sums, times its responsibility. Feature j of row i is `tile.features[j * tile.capacity + i]`.
  /// Adds r and r y of each row.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    for i in tile.rows {
      statistics[0] += responsibilities[i]
      statistics[1] += responsibilities[i] * tile.response[i]
    }
  }

  // Change this: the maximum over q of Σ r · score − divergence, from the sums.
  /// q(μ) = N(Σ r y / (σ² λ), 1 / λ) with λ = 1 / s² + Σ r / σ².
  public mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    let precision = 1 / prior.covariance[0, 0] + statistics[0] / variance
    posterior = try Gaussian(
      mean: [statistics[1] / (variance * precision)], precision: Matrix(diagonal: [precision]))
  }

  // Change this: the sum over your factors.
  /// KL(q(μ) ‖ p(μ)).
  public var divergence: Double { posterior.divergence(from: prior) }

  // Change this: what tables show.
  /// The level, with its standard error.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] {
    [ParameterEstimate("level", value: posterior.mean[0], standardError: posterior.standardDeviations[0])]
  }
}

extension LevelExpert: Predictive {
  // Change this: the mean of your density over q, as a `PredictiveDistribution`.
  /// N(E μ, σ² + Var μ) for each row.
  public func predictive(_ tile: Tile) -> [NormalDistribution] {
    let distribution = NormalDistribution(mean: posterior.mean[0], variance: variance + posterior.covariance[0, 0])
    return tile.rows.map { _ in distribution }
  }

  // Change this: your log density at the means of the parameters.
  /// ln N(y | E μ, σ²) for each row.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let distribution = NormalDistribution(mean: posterior.mean[0], variance: variance)
    for i in tile.rows { scores[i] = distribution.logDensity(at: tile.response[i]) }
  }
}
