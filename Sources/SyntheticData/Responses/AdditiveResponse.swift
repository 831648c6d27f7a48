import GSL
import MixtureCore

/// y = f(x) + noise, with coefficients of f.
public protocol AdditiveResponse: NoisyResponse {
  /// What f is made of.
  var coefficients: [Double] { get }
  /// A response with the given coefficients and noise.
  init(coefficients: [Double], noise: any NoiseDistribution)
  /// f(x) in a row of a block, counted from zero within it.
  func mean(_ block: RowBlock, row: Int) -> Double
}

extension AdditiveResponse {
  /// The response is one number, y.
  public var columns: [ColumnSchema] { ["y"] }
  /// Whether the noise has a mean.
  public var hasMean: Bool { noise.hasMean }

  /// The same f with other noise.
  public func replacingNoise(by noise: any NoiseDistribution) -> Self { Self(coefficients: coefficients, noise: noise) }

  /// - Throws: `ArgumentError` for a coefficient that is not finite, or beyond 10¹⁰⁰, or faulty noise.
  public func validate() throws {
    try Self.requireFinite(coefficients, argument: "coefficients")
    try noise.validate()
  }

  /// Draws y.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows { block.response[row, 0] = mean(block, row: row) + noise.draw(using: &block.sources[row]) }
  }

  /// Writes the density of the noise at y − f(x).
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    for row in 0..<block.count { terms[row, column] = block.response[row, 0] - mean(block, row: row) }
    noise.replaceByLogDensities(&terms, column: column)
  }

  /// Writes f(x).
  public func means(_ block: RowBlock, into means: inout Matrix, column: Int) {
    for row in 0..<block.count { means[row, column] = mean(block, row: row) }
  }
}
