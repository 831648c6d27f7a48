import Foundation
import GSL

// What parts tell of themselves, for tables and JSON: no report knows their types.

/// An estimate of a parameter, as a table shows it.
public struct ParameterEstimate: Sendable, Codable, Equatable {
  /// What the parameter is called.
  public var name: String
  /// The posterior mean or the point estimate.
  public var value: Double
  /// The posterior standard deviation; nil for a point estimate.
  public var standardError: Double?
  /// The degrees of freedom of Student's distribution that the estimate less the parameter has in units of its standard error; nil where that
  /// is normal.
  public var degreesOfFreedom: Double?
  /// Whether it is the coefficient of a column, which may be called like another parameter.
  public var isCoefficient: Bool
  /// The scale in which it is nearest to normal, so that intervals are symmetric there.
  public var scale: ParameterScale

  /// An estimate.
  public init(
    _ name: String, value: Double, standardError: Double? = nil, degreesOfFreedom: Double? = nil,
    isCoefficient: Bool = false, scale: ParameterScale = .identity
  ) {
    self.degreesOfFreedom = degreesOfFreedom
    self.scale = scale
    self.isCoefficient = isCoefficient
    self.name = name
    self.value = value
    self.standardError = standardError
  }
}

/// The scale in which an interval of a parameter is symmetric.
public enum ParameterScale: String, Sendable, Codable {
  /// The parameter itself.
  case identity
  /// Its logarithm, as of a standard deviation.
  case log
  /// ln p / (1 − p), as of a weight.
  case logit
}

extension ParameterEstimate {
  /// The central interval of the given probability: of Student's distribution where the size of the noise is uncertain, else of the normal one, in
  /// the parameter's ``scale``; nil for a point estimate.
  ///
  /// - Throws: `GSLError` for a probability that is none.
  public func interval(_ probability: Double = 0.95) throws -> (lower: Double, upper: Double)? {
    guard let standardError else { return nil }
    let reach =
      try standardError
      * (degreesOfFreedom.map { try studentQuantile(0.5 + 0.5 * probability, degreesOfFreedom: $0) }
        ?? standardNormalQuantile(0.5 + 0.5 * probability))
    switch scale {
    case .log where value > 0: return (value * exp(-reach / value), value * exp(reach / value))
    case .logit where value > 0 && value < 1:
      let odds = value / (1 - value)
      func moved(_ by: Double) -> Double { 1 / (1 + exp(-by) / odds) }
      let step = reach / (value * (1 - value))
      return (moved(-step), moved(step))
    case .identity, .log, .logit: return (value - reach, value + reach)
    }
  }
}

/// What was known of a parameter before the data, or was learned of its prior.
public struct ParameterPrior: Sendable, Codable, Equatable {
  /// What the parameter is called.
  public var name: String
  /// The prior mean.
  public var mean: Double
  /// The prior standard deviation.
  public var standardDeviation: Double

  /// A prior.
  public init(_ name: String, mean: Double, standardDeviation: Double) {
    self.name = name
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}

/// One of the terms on which a part is fitted, in words: `noise`, `per expert`.
public struct PartTerm: Sendable, Codable, Equatable, CustomStringConvertible {
  /// What it is about.
  public var name: String
  /// What holds for it.
  public var value: String

  /// A term.
  public init(_ name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Name and value.
  public var description: String { "\(name) \(value)" }
}

extension String {
  /// The words of a type's name: `linear expert` for `LinearExpert`.
  package var inWords: String {
    reduce(into: "") { words, character in
      words += (character.isUppercase && !words.isEmpty ? " " : "") + character.lowercased()
    }
  }
}
