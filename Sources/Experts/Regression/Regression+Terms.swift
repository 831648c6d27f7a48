import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// What experts of a block share, in values and in words.

extension Regression {
  /// The expert's terms. One that has been in a block has none of its own, and the usual ones hold.
  public mutating func makeShared() -> RegressionShared<Family> {
    defer { terms = nil }
    return terms ?? Self(family, scale: Family.Scale.Terms()).terms!
  }

  /// Estimate, what the scale says, prior, whether there is an intercept, and whether the prior sees standardised features.
  public static func terms(sharing shared: RegressionShared<Family>) -> [PartTerm] {
    [PartTerm("estimate", value: shared.estimate.rawValue)] + shared.scale.words(unit: shared.unit) + [
      PartTerm("prior", value: shared.prior.words), PartTerm("intercept", value: shared.takesIntercept ? "yes" : "no"),
      PartTerm("standardize", value: shared.standardizes ? "yes" : "no"),
    ]
  }

  /// The free coefficients and scales under maximum likelihood.
  public static func parameterCount(of experts: [Self], sharing shared: RegressionShared<Family>) -> Int? {
    guard shared.estimate == .maximumLikelihood else { return nil }
    return shared.freeCoefficients.reduce(shared.scale.parameterCount(expertCount: experts.count)) { $0 + $1.count }
  }

  /// The priors of the coefficients that have one, and those of the scale.
  public static func priors(
    of experts: [Self], sharing shared: RegressionShared<Family>, for data: DataSummary
  ) throws -> [[ParameterPrior]] {
    try experts.enumerated().map { k, expert in
      let distribution = try shared.coefficientPrior(ofExpert: k).map { expert.coordinates.original($0) }
      let ofCoefficients = distribution.map { distribution in
        zip(
          expert.coefficientNames(features: data.features.map(\.name)),
          zip(distribution.mean, distribution.standardDeviations)
        ).map {
          ParameterPrior($0, mean: $1.0, standardDeviation: $1.1)
        }
      }
      return (ofCoefficients ?? []) + shared.scale.priors(unit: shared.unit)
    }
  }
}

extension RegressionShared {
  /// The unit of the response, as far as it is known by now.
  fileprivate var unit: Double { coordinates?.unit ?? 1 }

  /// Whether the experts have an intercept, as far as is known before the data are.
  fileprivate var takesIntercept: Bool { coordinates?.hasIntercept ?? hasIntercept }
}

extension RegressionShared: Equatable {
  /// Whether both say the same and know the same of the data.
  public static func == (one: Self, other: Self) -> Bool {
    func isEqual<P: Prior<Gaussian>>(_ prior: P) -> Bool { prior == other.prior as? P }
    return isEqual(one.prior)
      && (one.family, one.estimate, one.scale, one.hasIntercept, one.standardizes)
        == (other.family, other.estimate, other.scale, other.hasIntercept, other.standardizes)
      && (one.fixedCoefficients, one.coordinates, one.units, one.featureNames, one.responseName)
        == (other.fixedCoefficients, other.coordinates, other.units, other.featureNames, other.responseName)
      && (one.constantOverall, one.freeCoefficients, one.extreme, one.designWarnings)
        == (other.constantOverall, other.freeCoefficients, other.extreme, other.designWarnings)
  }
}
