import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// What experts of a block share, in values and in words.

extension LinearExpert {
  /// The expert's terms. One that has been in a block has none of its own, and those of ``init(estimate:prior:noise:hasIntercept:standardizes:)``
  /// hold.
  public mutating func makeShared() -> LinearShared {
    defer { terms = nil }
    return terms ?? LinearExpert().terms!
  }

  /// Estimate, noise, prior, whether there is an intercept, and whether the prior sees standardised features.
  public static func terms(sharing shared: LinearShared) -> [PartTerm] {
    [
      PartTerm("estimate", value: shared.estimate.rawValue),
      PartTerm("noise", value: shared.noise.words(prior: shared.noisePriorOfData)),
      PartTerm("prior", value: shared.prior.words), PartTerm("intercept", value: shared.takesIntercept ? "yes" : "no"),
      PartTerm("standardize", value: shared.standardizes ? "yes" : "no"),
    ]
  }

  /// The free coefficients and noise variances under maximum likelihood.
  public static func parameterCount(of experts: [LinearExpert], sharing shared: LinearShared) -> Int? {
    guard shared.estimate == .maximumLikelihood else { return nil }
    let coefficients = shared.freeCoefficients.reduce(0) { $0 + $1.count }
    return switch shared.noise {
    case .shared: coefficients + 1
    case .perExpert: coefficients + experts.count - shared.fixedVariances.count
    case .fixed, .gamma, .perExpertGamma: coefficients
    }
  }

  /// The priors of the coefficients that have one, and of `noise precision` where it has a Gamma distribution.
  public static func priors(
    of experts: [LinearExpert], sharing shared: LinearShared, for data: DataSummary
  ) throws -> [[ParameterPrior]] {
    let ofNoise = shared.noisePriorOfData.map {
      ParameterPrior("noise precision", mean: $0.mean, standardDeviation: $0.standardDeviation)
    }
    return try experts.enumerated().map { k, expert in
      let distribution = try shared.coefficientPrior(ofExpert: k).map { expert.coordinates.original($0) }
      let ofCoefficients = distribution.map { distribution in
        zip(
          expert.coefficientNames(features: data.features.map(\.name)),
          zip(distribution.mean, distribution.standardDeviations)
        ).map {
          ParameterPrior($0, mean: $1.0, standardDeviation: $1.1)
        }
      }
      return (ofCoefficients ?? []) + [ofNoise].compactMap(\.self)
    }
  }
}

extension LinearShared {
  /// The prior of the noise precision in the units of the data, if it has one.
  fileprivate var noisePriorOfData: Gamma? {
    let unit = coordinates?.unit ?? 1
    return noisePrior?.scaled(by: 1 / (unit * unit))
  }

  /// Whether the experts have an intercept, as far as is known before the data are.
  fileprivate var takesIntercept: Bool { coordinates?.hasIntercept ?? hasIntercept }
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

extension LinearShared: Equatable {
  /// Whether both say the same and know the same of the data.
  public static func == (one: LinearShared, other: LinearShared) -> Bool {
    func isEqual<P: Prior<Gaussian>>(_ prior: P) -> Bool { prior == other.prior as? P }
    return isEqual(one.prior)
      && (one.estimate, one.noise, one.hasIntercept, one.standardizes)
        == (other.estimate, other.noise, other.hasIntercept, other.standardizes)
      && (one.fixedCoefficients, one.fixedVariances, one.noisePrior, one.varianceFloor, one.coordinates)
        == (other.fixedCoefficients, other.fixedVariances, other.noisePrior, other.varianceFloor, other.coordinates)
      && (one.units, one.featureNames, one.responseName, one.constantOverall)
        == (other.units, other.featureNames, other.responseName, other.constantOverall)
      && (one.freeCoefficients, one.designWarnings, one.exactResponse, one.couldInterpolate)
        == (other.freeCoefficients, other.designWarnings, other.exactResponse, other.couldInterpolate)
  }
}
