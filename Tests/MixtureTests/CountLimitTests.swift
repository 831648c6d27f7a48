import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// Counts at the ends of what numbers can hold, and what only looks like a fit.
@Suite struct CountLimitTests {
  private func fit(
    _ block: any AnyBlock, x: [Double], y: [Double], trials: [Double]? = nil, offset: [Double]? = nil,
    groups: [Int]? = nil
  ) throws -> Fit {
    let rows = try Observations(
      features: [("x", x)], responses: [("y", y)], trials: trials.map { ["y": $0] } ?? [:], offset: offset,
      groups: groups)
    return try MixtureModel(gate: DirichletGate(), blocks: [block]).fitBlocking(rows)
  }

  /// Mean and variance of counts are exp(μ + v/2) = m and m + m² (exp v − 1), which nodes of a rule do not reach for a large v; quantiles are the
  /// least counts that have the probability up to them.
  @Test(arguments: [0.1, 5.0, 35.0])
  func momentsOfWideCountsAreExact(variance: Double) throws {
    let wide = try PredictedResponse(
      PoissonFamily(), UncertainPredictor(mean: 3, variance: variance), scale: Unscaled())
    let mean = exp(3 + 0.5 * variance)
    #expect(abs(wide.mean - mean) <= 1e-12 * mean)
    #expect(abs(wide.variance - (mean + mean * mean * (exp(variance) - 1))) <= 1e-9 * wide.variance)
    let mixture = MixtureDistribution(weights: [1], components: [wide])
    for probability in [1e-9, 0.025, 0.5, 0.975, 0.99999] {
      let quantile = try mixture.quantile(probability)
      #expect(quantile == quantile.rounded() && wide.cumulative(at: quantile) >= probability)
      #expect(quantile == 0 || wide.cumulative(at: quantile - max(1, quantile.ulp)) < probability)
    }
  }

  /// Where an end has no probability but rounding, nothing is computed; elsewhere nothing changes.
  @Test func probabilitiesOfFarTailsAreZeroAndOne() {
    for (count, mean) in [(0.0, 800.0), (1e6, 2e6), (3e6, 2e6), (1e15, 1e15)] {
      let (below, above) = poissonProbabilities(upTo: count, mean: mean)
      #expect(abs(below + above - 1) < 1e-9)
      if count != mean { #expect(min(below, above) == 0) }
    }
    for (count, probability) in [(10.0, 0.9), (999_000, 0.1), (500_000, 0.5)] {
      let (below, above) = binomialProbabilities(upTo: count, trials: 1e6, probability: probability)
      #expect(abs(below + above - 1) < 1e-9)
      if probability != 0.5 { #expect(min(below, above) == 0) }
    }
    let near = poissonProbabilities(upTo: 700, mean: 2 * 700)
    #expect(near.below > 0 && near.below < 1e-80)
  }

  @Test func countsBeyondWholeNumbersAreRefused() throws {
    for y in [1e16, 1e20, 1e300] {
      #expect(throws: (any Error).self) { try fit(Block(1, PoissonExpert()), x: [1, 2, 3], y: [1, y, 2]) }
    }
    let error = #expect(throws: DataError.self) {
      try fit(Block(1, BinomialExpert()), x: [1, 2, 3], y: [1, 2, 3], trials: [4, 1e17, 5])
    }
    #expect(
      error?.description.hasPrefix("row 2: the number of trials of y is 100000000000000000, which is more than 2^53")
        == true)
  }

  /// The ELBO of counts of 10¹⁴ is a difference of numbers of 10¹⁵.
  @Test func whatRoundingTakesFromTheELBOIsSaid() throws {
    let large = try fit(Block(1, PoissonExpert()), x: [1, 2, 4], y: [1e14, 2e14, 1e14])
    #expect(large.warnings.contains { $0.hasPrefix("the ELBO is certain to ") })
    let usual = try fit(Block(1, PoissonExpert()), x: [1, 2, 4], y: [1e6, 2e6, 1e6])
    #expect(!usual.warnings.contains { $0.contains("certain to") })
  }

  @Test func offsetsThatAreNoLogarithmsAreNamed() throws {
    let x = (0..<30).map { Double($0 % 7) }
    let y = x.indices.map { Double($0 % 4) }
    func offsets(_ width: Double) -> [Double] { x.indices.map { width * Double($0) / 29 } }
    let error = #expect(throws: DataError.self) { try fit(Block(1, PoissonExpert()), x: x, y: y, offset: offsets(2400)) }
    #expect(error?.description.contains("the offset goes from 0.0 to 2400.0") == true)
    let wide = try fit(Block(1, PoissonExpert(estimate: .maximumLikelihood)), x: x, y: y, offset: offsets(200))
    #expect(wide.warnings.contains { $0.contains("exp(200.0)") } && wide.stopReason == .converged)
    // At the maximum the expected counts sum to the counts.
    let expected = try wide.mixture.predict(
      Observations(features: [("x", x)], responses: [("y", y)], offset: offsets(200))
    ).reduce(0) { $0 + $1.mean }
    #expect(abs(expected - y.reduce(0, +)) < 1e-4, "\(expected)")
    let usual = try fit(Block(1, PoissonExpert()), x: x, y: y, offset: offsets(3))
    #expect(usual.warnings.isEmpty, "\(usual.warnings)")
  }

  /// Where rows are all but certain, curvatures vanish, but x varies.
  @Test(arguments: [Estimate.maximumLikelihood, .maximumAPosteriori, .variational])
  func separatedFeaturesAreNotCalledConstant(estimate: Estimate) throws {
    let x = (1...9).map(Double.init)
    let warnings = try fit(Block(1, BernoulliExpert(estimate: estimate)), x: x, y: x.map { $0 > 4 ? 1 : 0 }).warnings
    #expect(!warnings.contains { $0.contains("constant") }, "\(warnings)")
    #expect(warnings.contains { $0.contains("separated") })
  }

  /// A feature that is constant among an expert's rows is still found.
  @Test func featuresThatAreConstantAmongRowsAreNamed() throws {
    let count = 60
    let labels = (0..<count).map { $0 % 2 }
    let x = (0..<count).map { labels[$0] == 0 ? 1.0 : Double($0 % 7) }
    let y = (0..<count).map { labels[$0] == 0 ? 200 + Double($0 % 3) : Double($0 % 3) }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, PoissonExpert())])
      .fitBlocking(rows, from: .responsibilities(ResponsibilityTable(labels: labels, expertCount: 2)))
    #expect(fit.warnings.contains { $0.hasPrefix("feature x is constant among the rows of expert") }, "\(fit.warnings)")
  }

  /// Shares of yes under two experts are shares under one, unless rows come in groups or one has several trials.
  @Test func oneTrialARowIsNamed() throws {
    let x = (0..<40).map { Double($0 % 5) }
    let y = x.indices.map { Double(($0 + $0 / 7) % 2) }
    func isNamed(_ fit: Fit) -> Bool { fit.warnings.contains { $0.hasPrefix("each row has one yes or no") } }
    #expect(isNamed(try fit(Block(2, BernoulliExpert()), x: x, y: y)))
    #expect(isNamed(try fit(Block(2, BinomialExpert()), x: x, y: y, trials: x.map { _ in 1 })))
    #expect(!isNamed(try fit(Block(1, BernoulliExpert()), x: x, y: y)))
    #expect(!isNamed(try fit(Block(2, BinomialExpert()), x: x, y: y, trials: x.map { _ in 4 })))
    #expect(!isNamed(try fit(Block(2, BernoulliExpert()), x: x, y: y, groups: x.indices.map { $0 / 8 })))
  }
}
