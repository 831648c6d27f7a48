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
  /// - Throws: `ArgumentError` of the expert's type `part`.
  func requireFit(unit: Double, of part: Any.Type) throws {
    switch self {
    case .shared, .perExpert: return
    case .fixed(let variance): try Self.requireFit(variance, unit: unit, of: part, argument: "the noise variance")
    case .gamma(let shape, let rate), .perExpertGamma(let shape, let rate):
      guard (1e-300...1e300).contains(shape) else {
        throw ArgumentError(
          part, argument: "the shape of the noise", value: shape, need: "above 0, from 1e-300 to 1e300")
      }
      guard let rate else { return }
      try Self.requireFit(rate, unit: unit, of: part, argument: "the rate of the noise")
    }
  }

  /// Refuses a variance, or a rate, that is not positive, or that no row of the response can stand beside.
  ///
  /// - Throws: `ArgumentError`.
  static func requireFit(_ variance: Double, unit: Double, of part: Any.Type, argument: String) throws {
    try ArgumentError.requirePositive(variance, of: part, argument: argument)
    // Sums over the rows are multiplied by the precision in the units of the fit, and squared.
    let ofFit = variance / unit / unit
    guard (1e-150...1e150).contains(ofFit) else {
      throw ArgumentError(
        part, argument: argument, value: variance,
        need:
          "nearer to the squares of the response: take a \(ofFit < 1 ? "larger" : "smaller") one, or rescale the response")
    }
  }
}

extension LinearNoise {
  /// The treatment in words, with the numbers of a Gamma distribution as far as they are known by now.
  func words(prior: Gamma? = nil) -> String {
    func numbers(_ shape: Double, _ rate: Double?) -> String {
      let rate = (prior?.rate ?? rate).map { String(format: ", rate %g", $0) } ?? ""
      return String(format: " (shape %g", shape) + rate + ")"
    }
    switch self {
    case .shared: return "shared"
    case .perExpert: return "per expert"
    case .fixed(let variance): return "fixed at variance \(variance)"
    case .gamma(let shape, let rate): return "shared, with a Gamma distribution" + numbers(shape, rate)
    case .perExpertGamma(let shape, let rate): return "per expert, with Gamma distributions" + numbers(shape, rate)
    }
  }
}

extension LinearNoise {
  /// - Throws: `UnfitValue` unless all numbers are positive and finite.
  func validate() throws {
    switch self {
    case .shared, .perExpert: return
    case .fixed(let variance): try UnfitValue.checkPositive("variance", number: variance)
    case .gamma(let shape, let rate), .perExpertGamma(let shape, let rate):
      try UnfitValue.checkPositive("shape", number: shape)
      if let rate { try UnfitValue.checkPositive("rate", number: rate) }
    }
  }
}
