import ConjugateFamilies
import Foundation
import MixtureCore

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
