import GSL
import MixtureCore

/// A point estimate as a factor: all mass at one value. By convention it has no entropy, so that the ELBO of a model of
/// point masses is its log-likelihood plus the log densities of its priors.
public struct PointMass<Value: Sendable & Codable & Equatable>: VariationalFactor {
  /// Where the mass is.
  public var mean: Value

  /// All mass at `value`.
  public init(_ value: Value) { mean = value }

  /// The entropy of a point is zero by convention.
  public var entropy: Double { 0 }

  /// The log density is zero at the value itself, and −∞ elsewhere.
  public func logDensity(at value: Value) -> Double { value == mean ? 0 : -.infinity }

  /// The divergence is zero if both have one value, and infinite otherwise.
  public func divergence(from prior: PointMass) -> Double { prior.mean == mean ? 0 : .infinity }

  /// −ln p(value): what a point estimate takes from the ELBO under a prior of another family.
  public func divergence<Prior: VariationalFactor>(from prior: Prior) -> Double where Prior.Value == Value {
    -prior.logDensity(at: mean)
  }

  /// The value itself, every time.
  public func sample(using source: inout RandomSource) -> Value { mean }
}
