import Foundation
import GSL
import MixtureCore

/// The normal distribution of one real number.
public struct NormalDistribution: UnivariateDistribution, Validatable, Codable, Equatable {
  /// The mean μ.
  public let mean: Double
  /// The variance σ², in squared units of the value.
  public let variance: Double

  /// N(mean, variance).
  public init(mean: Double, variance: Double) {
    self.mean = mean
    self.variance = variance
  }

  /// - Throws: `UnfitValue` unless the mean is finite, and the variance positive and finite.
  public func validate() throws {
    try UnfitValue.checkMagnitude("mean", numbers: [mean])
    try UnfitValue.checkPositive("variance", number: variance)
  }

  /// Real numbers.
  public var support: ResponseSupport { .numbers }

  /// −½ [ln 2πσ² + (value − μ)² / σ²].
  public func logDensity(at value: Double) -> Double {
    let offset = value - mean
    return -0.5 * (log(2 * .pi * variance) + offset * offset / variance)
  }

  /// The probability up to a value, Φ((value − μ) / σ).
  public func cumulative(at value: Double) -> Double {
    standardNormalCumulative((value - mean) / variance.squareRoot())
  }

  /// The probability beyond a value, Φ((μ − value) / σ).
  public func exceedance(at value: Double) -> Double {
    standardNormalCumulative((mean - value) / variance.squareRoot())
  }

  /// μ + σ z with z standard normal.
  public func sample(using source: inout RandomSource) -> Double {
    source.gaussian(mean: mean, standardDeviation: variance.squareRoot())
  }
}
