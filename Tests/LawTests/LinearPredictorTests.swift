import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

/// Linear regression as a user would write it on a `LinearPredictor`, with a known noise variance and rows that all weigh one.
private struct KnownNoiseExpert: IndependentModel {
  var line = LinearPredictor(priorVarianceFactor: 4)
  var noiseVariance = 0.09

  static var measure: Measure { .lebesgue }
  static var acceptsOffset: Bool { true }
  var statisticsCount: Int { line.statisticsCount }
  var divergence: Double { line.divergence }

  static func configure(_ experts: inout [Self], sharing shared: inout Unshared, for data: DataSummary) throws {
    for k in experts.indices { try experts[k].line.configure(for: data) }
  }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let squares = line.expectedSquares(tile)
    for i in tile.rows { scores[i] = -0.5 * (log(2 * .pi * noiseVariance) + squares[i] / noiseVariance) }
  }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    line.accumulate(tile, rowWeights: tile.rows.map { responsibilities[$0] }, into: &statistics)
  }
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    try line.update(from: statistics, noisePrecision: 1 / noiseVariance)
  }
}

extension KnownNoiseExpert: Predictive {
  func predictive(_ tile: Tile) -> [NormalDistribution] {
    let distributions = line.predictions(tile)
    return tile.rows.map {
      NormalDistribution(mean: distributions.means[$0], variance: distributions.variances[$0] + noiseVariance)
    }
  }
  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let means = line.predictions(tile).means
    for i in tile.rows {
      scores[i] = NormalDistribution(mean: means[i], variance: noiseVariance).logDensity(at: tile.response[i])
    }
  }
}

@Suite struct LinearPredictorTests {
  private let x: [Double]
  private let z: [Double]
  private let offset: [Double]
  private let y: [Double]
  private let labels: [Int]

  init() {
    var source = RandomSource(seed: 6)
    labels = (0..<120).map { _ in source.integer(below: 2) }
    x = labels.map { _ in 100 + source.uniform() }
    z = labels.map { _ in 20 * source.uniform() }
    offset = labels.map { _ in source.gaussian() }
    var y: [Double] = []
    for (i, label) in labels.enumerated() {
      let mean = label == 0 ? 2 * x[i] - 0.1 * z[i] : 190 + 0.3 * z[i]
      y.append(mean + offset[i] + source.gaussian(standardDeviation: 0.3))
    }
    self.y = y
  }

  private func rows() throws -> Observations {
    try Observations(features: [("x", x), ("z", z)], responses: [("y", y)], offset: offset)
  }

  private func subject() throws -> ModelSubject<KnownNoiseExpert> {
    let variance = try DataSummary(rows()).typicalVariance
    return ModelSubject(
      Block(2, KnownNoiseExpert()), rows: try rows(), labels: labels,
      drawParameters: { block, source in
        var experts = block.experts
        var divergence = 0.0
        for k in experts.indices {
          let q = experts[k].line.posterior
          let w = q.sample(using: &source)
          // Standardised coefficients are N(0, 4 Var(y)).
          divergence += w.reduce(q.logDensity(at: w)) {
            $0 - NormalDistribution(mean: 0, variance: 4 * variance).logDensity(at: $1)
          }
          experts[k].line.posterior = Gaussian(point: w)
        }
        return ParameterDraw(divergence: divergence) { [experts] k, rows in
          var scores = [Double](repeating: 0, count: rows.capacity)
          withMutableSpan(of: &scores) { experts[k].logLikelihoodAtMean(rows, into: &$0) }
          return rows.rows.map { scores[$0] }
        }
      },
      variations: (0..<3).flatMap { j in
        [
          Variation("mean \(j)", isUpdatedLast: true) { block, step in
            let distribution = block.experts[0].line.posterior
            var mean = distribution.mean
            mean[j] += step
            block.experts[0].line.posterior = Gaussian(mean: mean, precision: distribution.precision)
          },
          Variation("precision \(j)", isUpdatedLast: true) { block, step in
            let distribution = block.experts[0].line.posterior
            var lower = distribution.precision.lower
            lower[j, j] *= 1 + step
            block.experts[0].line.posterior = Gaussian(mean: distribution.mean, precision: Cholesky(lower: lower))
          },
        ]
      },
      exceptions: [
        .rebase: .absent(
          reason: "the residuals in the sums are those under the mean of the pass, and this expert does not move them")
      ])
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test(arguments: PredictiveLaw.allCases)
  func predicts(law: PredictiveLaw) throws { law.check(try PredictiveSubject(predicting: subject())) }

  /// The same fit as with linear experts that know their noise and have the same prior: given in the units of the data, which are
  /// therefore standardised here.
  @Test func agreesWithLinearExperts() throws {
    func standardized(_ column: [Double], scaling: Bool = true) -> [Double] {
      let mean = column.reduce(0, +) / Double(column.count)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
      return column.map { ($0 - mean) / (scaling ? variance.squareRoot() : 1) }
    }
    let explained = standardized(zip(y, offset).map(-), scaling: false)
    let rows = try Observations(
      features: [("x", standardized(x)), ("z", standardized(z))], responses: [("y", zip(explained, offset).map(+))],
      offset: offset)
    let variance = try DataSummary(rows).typicalVariance
    let start = Start.responsibilities(try ResponsibilityTable(labels: labels, expertCount: 2))
    let own = try MixtureModel(gate: DirichletGate()) { Block(2, KnownNoiseExpert()) }.fitBlocking(rows, from: start)
    let builtIn = try MixtureModel(gate: DirichletGate()) {
      Block(
        2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 4 * variance)), noise: .fixed(variance: 0.09)))
    }.fitBlocking(rows, from: start)
    #expect(abs(own.elbo.total - builtIn.elbo.total) < 1e-7 * abs(builtIn.elbo.total))
    for (a, b) in zip(own.mixture.experts(of: KnownNoiseExpert.self), builtIn.mixture.experts(of: LinearExpert.self)) {
      for j in 0..<3 {
        let deviation = b.coefficients.standardDeviations[j]
        #expect(abs(a.line.coefficients.mean[j] - b.coefficients.mean[j]) < 1e-4 * deviation)
        #expect(abs(a.line.coefficients.standardDeviations[j] / deviation - 1) < 1e-6)
      }
    }
    let names = try own.mixture.experts(of: KnownNoiseExpert.self)[0].line.parameters(for: DataSummary(rows)).map(\.name)
    #expect(names == ["(intercept)", "x", "z"])
  }
}
