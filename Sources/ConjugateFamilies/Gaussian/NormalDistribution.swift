import Foundation
import GSL
import MixtureCore

/// The normal law of one real number.
public struct NormalDistribution: PredictiveDistribution, Equatable {
  public let mean: Double
  public let variance: Double

  /// N(mean, variance).
  public init(mean: Double, variance: Double) {
    self.mean = mean
    self.variance = variance
  }

  public func logDensity(at value: Double) -> Double {
    let offset = value - mean
    return -0.5 * (log(2 * .pi * variance) + offset * offset / variance)
  }

  public func cumulative(at value: Double) -> Double {
    standardNormalCumulative((value - mean) / variance.squareRoot())
  }

  public func sample(using source: inout RandomSource) -> Double {
    source.gaussian(mean: mean, standardDeviation: variance.squareRoot())
  }
}
