import GSL
import MixtureCore

/// y = Σ_j c_j xʲ + noise, in the first feature x.
public struct PolynomialResponse: AdditiveResponse {
  /// The coefficients c_0, c_1, ….
  public let coefficients: [Double]
  /// The distribution of the noise.
  @CodedByName public private(set) var noise: any NoiseDistribution

  /// A polynomial of the given coefficients, that of x⁰ first.
  public init(coefficients: [Double], noise: any NoiseDistribution) {
    self.coefficients = coefficients
    _noise = CodedByName(wrappedValue: noise)
  }

  /// - Throws: ``SyntheticDataError`` unless the first feature is a number.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: 2, of: "a polynomial")
  }

  /// Σ_j c_j xʲ, by Horner's scheme.
  public func mean(_ block: RowBlock, row: Int) -> Double {
    coefficients.reversed().reduce(0) { $0 * block.features[row, 0] + $1 }
  }

  /// The coefficients as `(intercept)`, `x`, `I(x^2)`, …, and those of the noise.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    let x = features.first ?? "x"
    let powers = [x] + (2..<max(2, coefficients.count)).map { "I(\(x)^\($0))" }
    return coefficients.parameters(features: powers) + noise.parameters
  }
}
