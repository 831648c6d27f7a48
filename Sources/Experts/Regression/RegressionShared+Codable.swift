import ConjugateFamilies
import GSL
import MixtureCore

extension RegressionShared: Codable {
  private enum CodingKeys: String, CodingKey {
    case family, estimate, scale, prior, hasIntercept, standardizes, fixedCoefficients
    case coordinates, units, featureNames, responseName, constantOverall, freeCoefficients, extreme, designWarnings
  }

  /// Decodes the treatment of scales and prior, finding the prior's type through `PartRegistry`.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` for an unknown part, or one that is no prior of coefficients.
  public init(from decoder: any Decoder) throws {
    registerBuiltInPriors
    let container = try decoder.container(keyedBy: CodingKeys.self)
    prior = try container.decode(CodedByName<any Prior<Gaussian>>.self, forKey: .prior).wrappedValue
    family = try container.decode(Family.self, forKey: .family)
    estimate = try container.decode(Estimate.self, forKey: .estimate)
    scale = try container.decode(Family.Scale.Terms.self, forKey: .scale)
    hasIntercept = try container.decode(Bool.self, forKey: .hasIntercept)
    standardizes = try container.decode(Bool.self, forKey: .standardizes)
    fixedCoefficients = try container.decode([Int: [String: Double]].self, forKey: .fixedCoefficients)
    units = try container.decodeIfPresent(ColumnUnits.self, forKey: .units)
    featureNames = try container.decode([String].self, forKey: .featureNames)
    responseName = try container.decode(String.self, forKey: .responseName)
    constantOverall = try container.decode([Int].self, forKey: .constantOverall)
    coordinates = try container.decodeIfPresent(CoefficientCoordinates.self, forKey: .coordinates)
    freeCoefficients = try container.decode([[Int]].self, forKey: .freeCoefficients)
    extreme = try container.decodeIfPresent(String.self, forKey: .extreme)
    designWarnings = try container.decode([String].self, forKey: .designWarnings)
  }

  /// Encodes everything, the prior with the name of its type.
  ///
  /// - Parameter encoder: where to write to.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(family, forKey: .family)
    try container.encode(estimate, forKey: .estimate)
    try container.encode(scale, forKey: .scale)
    try container.encode(CodedByName(wrappedValue: prior), forKey: .prior)
    try container.encode(hasIntercept, forKey: .hasIntercept)
    try container.encode(standardizes, forKey: .standardizes)
    try container.encode(fixedCoefficients, forKey: .fixedCoefficients)
    try container.encodeIfPresent(units, forKey: .units)
    try container.encode(featureNames, forKey: .featureNames)
    try container.encode(responseName, forKey: .responseName)
    try container.encode(constantOverall, forKey: .constantOverall)
    try container.encodeIfPresent(coordinates, forKey: .coordinates)
    try container.encode(freeCoefficients, forKey: .freeCoefficients)
    try container.encodeIfPresent(extreme, forKey: .extreme)
    try container.encode(designWarnings, forKey: .designWarnings)
  }
}

/// Makes the priors of coefficients known once, before the first is read.
private let registerBuiltInPriors: Void = PartRegistry.register(builtIn: [GaussianPrior.self])
