import Foundation
import Mixtures

/// A line under Laplace noise, which a few wild rows do not move: y ~ Laplace(wᵀx, b), with q(w) Gaussian and b a point.
public struct LaplaceExpert: IndependentModel {
  /// wᵀx, with q(w).
  public var line = LinearPredictor()
  /// b, the mean absolute residual, in the units of the response.
  public var scale = 1.0
  /// An expert that takes its shape from the data.
  public init() {}
  /// The density is per unit of the response.
  public static var measure: Measure { .lebesgue }
  /// The expert takes offsets: the line explains the response less the offset.
  public static var acceptsOffset: Bool { true }
  /// The sums of the line, Σ r and Σ r η.
  public var statisticsCount: Int { line.statisticsCount + 2 }
  /// KL(q(w) ‖ p(w)).
  public var divergence: Double { line.divergence }
  /// The coefficients and b.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] {
    line.parameters(for: data) + [.init("scale", value: scale)]
  }
  /// Starts q(w) at the prior, and b at the spread of the response.
  public static func configure(_ experts: inout [Self], sharing shared: inout Unshared, for data: DataSummary) throws {
    for k in experts.indices {
      try experts[k].line.configure(for: data)
      experts[k].scale = data.typicalVariance.squareRoot()
    }
  }
  /// −ln 2b − η / b ≤ E ln p, with η = √E (y − wᵀx)².
  public func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for (i, e) in zip(tile.rows, line.expectedSquares(tile)) { scores[i] = -log(2 * scale) - e.squareRoot() / scale }
  }
  /// Adds the sums of the line for rows of weight r / η, and r and r η.
  public func accumulate(_ tile: Tile, weighedBy r: Span<Double>, into statistics: inout MutableSpan<Double>) {
    let (roots, end) = (line.expectedSquares(tile).map { $0.squareRoot() }, statistics.count)
    line.accumulate(tile, rowWeights: tile.rows.map { r[$0] / roots[$0] }, into: &statistics)
    for i in tile.rows { statistics[end - 2] += r[i] }
    for i in tile.rows { statistics[end - 1] += r[i] * roots[i] }
  }
  /// Maximises Σ r [−ln 2b − (E (y − wᵀx)² / η + η) / 2b] − KL over q(w), then over b, with the η of the pass.
  public mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    let (rows, roots) = (statistics[statistics.count - 2], statistics[statistics.count - 1])
    let squares = try line.update(from: statistics, noisePrecision: 1 / scale)
    if rows > 1e-8 { scale = max((squares + roots) / (2 * rows), 1e-6 * line.typicalVariance.squareRoot()) }
  }
}
extension LaplaceExpert: Predictive {
  /// Laplace noise about a normal wᵀx.
  public func predictive(_ tile: Tile) -> [NormalLaplace] {
    let (eta, scale) = (line.predictions(tile), scale)
    return tile.rows.map { NormalLaplace(mean: eta.means[$0], deviation: eta.variances[$0].squareRoot(), scale: scale) }
  }
  /// −ln 2b − |y − E wᵀx| / b.
  public func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let means = line.predictions(tile).means
    for i in tile.rows { scores[i] = -log(2 * scale) - abs(tile.response[i] - means[i]) / scale }
  }
}
