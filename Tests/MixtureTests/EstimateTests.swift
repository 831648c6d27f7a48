import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Maximum likelihood and maximum a posteriori: the same driver with point masses.
@Suite struct EstimateTests {
  /// Maximised log-likelihoods of independent programs (R: flexmix 2.3.18, mixtools 2.0.0).
  struct Reference: Sendable, CustomTestStringConvertible {
    var set: String
    var experts: Int
    var noise: LinearNoise
    var logLikelihood: Double
    var testDescription: String { "\(set), K = \(experts), \(noise)" }
  }

  static let references = [
    Reference(set: "tonedata", experts: 2, noise: .perExpert, logLikelihood: 141.198402),
    Reference(set: "tonedata", experts: 2, noise: .shared, logLikelihood: 107.256698),
    Reference(set: "tonedata", experts: 3, noise: .shared, logLikelihood: 132.572998),
    Reference(set: "mcycle", experts: 2, noise: .shared, logLikelihood: -681.358114),
    Reference(set: "mcycle", experts: 2, noise: .perExpert, logLikelihood: -656.786522),
    Reference(set: "mcycle", experts: 3, noise: .shared, logLikelihood: -677.343135),
    Reference(set: "npreg", experts: 1, noise: .perExpert, logLikelihood: -728.303518),
    Reference(set: "npreg", experts: 2, noise: .shared, logLikelihood: -642.532141),
    Reference(set: "npreg", experts: 2, noise: .perExpert, logLikelihood: -642.532014),
    Reference(set: "npreg", experts: 3, noise: .perExpert, logLikelihood: -636.263706),
  ]

  @Test(arguments: references)
  func reachesReference(_ reference: Reference) throws {
    let rows = try FitTests.rows(reference.set)
    let fit = try model(reference.experts, reference.noise).fitBlocking(rows)
    #expect(fit.mixture.linear.collapsedExperts.isEmpty)
    #expect(fit.elbo.total > reference.logLikelihood - 1e-4)
    // The ELBO of point masses under flat priors is the log-likelihood.
    #expect(isClose(fit.elbo.total, try fit.mixture.logLikelihood(rows), relative: 1e-12))
    #expect(fit.elbo.terms.dropFirst().dropLast().allSatisfy { $0.value == 0 })
  }

  private func model(_ experts: Int, _ noise: LinearNoise) throws -> MixtureModel {
    try MixtureModel(
      gate: DirichletGate(estimate: .maximumLikelihood),
      blocks: [Block(experts, LinearExpert(estimate: .maximumLikelihood, noise: noise))])
  }

