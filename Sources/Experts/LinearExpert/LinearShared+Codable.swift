import ConjugateFamilies
import GSL
import MixtureCore

extension LinearShared: Codable {
  private static let registerBuiltInPriors: Void = PartRegistry.register(builtIn: [GaussianPrior.self])

  private enum CodingKeys: String, CodingKey {
    case estimate, noise, prior, hasIntercept, standardizes, fixedCoefficients, fixedVariances, noisePrior, varianceFloor
    case coordinates, units, featureNames, responseName, constantOverall, freeCoefficients, designWarnings,
      exactResponse,
      couldInterpolate
  }

  /// Decodes the treatment of noise and prior, finding the prior's type through `PartRegistry`.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` for an unknown part, or one that is no prior of coefficients.
  public init(from decoder: any Decoder) throws {
    Self.registerBuiltInPriors
    let container = try decoder.container(keyedBy: CodingKeys.self)
    prior = try container.decode(CodedByName<any Prior<Gaussian>>.self, forKey: .prior).wrappedValue
    estimate = try container.decode(Estimate.self, forKey: .estimate)
    noise = try container.decode(LinearNoise.self, forKey: .noise)
    hasIntercept = try container.decode(Bool.self, forKey: .hasIntercept)
    standardizes = try container.decode(Bool.self, forKey: .standardizes)
    fixedCoefficients = try container.decode([Int: [String: Double]].self, forKey: .fixedCoefficients)
    fixedVariances = try container.decode([Int: Double].self, forKey: .fixedVariances)
    noisePrior = try container.decodeIfPresent(Gamma.self, forKey: .noisePrior)
    units = try container.decodeIfPresent(ColumnUnits.self, forKey: .units)
    featureNames = try container.decode([String].self, forKey: .featureNames)
    responseName = try container.decode(String.self, forKey: .responseName)
    constantOverall = try container.decode([Int].self, forKey: .constantOverall)
    varianceFloor = try container.decode(Double.self, forKey: .varianceFloor)
    coordinates = try container.decodeIfPresent(CoefficientCoordinates.self, forKey: .coordinates)
    freeCoefficients = try container.decode([[Int]].self, forKey: .freeCoefficients)
    designWarnings = try container.decode([String].self, forKey: .designWarnings)
    exactResponse = try container.decodeIfPresent(String.self, forKey: .exactResponse)
    couldInterpolate = try container.decode(Bool.self, forKey: .couldInterpolate)
  }

  /// Encodes everything, the prior with the name of its type.
  ///
  /// - Parameter encoder: where to write to.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(estimate, forKey: .estimate)
    try container.encode(noise, forKey: .noise)
    try container.encode(CodedByName(wrappedValue: prior), forKey: .prior)
    try container.encode(hasIntercept, forKey: .hasIntercept)
    try container.encode(standardizes, forKey: .standardizes)
    try container.encode(fixedCoefficients, forKey: .fixedCoefficients)
    try container.encode(fixedVariances, forKey: .fixedVariances)
    try container.encodeIfPresent(noisePrior, forKey: .noisePrior)
    try container.encodeIfPresent(units, forKey: .units)
    try container.encode(featureNames, forKey: .featureNames)
    try container.encode(responseName, forKey: .responseName)
    try container.encode(constantOverall, forKey: .constantOverall)
    try container.encode(varianceFloor, forKey: .varianceFloor)
    try container.encodeIfPresent(coordinates, forKey: .coordinates)
    try container.encode(freeCoefficients, forKey: .freeCoefficients)
    try container.encode(designWarnings, forKey: .designWarnings)
    try container.encodeIfPresent(exactResponse, forKey: .exactResponse)
    try container.encode(couldInterpolate, forKey: .couldInterpolate)
  }
}
