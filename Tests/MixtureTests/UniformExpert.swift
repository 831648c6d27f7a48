import Foundation
import Mixtures

/// The proof that a simple expert is simple: responses uniform over a range, whatever the features.
struct UniformExpert: IndependentModel {
  var range: ClosedRange<Double>
  static let measure = Measure.lebesgue
  var statisticsCount: Int { 0 }
  var divergence: Double { 0 }
  private var logDensity: Double { -log(range.upperBound - range.lowerBound) }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows { scores[i] = range.contains(tile.response[i]) ? logDensity : -1e9 }
  }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
  mutating func update(from statistics: Span<Double>, resum: Resum<UniformExpert>) {}
}