  private func options(passes: Int) -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    return options
  }

  /// Twenty passes equal twenty of textbook EM (Dempster, Laird & Rubin 1977), written out row by row.
  @Test(arguments: [LinearNoise.shared, .perExpert])
  func equalsTextbookEM(noise: LinearNoise) throws {
    let truth = LinearTruth(rows: 120, features: 2, experts: 2, noise: 0.7, seed: 17)
    let start = truth.labels.indices.map { [0.3 + 0.4 * Double($0 % 2), 0.7 - 0.4 * Double($0 % 2)] }
    var options = options(passes: 20)
    options.isAccelerated = false
    let fit = try model(2, noise).fitBlocking(
      truth.observations(), from: .responsibilities(ResponsibilityTable(start)), options: options)

    let x = truth.design()
    var r = start
    var logLikelihoods: [Double] = []
    for _ in 0..<20 {
      let counts = (0..<2).map { k in r.reduce(0) { $0 + $1[k] } }
      let coefficients = try (0..<2).map { k in
        var matrix = Matrix(rows: 3, columns: 3)
        var target = [0.0, 0, 0]
        for (i, row) in x.enumerated() {
          for a in 0..<3 {
            target[a] += r[i][k] * row[a] * truth.response[i]
            for b in 0..<3 { matrix[a, b] += r[i][k] * row[a] * row[b] }
          }
        }
        return try matrix.solving(target)
      }
      let squares = (0..<2).map { k in
        x.indices.reduce(0.0) {
          let residual = truth.response[$1] - dot(coefficients[k], x[$1])
          return $0 + r[$1][k] * residual * residual
        }
      }
      let variances = (0..<2).map { noise.isShared ? (squares[0] + squares[1]) / 120 : squares[$0] / counts[$0] }
      var logLikelihood = 0.0
      for (i, row) in x.enumerated() {
        let densities = (0..<2).map { k in
          counts[k] / 120
            * exp(
              NormalDistribution(mean: dot(coefficients[k], row), variance: variances[k])
                .logDensity(at: truth.response[i]))
        }
        let sum = densities[0] + densities[1]
        logLikelihood += log(sum)
        r[i] = densities.map { $0 / sum }
      }
      logLikelihoods.append(logLikelihood)
    }
    for (bound, logLikelihood) in zip(fit.elboTrace, logLikelihoods) {
      #expect(isClose(bound.total, logLikelihood, relative: 1e-11))
    }
  }

  /// With one expert the mode is ridge regression, and that of a Gamma prior's precision (shape − 1) / rate.
  @Test func theModeOfOneExpert() throws {
    let truth = LinearTruth(rows: 60, features: 2, experts: 1, noise: 0.7, seed: 17)
    let fit = try MixtureModel(
      gate: DirichletGate(estimate: .maximumAPosteriori),
      blocks: [
        Block(
          1,
          LinearExpert(
            estimate: .maximumAPosteriori, prior: GaussianPrior(covariance: .fixed(variance: 0.5)),
            noise: .gamma(shape: 3, rate: 2)))
      ]
    ).fitBlocking(truth.observations(), options: options(passes: 200))
    let expert = fit.mixture.linear.experts[0]
    let (x, w) = (truth.design(), expert.coefficients.mean)
    let precision = 1 / expert.noiseVariance
    // The gradient of the log posterior vanishes.
    for j in 0..<3 {
      let pull = x.indices.reduce(0) { $0 + precision * x[$1][j] * (truth.response[$1] - dot(w, x[$1])) }
      #expect(abs(pull - w[j] / 0.5) < 1e-8)
    }
    let squares = x.indices.reduce(0.0) { $0 + (truth.response[$1] - dot(w, x[$1])) * (truth.response[$1] - dot(w, x[$1])) }
    #expect(isClose(precision, (3 + 30 - 1) / (2 + 0.5 * squares), relative: 1e-10))
    #expect(expert.coefficients.standardDeviations == [0, 0, 0])
    let prior =
      try w.reduce(0) { $0 + NormalDistribution(mean: 0, variance: 0.5).logDensity(at: $1) }
      + Gamma(shape: 3, rate: 2).logDensity(at: precision)
    #expect(isClose(fit.elbo.total, try fit.mixture.logLikelihood(truth.observations()) + prior, relative: 1e-11))
  }

  @Test(arguments: [Estimate.maximumLikelihood, .maximumAPosteriori], allNoises)
  func neverFalls(estimate: Estimate, noise: LinearNoise) throws {
    guard estimate == .maximumAPosteriori || !noise.hasPrior else { return }
    let rows = try LinearTruth(rows: 200, features: 2, experts: 3, noise: 0.7, seed: 17).observations()
    for mean in [GaussianPrior.Mean.zero, .common, .learned] {
      let fit = try MixtureModel(
        gate: DirichletGate(concentration: [2, 1.5, 1], estimate: estimate),
        blocks: [
          Block(
            3,
            LinearExpert(
              estimate: estimate, prior: GaussianPrior(covariance: .fixed(variance: 5), mean: mean), noise: noise))
        ]
      ).fitBlocking(rows, options: options(passes: 60))
      for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
        #expect(after.total >= before.total - after.rounding)
      }
    }
  }

  @Test func pointWeights() throws {
    var gate = try DirichletGate(concentration: [3, 1, 0.2], estimate: .maximumAPosteriori)
    try gate.updateWeights(counts: [10, 5, 0.5])
    // (N + μ − 1) clipped at zero: 12, 5, 0.
    #expect(zip(gate.weights, [12.0 / 17, 5.0 / 17, 0]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(gate.divergence.isFinite && gate.meanLogWeights.allSatisfy { $0.isFinite })
    var likelihood = try DirichletGate(concentration: [3, 1, 0.2], estimate: .maximumLikelihood)
    try likelihood.updateWeights(counts: [10, 5, 5])
    #expect(likelihood.weights == [0.5, 0.25, 0.25] && likelihood.divergence == 0)
  }

  @Test func whatHasNoMaximumIsRefused() throws {
    let rows = try LinearTruth(rows: 50, features: 1, experts: 2, noise: 0.7, seed: 17).observations()
    func argument(_ block: Block<LinearExpert>) -> String? {
      let error = #expect(throws: ArgumentError.self) {
        try MixtureModel(gate: DirichletGate(), blocks: [block]).fitBlocking(rows)
      }
      return error?.argument
    }
    #expect(argument(Block(2, LinearExpert(estimate: .maximumLikelihood, noise: .gamma()))) == "noise")
    for covariance in [GaussianPrior.Covariance.isotropic, .diagonal, .full] {
      let expert = LinearExpert(estimate: .maximumAPosteriori, prior: GaussianPrior(covariance: covariance))
      #expect(argument(Block(2, expert)) == "prior")
    }
    var block = Block(2, LinearExpert(noise: .shared))
    block.fixNoiseVariance(ofExpert: 0, at: 1)
    #expect(argument(block) == "noise")
  }
}
