import Foundation
import Mixtures
import Testing

@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Fixed coefficients, variances and weights, and relevance determination.
@Suite struct FixedParameterTests {
  private let truth = LinearTruth(rows: 300, features: 2, experts: 2, noise: 0.5, seed: 23)

  private func start() throws -> Start {
    .responsibilities(try ResponsibilityTable(labels: truth.labels, expertCount: 2))
  }

  private func fit(_ block: Block<LinearExpert>, _ gate: DirichletGate? = nil, rows: Observations? = nil) throws
    -> Fit
  {
    try MixtureModel(gate: gate ?? DirichletGate(), blocks: [block])
      .fitBlocking(rows ?? truth.observations(), from: start())
  }

  @Test(arguments: Estimate.allCases, ["(intercept)", "x1", "x2"])
  func aFixedCoefficientStaysAndTheOthersAreBest(estimate: Estimate, name: String) throws {
    let prior = GaussianPrior(covariance: .fixed(variance: 4))
    var block = Block(2, LinearExpert(estimate: estimate, prior: prior))
    block.fix(name, ofExpert: 0, at: 0.25)
    let fit = try fit(block)
    let index = try #require(["(intercept)", "x1", "x2"].firstIndex(of: name))
    let distribution = fit.mixture.linear.experts[0].coefficients
    #expect(abs(distribution.mean[index] - 0.25) < 1e-12 && distribution.standardDeviations[index] == 0)
    #expect(distribution.free.count == (estimate == .variational ? 2 : 0))
    // A neighbour in any free direction is no better.
    let source = MixtureResponsibilities(mixture: fit.mixture)
    let rows = try truth.observations()
    let best = try bound(of: fit.mixture, under: source, rows)
    for j in 0..<3 where j != index {
      for step in [1e-3, -1e-3] {
        var trial = fit.mixture
        let posterior = trial.linear.experts[0].posterior
        var mean = posterior.mean
        mean[j] += step
        trial.linear.experts[0].posterior = Gaussian(mean: mean, free: posterior.free, precision: posterior.precision)
        #expect(try bound(of: trial, under: source, rows) < best)
      }
    }
    block.free(name, ofExpert: 0)
    #expect(try self.fit(block).elbo.total > fit.elbo.total)
  }

  @Test func fixedAtZeroIsLeftOut() throws {
    var block = Block(2, LinearExpert(estimate: .maximumLikelihood))
    for k in 0..<2 { block.fix("x2", ofExpert: k, at: 0) }
    let gate = try DirichletGate(estimate: .maximumLikelihood)
    let fixed = try fit(block, gate)
    let without = try Observations(features: [("x1", truth.features[0])], responses: [("y", truth.response)])
    let smaller = try fit(Block(2, LinearExpert(estimate: .maximumLikelihood)), gate, rows: without)
    #expect(isClose(fixed.elbo.total, smaller.elbo.total, relative: 1e-11))
  }

  @Test func unknownNamesAreErrors() throws {
    var block = Block(2, LinearExpert())
    block.fix("x9", ofExpert: 0, at: 1)
    let error = #expect(throws: ArgumentError.self) { try fit(block) }
    #expect(error?.description.contains("x9") == true)
  }

  @Test(arguments: [LinearNoise.perExpert, .perExpertGamma(shape: 2, rate: 0.5)])
  func aFixedVarianceStays(noise: LinearNoise) throws {
    var block = Block(2, LinearExpert(noise: noise))
    block.fixNoiseVariance(ofExpert: 1, at: 0.75)
    let fit = try fit(block)
    #expect(isClose(fit.mixture.linear.experts[1].noiseVariance, 0.75, relative: 1e-15))
    #expect(fit.mixture.linear.experts[0].noiseVariance < 0.5)
  }

  @Test(arguments: Estimate.allCases)
  func aFixedWeightStays(estimate: Estimate) throws {
    let truth = LinearTruth(rows: 300, features: 1, experts: 3, noise: 0.3, seed: 23)
    var gate = try DirichletGate(concentration: 2, estimate: estimate)
    try gate.fixWeight(ofExpert: 1, at: 0.5)
    let fit = try MixtureModel(
      gate: gate,
      blocks: [Block(3, LinearExpert(estimate: estimate, prior: GaussianPrior(covariance: .fixed(variance: 4))))]
    ).fitBlocking(truth.observations(), from: .responsibilities(ResponsibilityTable(labels: truth.labels, expertCount: 3)))
    let weights = fit.mixture.dirichlet.weights
    #expect(weights[1] == 0.5 && isClose(weights.reduce(0, +), 1, relative: 1e-14))
    for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
      #expect(after.total >= before.total - after.rounding)
    }
    try gate.freeWeight(ofExpert: 1)
    #expect(gate.weights.allSatisfy { isClose($0, 1.0 / 3, relative: 1e-14) })
    #expect(throws: ArgumentError.self) { try gate.fixWeight(ofExpert: 0, at: 1) }
    #expect(throws: ArgumentError.self) { try gate.fixWeight(ofExpert: 0, at: -0.1) }
  }

  /// Five relevant features of thirty: relevance determination drives the others' coefficients to zero and keeps the five.
  @Test func relevanceDetermination() throws {
    var source = RandomSource(seed: 4)
    let features = (0..<30).map { j in ("x\(j)", (0..<2000).map { _ in source.gaussian() }) }
    let labels = (0..<2000).map { _ in source.integer(below: 2) }
    let signs = [[1.5, -2, 1, 2.5, -1], [-1, 1.5, 2, -1.5, 2]]
    let response = (0..<2000).map { i in
      (0..<5).reduce(source.gaussian(standardDeviation: 0.5)) { $0 + signs[labels[i]][$1] * features[$1].1[i] }
    }
    let rows = try Observations(features: features.map { (ColumnSchema($0.0), $0.1) }, responses: [("y", response)])
    let fit = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block(2, LinearExpert(prior: GaussianPrior(covariance: .diagonal)))]
    ).fitBlocking(rows, from: .responsibilities(ResponsibilityTable(labels: labels, expertCount: 2)))
    for (expert, truth) in zip(fit.mixture.linear.experts, signs) {
      let mean = expert.coefficients.mean.dropFirst()
      #expect(zip(mean, truth).allSatisfy { abs($0 - $1) < 0.08 })
      // Noise alone would leave coefficients of about 0.5 / √1000 = 0.016.
      #expect(mean.dropFirst(5).count { abs($0) < 1e-4 } >= 15)
      #expect(mean.dropFirst(5).allSatisfy { abs($0) < 0.05 })
    }
  }
}
