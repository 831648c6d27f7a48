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

/// What is known of a noise precision β: a value, or a Gamma distribution.
public enum NoisePrecision: Sendable, Codable, Equatable {
  /// A known or estimated value.
  case value(Double)
  /// A posterior distribution.
  case gamma(Gamma)

  /// E β.
  public var mean: Double {
    switch self {
    case .value(let precision): precision
    case .gamma(let distribution): distribution.mean
    }
  }

  /// E ln β.
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
