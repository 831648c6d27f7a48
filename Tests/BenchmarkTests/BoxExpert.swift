import Foundation
import GSL
import Mixtures

/// A user's expert: responses are uniform over a box about those of the data, and none lies outside of it.
struct BoxExpert: IndependentModel, Predictive {
  private(set) var box = Box(middle: 0, reach: 1)

  static var measure: Measure { .lebesgue }
  var statisticsCount: Int { 0 }
  var divergence: Double { 0 }

  /// Takes in five standard deviations to either side.
  static func configure(_ experts: inout [Self], sharing shared: inout Unshared, for data: DataSummary) throws {
    let response = data.responses[0]
    for k in experts.indices {
      experts[k].box = Box(middle: response.mean, reach: 5 * response.variance.squareRoot())
    }
  }

  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows { scores[i] = box.logDensity(at: tile.response[i]) }
  }

  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) {}

  func predictive(_ tile: Tile) -> [Box] { tile.rows.map { _ in box } }
  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogLikelihood(tile, into: &scores)
  }

  struct Box: UnivariateDistribution, Codable {
    var support: ResponseSupport { .numbers }
    let middle: Double
    let reach: Double

    var mean: Double { middle }
    var variance: Double { reach * reach / 3 }
    func logDensity(at value: Double) -> Double { abs(value - middle) <= reach ? -log(2 * reach) : -.infinity }
    func cumulative(at value: Double) -> Double { min(max((value - middle + reach) / (2 * reach), 0), 1) }
    func sample(using source: inout RandomSource) -> Double { middle + reach * (2 * source.uniform() - 1) }
  }
}
