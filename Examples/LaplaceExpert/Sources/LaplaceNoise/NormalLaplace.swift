import Foundation
import GSL
import Mixtures

/// The distribution of a normal number N(m, s²) plus a Laplace number of scale b.
public struct NormalLaplace: PredictiveDistribution {
  /// m.
  public let mean: Double
  /// s > 0.
  public let deviation: Double
  /// b.
  public let scale: Double

  /// s² + 2 b².
  public var variance: Double { deviation * deviation + 2 * scale * scale }

  /// With z = (value − m) / s and a = s / b, the logarithms of exp(a²/2 ∓ a z) Φ(±z − a): what the upper and the lower half of the
  /// Laplace distribution contribute. Each factor may overflow where their product is small.
  private func halves(_ value: Double) -> (upper: Double, lower: Double) {
    let (z, a) = ((value - mean) / deviation, deviation / scale)
    return (
      a * a / 2 - a * z + logStandardNormalCumulative(z - a), a * a / 2 + a * z + logStandardNormalCumulative(-z - a)
    )
  }

  /// ln [exp(a²/2 − a z) Φ(z − a) + exp(a²/2 + a z) Φ(−z − a)] − ln 2b.
  public func logDensity(at value: Double) -> Double {
    let (upper, lower) = halves(value)
    let larger = max(upper, lower)
    return larger + log(exp(upper - larger) + exp(lower - larger)) - log(2 * scale)
  }

  /// Φ(z) − ½ exp(a²/2 − a z) Φ(z − a) + ½ exp(a²/2 + a z) Φ(−z − a).
  public func cumulative(at value: Double) -> Double {
    let (upper, lower) = halves(value)
    return standardNormalCumulative((value - mean) / deviation) - 0.5 * exp(upper) + 0.5 * exp(lower)
  }

  /// m + s z + b e, with z standard normal and e of a random sign and an exponential size.
  public func sample(using source: inout RandomSource) -> Double {
    let size = -scale * log(1 - source.uniform())
    return source.gaussian(mean: mean, standardDeviation: deviation) + (source.uniform() < 0.5 ? size : -size)
  }
}
