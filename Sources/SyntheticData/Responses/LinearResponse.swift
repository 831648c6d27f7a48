import ConjugateFamilies
import GSL
import MixtureCore

/// y = w_0 + wᵀ x + noise.
public struct LinearResponse: NoisyResponse {
  /// w_0, then a coefficient for each feature. Features beyond them do not count.
  public let coefficients: [Double]
  /// The law of the noise.
  @CodedByName public private(set) var noise: any NoiseLaw

  /// A response with the given coefficients: the intercept, then one for each feature.
  public init(coefficients: [Double], noise: any NoiseLaw) {
    self.coefficients = coefficients
    _noise = CodedByName(wrappedValue: noise)
  }

  /// A response for each prior, with coefficients w ~ N(m, A) from it: the intercept, then one for each feature.
  public static func draw(
    from priors: [Gaussian], noise: any NoiseLaw, using source: inout RandomSource
  ) -> [LinearResponse] {
    priors.map { LinearResponse(coefficients: $0.sample(using: &source), noise: noise) }
  }

  /// y.
  public var columns: [SyntheticColumn] { [SyntheticColumn("y")] }
  /// Whether the noise has a mean.
  public var hasMean: Bool { noise.hasMean }

  /// The same line with other noise.
  public func replacingNoise(by noise: any NoiseLaw) -> LinearResponse {
    LinearResponse(coefficients: coefficients, noise: noise)
  }

  /// - Throws: ``SyntheticDataError`` for a coefficient that is not finite, or beyond 10¹⁰⁰, or faulty noise.
  public func validate() throws {
    try coefficients.validateNumbers("coefficients")
    try noise.validate()
  }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient.
  public func validate(_ features: [SyntheticColumn]) throws {
    try features.validatePredictors(coefficientCount: coefficients.count, of: "a linear response")
  }

  /// Draws y.
  public func draw(_ rows: [Int], _ block: inout RowBlock) {
    for row in rows {
      block.response[row, 0] = coefficients.predictor(block, row: row) + noise.draw(using: &block.sources[row])
    }
  }

  /// Writes the density of the noise at y − w_0 − wᵀ x.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    for row in 0..<block.count { terms[row, column] = block.response[row, 0] - coefficients.predictor(block, row: row) }
    noise.replaceByLogDensities(&terms, column: column)
  }

  /// Writes w_0 + wᵀ x.
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {
    for row in 0..<block.count { means[row, column] = coefficients.predictor(block, row: row) }
  }

  /// The coefficients by feature, and those of the noise.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    coefficients.parameters(features: features) + noise.parameters
  }
}
