import Foundation
import Mixtures

// Change this: say what your distribution is a distribution of, and what its parameters are.
/// The distribution of a positive number whose logarithm is normal: ln x ~ N(m, v).
public struct LogNormal: VariationalFactor {
  /// m = E ln x.
  public let meanLog: Double
  /// v = Var ln x.
  public let varianceLog: Double

  /// The distribution with the given mean and variance of ln x, which must be finite and positive.
  public init(meanLog: Double, varianceLog: Double) {
    precondition(varianceLog > 0 && varianceLog.isFinite && meanLog.isFinite, "no distribution: \(meanLog), \(varianceLog)")
    self.meanLog = meanLog
    self.varianceLog = varianceLog
  }

  // Change this: E x, and beside it whatever moments scores and updates need.
  /// E x = exp(m + v / 2).
  public var mean: Double { exp(meanLog + varianceLog / 2) }

  // Change this: −E ln q(x), in nats.
  /// ½ (1 + ln 2πv) + m.
  public var entropy: Double { 0.5 * (1 + log(2 * .pi * varianceLog)) + meanLog }

  // Change this: ln q(x) with every constant; −∞ where x cannot be.
  /// −ln x − ½ [ln 2πv + (ln x − m)² / v]; −∞ unless x > 0.
  public func logDensity(at value: Double) -> Double {
    guard value > 0 else { return -.infinity }
    let offset = log(value) - meanLog
    return -log(value) - 0.5 * (log(2 * .pi * varianceLog) + offset * offset / varianceLog)
  }

  // Change this: E_q [ln q(x) − ln p(x)] for another distribution p of the family.
  /// ½ [v / v_p − 1 − ln(v / v_p) + (m − m_p)² / v_p]: that of the normal distributions of ln x.
  public func divergence(from prior: LogNormal) -> Double {
    let (ratio, offset) = (varianceLog / prior.varianceLog, meanLog - prior.meanLog)
    return 0.5 * (ratio - 1 - log(ratio) + offset * offset / prior.varianceLog)
  }

  // Change this: a draw from q.
  /// exp(m + √v z) with z standard normal.
  public func sample(using source: inout RandomSource) -> Double {
    exp(source.gaussian(mean: meanLog, standardDeviation: varianceLog.squareRoot()))
  }
}
