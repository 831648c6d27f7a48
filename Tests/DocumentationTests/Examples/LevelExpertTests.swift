import Foundation
import MixtureTestKit
import Mixtures
import Testing

/// The expert of the articles `WriteYourOwnExpert` and `Laws`, as a user would write it.
struct LevelExpert: IndependentModel {
  let variance: Double
  let prior: Gaussian
  var posterior: Gaussian

  init(variance: Double, priorVariance: Double) throws {
    self.variance = variance
    prior = try Gaussian(mean: [0], covariance: Matrix(diagonal: [priorVariance]))
    posterior = prior
  }

  static var responseSpace: ResponseSpace { .continuous }
  var statisticsCount: Int { 2 }

  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (mean, spread) = (posterior.mean[0], posterior.covariance[0, 0])
    for i in tile.rows {
      let residual = tile.response[i] - mean
      scores[i] = -0.5 * (log(2 * .pi * variance) + (residual * residual + spread) / variance)
    }
  }

  func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    for i in tile.rows {
      statistics[0] += responsibilities[i]
      statistics[1] += responsibilities[i] * tile.response[i]
    }
  }

  mutating func update(_ statistics: Span<Double>, resum: Resum<LevelExpert>) throws {
    let precision = 1 / prior.covariance[0, 0] + statistics[0] / variance
    posterior = try Gaussian(
      mean: [statistics[1] / (variance * precision)], precision: Matrix(diagonal: [precision]))
  }

  var divergence: Double { posterior.divergence(from: prior) }
}

@Suite struct LevelExpertTests {
  func subject() throws -> ModelSubject<LevelExpert> {
    var source = RandomSource(seed: 1)
    let labels = (0..<100).map { _ in source.integer(below: 2) }
    let y = labels.map { source.gaussian(mean: $0 == 0 ? -2 : 4, standardDeviation: 0.7) }
    return ModelSubject(
      Experts([
        try LevelExpert(variance: 0.49, priorVariance: 25), try LevelExpert(variance: 0.49, priorVariance: 25),
      ]),
      rows: try Observations(features: [], responses: [("y", y)]), labels: labels,
      drawLogLikelihoods: { block, k, rows, source in
        let level = block.experts[k].posterior.sample(using: &source)[0]
        let law = NormalDistribution(mean: level, variance: block.experts[k].variance)
        return rows.rows.map { law.logDensity(at: rows.response[$0]) }
      },
      variations: [
        Variation("level", isUpdatedLast: true) { block, step in
          let law = block.experts[0].posterior
          block.experts[0].posterior = Gaussian(mean: [law.mean[0] + step], precision: law.precision)
        },
        Variation("precision", isUpdatedLast: true) { block, step in
          let law = block.experts[0].posterior
          block.experts[0].posterior = try Gaussian(mean: law.mean, precision: (1 + step) * law.precision.matrix)
        },
      ])
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }
}

/// The other expert of `WriteYourOwnExpert`, which learns nothing and says so.
@Suite struct BackgroundExpertTests {
  struct UniformExpert: IndependentModel {
    var width: Double
    static var responseSpace: ResponseSpace { .continuous }
    var statisticsCount: Int { 0 }

    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      for i in tile.rows { scores[i] = -log(width) }
    }
    func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
    mutating func update(_ statistics: Span<Double>, resum: Resum<UniformExpert>) {}
    var divergence: Double { 0 }
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws {
    var source = RandomSource(seed: 2)
    let y = (0..<60).map { _ in 10 * source.uniform() }
    law.check(
      ModelSubject(
        Experts([UniformExpert(width: 10), UniformExpert(width: 20)]),
        rows: try Observations(features: [], responses: [("y", y)]), labels: y.map { $0 < 5 ? 0 : 1 },
        drawLogLikelihoods: { block, k, tile, _ in tile.rows.map { _ in -log(block.experts[k].width) } },
        exceptions: [
          .stationary: .absent(reason: "nothing is learned"),
          .recovery: .absent(reason: "responses anywhere in an interval do not tell which expert made them"),
        ]))
  }

  /// Two lines, and a tenth of the rows anywhere.
  @Test func takesTheRowsOfNoLine() async throws {
    var source = RandomSource(seed: 3)
    let x = (0..<200).map { _ in source.uniform() * 4 - 2 }
    let y = x.enumerated().map { i, x in
      i % 10 == 0 ? 20 * source.uniform() - 10 : (i % 2 == 0 ? 1 + x : -1 - 2 * x) + source.gaussian(standardDeviation: 0.1)
    }
    let table = try Table([("x", .numbers(x)), ("y", .numbers(y))])
    let model = try Mixture("y ~ x") {
      Experts(2, LinearExpert())
      Experts(1, UniformExpert(width: 20), named: "background")
    }
    let fit = try await model.fit(table)
    print(fit.effectiveRows[2], "rows belong to no line")
    #expect(abs(fit.effectiveRows[2] - 20) < 4)
  }

  @Test func exceptionsAreDeclared() throws {
    var subject = try LevelExpertTests().subject()
    subject.exceptions[.divergence] = .absent(
      reason: "under a flat prior the divergence is minus the entropy, of either sign")
    subject.exceptions[.expectedLogLikelihood] = .inequality(reason: "the scores are Böhning's bound")
    // What is an equality is an inequality as well.
    ModelLaw.expectedLogLikelihood.check(subject)
  }
}
