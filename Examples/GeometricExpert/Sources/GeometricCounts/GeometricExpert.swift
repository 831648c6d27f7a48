import Foundation
import Mixtures

/// Failures before the first success, of probability σ(−η), so that the mean is exp η.
public struct GeometricFamily: ResponseFamily {
  /// The family.
  public init() {}
  /// Probabilities of whole numbers.
  public static var measure: Measure { .counting }
  /// y η − (y + 1) ln(1 + exp η).
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    cell.value * eta - (cell.value + 1) * softplus(eta)
  }
  /// exp η; an η beyond 300 counts as 300, so that sums stay finite.
  public func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, 300)) }
  /// exp η (1 + exp η).
  public func variance(eta: Double, trials: Double, scale: Unscaled) -> Double {
    exp(min(eta, 300)) * (1 + exp(min(eta, 300)))
  }
  /// 1 − σ(η)^(⌊y⌋ + 1).
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    -expm1(-max(floor(cell.value) + 1, 0) * softplus(-eta))
  }
  /// By inversion: P(Y ≥ y) = σ(η)^y, so ⌊ln u / ln σ(η)⌋ of a uniform u is a draw.
  public func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    floor(log(1 - source.uniform()) / -softplus(-min(eta, 300)))
  }
}

/// ln(1 + exp η), which is −ln σ(−η).
private func softplus(_ eta: Double) -> Double { max(eta, 0) + log1p(exp(-abs(eta))) }

/// A regression of such counts; exp of a coefficient is a ratio of means.
public typealias GeometricExpert = Regression<GeometricFamily>
