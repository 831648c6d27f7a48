import GSL
import MixtureCore

/// y = Σ_j c_j xʲ + noise, in the first feature x.
public struct PolynomialResponse: NoisyResponse {
  /// c_0, c_1, ….
  public let coefficients: [Double]
  /// The law of the noise.
  @CodedByName public private(set) var noise: any NoiseLaw

  /// A polynomial of the given coefficients, that of x⁰ first.
  public init(coefficients: [Double], noise: any NoiseLaw) {
    self.coefficients = coefficients
    _noise = CodedByName(wrappedValue: noise)
  }

  /// y.
  public var columns: [SyntheticColumn] { [SyntheticColumn("y")] }
  /// Whether the noise has a mean.
  public var hasMean: Bool { noise.hasMean }

  /// The same polynomial with other noise.
  public func replacingNoise(by noise: any NoiseLaw) -> PolynomialResponse {
    PolynomialResponse(coefficients: coefficients, noise: noise)
  }

  /// - Throws: ``SyntheticDataError`` for a coefficient that is not finite, or beyond 10¹⁰⁰, or faulty noise.
  public func validate() throws {
    try coefficients.validateNumbers("coefficients")
    try noise.validate()
  }

  /// - Throws: ``SyntheticDataError`` unless the first feature is a number.
  public func validate(_ features: [SyntheticColumn]) throws {
    try features.validatePredictors(coefficientCount: 2, of: "a polynomial")
  }

  /// Draws y.
  public func draw(_ rows: [Int], _ block: inout RowBlock) {
    for row in rows { block.response[row, 0] = value(block, row) + noise.draw(using: &block.sources[row]) }
  }

  /// Writes the density of the noise at y − Σ_j c_j xʲ.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    for row in 0..<block.count { terms[row, column] = block.response[row, 0] - value(block, row) }
    noise.replaceByLogDensities(&terms, column: column)
  }

  /// Writes Σ_j c_j xʲ.
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {
    for row in 0..<block.count { means[row, column] = value(block, row) }
  }

  /// The coefficients as `(intercept)`, `x`, `I(x^2)`, …, and those of the noise.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    let x = features.first ?? "x"
    let powers = [x] + (2..<max(2, coefficients.count)).map { "I(\(x)^\($0))" }
    return coefficients.parameters(features: powers) + noise.parameters
  }

  /// Horner's scheme.
  private func value(_ block: RowBlock, _ row: Int) -> Double {
    coefficients.reversed().reduce(0) { $0 * block.features[row, 0] + $1 }
  }
}
