import ConjugateFamilies
import GSL
import MixtureCore

/// A linear response, y = w_0 + wᵀ x + noise.
public struct LinearResponse: AdditiveResponse {
  /// w_0, then a coefficient for each feature. Features beyond them do not count.
  public let coefficients: [Double]
  /// The distribution of the noise.
  @CodedByName public private(set) var noise: any NoiseDistribution

  /// A response with the given coefficients: the intercept, then one for each feature.
  public init(coefficients: [Double], noise: any NoiseDistribution) {
    self.coefficients = coefficients
    _noise = CodedByName(wrappedValue: noise)
  }

  /// A response for each prior, with coefficients w ~ N(m, A) from it: the intercept, then one for each feature.
  public static func draw(
    from priors: [Gaussian], noise: any NoiseDistribution, using source: inout RandomSource
  ) -> [LinearResponse] {
    priors.map { LinearResponse(coefficients: $0.sample(using: &source), noise: noise) }
  }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: coefficients.count, of: "a linear response")
  }

  /// The mean w_0 + wᵀ x.
  public func mean(_ block: RowBlock, row: Int) -> Double { coefficients.predictor(block, row: row) }

  /// The coefficients by feature, and those of the noise.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    coefficients.parameters(features: features) + noise.parameters
  }
}
