import GSL

/// A local model that can predict: what ``MixtureModel/predict(_:)`` and held-out densities need beyond fitting.
public protocol Predictive: LocalModel {
  /// The distribution of one row's response.
  associatedtype Distribution: PredictiveDistribution

  /// The predictive distribution of each row's response, the parameters' uncertainty included.
  func predictive(_ tile: Tile) throws -> [Distribution]

  /// Writes ln p(yᵢ | xᵢ, E θ) for each row of the tile: the likelihood at the parameters' posterior means.
  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) throws
}

/// What values a response can have.
public enum ResponseSupport: Sendable {
  /// Real numbers.
  case numbers
  /// Whole numbers from 0 on.
  case counts
  /// 0 and 1.
  case yesOrNo
}

/// The predictive distribution of one response.
public protocol PredictiveDistribution: Sendable {
  /// What values the response can have: quantiles are among them.
  var support: ResponseSupport { get }
  /// The mean.
  var mean: Double { get }
  /// The variance.
  var variance: Double { get }
  /// The logarithm of the density at `value`, in nats.
  func logDensity(at value: Double) -> Double
  /// The probability of a response of at most `value`.
  func cumulative(at value: Double) -> Double
  /// The probability of a response above `value`; unless you write it, one less the other, which far in the upper tail is nothing but
  /// rounding.
  func exceedance(at value: Double) -> Double
  /// A draw.
  func sample(using source: inout RandomSource) -> Double
}

extension PredictiveDistribution {
  /// What is left of one, 1 − ``cumulative(at:)``.
  public func exceedance(at value: Double) -> Double { 1 - cumulative(at: value) }
}
