import Foundation

/// Other units of the columns: what their numbers are multiplied by. Powers of two, so that no number is rounded.
public struct UnitChange: Sendable, Equatable {
  /// The factor of the response.
  public var response: Double
  /// The factor of all features.
  public var features: Double

  /// A change by these factors.
  public init(response: Double, features: Double) { (self.response, self.features) = (response, features) }

  /// How many times larger a number in such a unit becomes.
  func factor(of unit: ParameterUnit) -> Double {
    pow(response, Double(unit.response)) * pow(features, Double(unit.features))
  }
}

/// The unit of a parameter: that of the response to a power, times that of the features to another.
public struct ParameterUnit: Sendable, Equatable {
  /// The power of the unit of the response.
  public var response: Int
  /// The power of the unit of the features.
  public var features: Int

  /// Such a unit; by default none, as of a weight.
  public init(response: Int = 0, features: Int = 0) { (self.response, self.features) = (response, features) }
}
