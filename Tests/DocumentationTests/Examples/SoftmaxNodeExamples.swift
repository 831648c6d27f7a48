import Gates
import Mixtures
import Testing

/// A gate with weights exp(m_kᵀ x) over their sum, point estimates under a penalty, of what the modules make public.
struct LogitGate: Gate {
  var node = SoftmaxNode(childCount: 0, dimension: 1, penalty: 1)
  var standardization = Standardization(centres: [], scales: [], hasIntercept: true)

  var expertCount: Int { node.childCount }
  var readsFeatures: Bool { true }

  mutating func select(_ experts: [Int?]) { node.select(experts) }

  mutating func configure(for data: DataSummary) throws {
    standardization = Standardization(gateFeaturesOf: data, hasIntercept: true)
    node = SoftmaxNode(childCount: expertCount, dimension: standardization.dimension, penalty: 1)
  }

  func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    node.logWeights(tile, design: tile.gateDesign(standardization), into: &scores)
  }

  func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expectedLogWeights(tile, into: &scores)
  }

  var statisticsCount: Int { node.statisticsCount }

  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    node.accumulate(
      tile, design: tile.gateDesign(standardization), weighedBy: responsibilities, weights: tile.assignmentWeights,
      into: &statistics)
  }

  mutating func update(from statistics: Span<Double>, resum: Resum<LogitGate>) throws {
    try node.update(from: statistics, resum: resum.of(\.node, in: self))
  }

  var divergence: Double { node.penaltyTerm }
}

/// The code of the section on softmax nodes in the article `WriteYourOwnGate`.
@Suite struct SoftmaxNodeExamples {
  /// It is the softmax gate of point estimates, to the bit.
  @Test func aGateOfOneNode() throws {
    var source = RandomSource(seed: 12)
    let x = (0..<300).map { _ in 5 + 3 * source.gaussian() }
    let y = x.map { (source.uniform() < ($0 < 5 ? 0.9 : 0.2) ? 1 - $0 : 2 * $0) + 0.3 * source.gaussian() }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    var options = FitOptions()
    options.maximumIterations = 20
    options.tolerance = .relative(1e-15)
    func weights(_ gate: some Gate) throws -> [[Double]] {
      try MixtureModel(gate: gate, blocks: [Block(3, LinearExpert())])
        .fitBlocking(rows, from: .recipe(.localised), options: options).mixture.weights(rows)
    }
    let own = try weights(LogitGate())
    #expect(own.map { $0[0] }.min() ?? 1 < 0.2 && own.map { $0[0] }.max() ?? 0 > 0.7)
    #expect(try own == weights(SoftmaxGate(estimate: .maximumAPosteriori)))
  }
}
