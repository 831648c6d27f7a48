import ConjugateFamilies
import Foundation
import MixtureCore

/// How the noise variance of linear experts is treated. All numbers are in the units of the data.
public enum LinearNoise: Sendable, Codable, Equatable {
  /// One variance for all experts, estimated by maximising the ELBO.
  case shared
  /// A variance for each expert, estimated by maximising the ELBO.
  case perExpert
  /// A known variance.
  case fixed(variance: Double)
  /// One precision (inverse variance) for all experts, with a Gamma prior and posterior. A rate of nil stands for
  /// 0.01 × the variance of the response less any offset.
  case gamma(shape: Double = 1, rate: Double? = nil)
  /// A precision for each expert, with a Gamma prior and posterior. A rate of nil stands for 0.01 × the variance of the
  /// response less any offset.
  case perExpertGamma(shape: Double = 1, rate: Double? = nil)

  /// Whether all experts have one noise.
  public var isShared: Bool {
    switch self {
    case .shared, .fixed, .gamma: true
    case .perExpert, .perExpertGamma: false
    }
  }

  /// Whether the precision has a Gamma prior.
  public var hasPrior: Bool {
    switch self {
    case .gamma, .perExpertGamma: true
    case .shared, .perExpert, .fixed: false
    }
  }

  /// The prior of the precision in the units of the fit, where it has one.
  ///
  /// - Parameters:
  ///   - responseVariance: the variance of the response in these units.
  ///   - responseUnit: the unit of the response.
  func prior(responseVariance: Double, responseUnit: Double) throws -> Gamma? {
    switch self {
    case .gamma(let shape, let rate), .perExpertGamma(let shape, let rate):
      try Gamma(shape: shape, rate: rate.map { $0 / responseUnit / responseUnit } ?? 0.01 * responseVariance)
    case .shared, .perExpert, .fixed: nil
    }
  }
}

extension LinearNoise {
  /// Refuses numbers that no noise has.
  ///
  /// - Parameter unit: the unit of the response.
  /// - Throws: `ArgumentError`.
  func requireFit(unit: Double) throws {
    switch self {
    case .shared, .perExpert: return
    case .fixed(let variance): try Self.requireFit(variance, unit: unit, argument: "the noise variance")
    case .gamma(let shape, let rate), .perExpertGamma(let shape, let rate):
      guard (1e-300...1e300).contains(shape) else {
        throw ArgumentError(
          LinearExpert.self, argument: "the shape of the noise", value: shape, need: "above 0, from 1e-300 to 1e300")
      }
      guard let rate else { return }
      try Self.requireFit(rate, unit: unit, argument: "the rate of the noise")
    }
  }

  /// Refuses a variance, or a rate, that is not positive, or that no row of the response can stand beside.
  ///
  /// - Throws: `ArgumentError`.
  static func requireFit(_ variance: Double, unit: Double, argument: String) throws {
    try ArgumentError.requirePositive(variance, of: LinearExpert.self, argument: argument)
    // Sums over the rows are multiplied by the precision in the units of the fit, and squared.
    let ofFit = variance / unit / unit
    guard (1e-150...1e150).contains(ofFit) else {
      throw ArgumentError(
        LinearExpert.self, argument: argument, value: variance,
        need:
          "nearer to the squares of the response: take a \(ofFit < 1 ? "larger" : "smaller") one, or rescale the response")
    }
  }
}

/// What is known of a noise precision β: a value, or a Gamma distribution.
public enum NoisePrecision: Sendable, Codable, Equatable {
  /// A known or estimated value.
  case value(Double)
  /// A posterior distribution.
  case gamma(Gamma)

  /// The mean E β.
  public var mean: Double {
    switch self {
    case .value(let precision): precision
    case .gamma(let distribution): distribution.mean
    }
  }

  /// The mean logarithm E ln β.
  public var meanLog: Double {
    switch self {
    case .value(let precision): log(precision)
    case .gamma(let distribution): distribution.meanLog
    }
  }

  /// The same of a precision that is `factor` times as large, a power of two.
  func scaled(by factor: Double) -> NoisePrecision {
    switch self {
    case .value(let precision): .value(precision * factor)
    case .gamma(let distribution): .gamma(distribution.scaled(by: factor))
    }
  }

  /// What cancels within that.
  func cancellingTerms(from prior: Gamma?) -> Double {
    guard let prior, case .gamma(let distribution) = self else { return 0 }
    return distribution.cancellingTerms(from: prior)
  }

  /// What it takes from the ELBO: the divergence of a distribution from its prior, −ln p of a value under its prior, and nothing for
  /// a value without prior.
  func divergence(from prior: Gamma?) -> Double {
    guard let prior else { return 0 }
    switch self {
    case .value(let precision): return -prior.logDensity(at: precision)
    case .gamma(let distribution): return distribution.divergence(from: prior)
    }
  }
}
