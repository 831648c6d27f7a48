import Foundation
import GSL
import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// Responses that are counted: a distribution of the test's own, as a truth and as an expert.
@Suite struct CountScoreTests {
  /// Poisson's distribution.
  struct Counts: ResponseDistribution, IndependentModel, Predictive, UnivariateDistribution {
    var support: ResponseSupport { .counts }
    let mean: Double
    var variance: Double { mean }

    func logDensity(at value: Double) -> Double { value * log(mean) - mean - lgamma(value + 1) }
    func cumulative(at value: Double) -> Double {
      stride(from: 0, through: value, by: 1).reduce(0) { $0 + exp(logDensity(at: $1)) }
    }
    func sample(using source: inout RandomSource) -> Double {
      var (count, product) = (0.0, source.uniform())
      while product > exp(-mean) { (count, product) = (count + 1, product * source.uniform()) }
      return count
    }

    var columns: [ColumnSchema] { [ColumnSchema("y", .count)] }
    func draw(_ rows: [Int], into block: inout RowBlock) {
      for row in rows { block.response[row, 0] = sample(using: &block.sources[row]) }
    }
    func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
      for row in 0..<block.count { terms[row, column] = logDensity(at: block.response[row, 0]) }
    }

    static var measure: Measure { .counting }
    static var acceptsOffset: Bool { true }
    var statisticsCount: Int { 0 }
    var divergence: Double { 0 }
    static func configure(_ experts: inout [Self], sharing shared: inout Unshared, for data: DataSummary) {}
    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      for i in tile.rows { scores[i] = logDensity(at: tile.response[i]) }
    }
    func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
    mutating func update(from statistics: Span<Double>, resum: Resum<Self>) {}
    func parameters(for data: DataSummary) -> [ParameterEstimate] { [ParameterEstimate("mean", value: mean)] }
    func predictive(_ tile: Tile) -> [Self] { tile.rows.map { _ in self } }
    func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      expectedLogLikelihood(tile, into: &scores)
    }
  }

  @Test func countsAreComparedByTheirProbabilities() async throws {
    let distributions = [Counts(mean: 2), Counts(mean: 9)]
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: ConstantWeights([3, 1]), experts: distributions)
    let truth = try Truth(SyntheticDataSet(generator, rows: 400))
    let table = try truth.data().table()
    var gate = try DirichletGate(estimate: .maximumLikelihood)
    try gate.select([nil, nil])
    try gate.fixWeight(ofExpert: 0, at: 0.25)
    let mixture = try MixtureModel(gate: gate, blocks: [Block([distributions[1], distributions[0]])])
    let fit = try await Mixture(Formula("y ~ x1"), parts: mixture).fit(table, from: .priors)
    let score = try TruthScore(fit, truth: truth, rows: 2000)
    let excess = try #require(score.logDensity).excessLogLoss
    #expect(abs(excess.mean) < 1e-12 && excess.standardError < 1e-12)
    #expect(score.experts.map(\.trueExpert) == [2, 1] && score.adjustedRandIndex == score.bayesAdjustedRandIndex)
    // The truth's own intervals, randomised at their ends: within five standard deviations.
    #expect(score.responseCoverage.count == 3 && score.reasons(.responseCoverage).isEmpty)
    for coverage in score.responseCoverage { #expect(abs(coverage.share - coverage.nominal) < 5 * coverage.standardError) }
    // The truth says nothing of its parameters here.
    #expect(
      score.parameters.isEmpty
        && score.reasons(.parameters) == [1, 2].map { "mean: true expert \($0) has no such parameter" })

    // A density per unit is no probability.
    let linear = try await Mixture("y ~ x1") { Block(2, LinearExpert()) }.fitQuickly(table)
    let other = try TruthScore(linear, truth: truth, rows: 2000)
    #expect(other.logDensity == nil && other.parameters.isEmpty && other.reasons(.parameters)[0].contains("real number"))
    #expect(other.coefficientError == nil && other.adjustedRandIndex != nil)
  }
}
