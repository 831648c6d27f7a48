import GSL

/// The predictive distribution of one row's response, which may be a number, a level or several numbers.
public protocol PredictiveDistribution<Value>: Sendable {
  /// What a response is.
  associatedtype Value: ResponseValue = Double
  /// The distribution of one of the numbers as which a response is told.
  associatedtype Marginal: UnivariateDistribution = Self

  /// The logarithm of the density at `value`, in nats.
  func logDensity(at value: Value) -> Double
  /// A draw.
  func sample(using source: inout RandomSource) -> Value
  /// The distributions of the numbers as which a response is told, always as many: of a number its own; of several responses that of each;
  /// of a category that of a yes or no for each level. They say which columns a prediction has.
  var marginals: [Marginal] { get }
}

/// A value that a response can have.
public protocol ResponseValue: Sendable {
  /// The response of a row, in the units of the data.
  static func response(ofRow row: Int, in tile: Tile) -> Self
}

extension Double: ResponseValue {
  /// The value in the first response column.
  public static func response(ofRow row: Int, in tile: Tile) -> Double { tile.units.responses[0] * tile.response[row] }
}

extension [Double]: ResponseValue {
  /// The values in all response columns.
  public static func response(ofRow row: Int, in tile: Tile) -> [Double] {
    zip(tile.units.responses, tile.responses).map { $0 * $1[row] }
  }
}

/// What values a number can have.
public enum ResponseSupport: Sendable {
  /// Real numbers.
  case numbers
  /// Whole numbers from 0 on.
  case counts
  /// 0 and 1.
  case yesOrNo
}

/// The predictive distribution of a response that is a number.
public protocol UnivariateDistribution: PredictiveDistribution where Value == Double, Marginal == Self {
  /// What values the response can have: quantiles are among them.
  var support: ResponseSupport { get }
  /// The mean.
  var mean: Double { get }
  /// The variance.
  var variance: Double { get }
  /// The probability of a response of at most `value`.
  func cumulative(at value: Double) -> Double
  /// The probability of a response above `value`; unless you write it, one less the other, which far in the upper tail is nothing but
  /// rounding.
  func exceedance(at value: Double) -> Double
}

extension UnivariateDistribution {
  /// The distribution itself.
  public var marginals: [Self] { [self] }

  /// What is left of one, 1 − ``cumulative(at:)``.
  public func exceedance(at value: Double) -> Double { 1 - cumulative(at: value) }
}
