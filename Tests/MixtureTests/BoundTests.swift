import Foundation
import GSL
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts
@testable import Gates
@testable import MixtureCore

/// The ELBO against independent computations of what it is.
@Suite struct BoundTests {
  /// Over every noise × prior × concentration, no single update lowers the ELBO.
  @Test(arguments: allNoises, PriorKind.allCases)
  func neverFallsAfterAnySingleUpdate(noise: LinearNoise, kind: PriorKind) throws {
    let truth = LinearTruth(rows: 60, features: 2, experts: 3, noise: 0.5, seed: 21)
    let rows = try truth.observations()
    for concentration in ConcentrationKind.allCases {
      var mixture = try linearMixture(
        rows, experts: 3, noise: noise, prior: kind.make(dimension: 3), gate: concentration.gate())
      var source: any ResponsibilitySource = RandomResponsibilities(seed: 5, expertCount: 3)
      var last = -Double.infinity
      func check(_ update: String) throws {
        let value = try bound(of: mixture, under: source, rows)
        #expect(value >= last - 1e-10 * abs(last), "\(update), \(concentration)")
        last = value
      }
      for _ in 0..<12 {
        let sums = try statistics(of: mixture, under: source, rows)
        let count = RegressionSums.count(dimension: 3)
        let linearSums = (0..<3).map { k in
          RegressionSums(sums.part(0).span.extracting((k * count)..<((k + 1) * count)), dimension: 3)
        }
        let means = mixture.linear.experts.map(\.posterior.mean)
        var block = mixture.linear
        try LinearExpert.updateCoefficients(&block.experts, block.shared, linearSums)
        mixture.linear = block
        try check("q(w)")
        try LinearExpert.updateScales(&block.experts, block.shared, linearSums, meansOfPass: means)
        mixture.linear = block
        try check("noise")
        try LinearExpert.updatePrior(block.experts, &block.shared, linearSums)
        mixture.linear = block
        try check("prior")
        try mixture.dirichlet.updateWeights(counts: sums.part(1))
        try check("q(π)")
        try mixture.dirichlet.updateConcentration()
        try check("μ")
        source = MixtureResponsibilities(mixture: mixture)
        try check("q(Z)")
      }
    }
  }

  /// Whole fits, over every prior × mean × noise × concentration, plain and accelerated: the ELBOs of passes that are kept
  /// never fall. Under a flat prior an expert may lose its rows until nothing determines it, which ends the fit by name.
  @Test(arguments: allNoises, [true, false])
  func neverFallsFromPassToPass(noise: LinearNoise, isAccelerated: Bool) throws {
    let rows = try LinearTruth(rows: 60, features: 2, experts: 3, noise: 0.5, seed: 22).observations()
    var options = options(passes: 25)
    options.isAccelerated = isAccelerated
    options.threads = 1
    // A flat prior has no mean.
    for prior in allGaussianPriors where prior.covariance != .flat || prior.mean == .zero {
      for concentration in ConcentrationKind.allCases {
        let model = try MixtureModel(
          gate: concentration.gate(), blocks: [Block(3, LinearExpert(prior: prior, noise: noise))])
        let fit: Fit
        do { fit = try model.fitBlocking(rows, from: .recipe(.localised), options: options) } catch MixtureError
          .allStartsFailed
        {
          // A distribution without a prior has no width where an expert is left with too few rows.
          #expect(prior.covariance == .flat)
          continue
        }
        for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
          #expect(
            after.inUnitsOfFit >= before.inUnitsOfFit - max(before.rounding, after.rounding), "\(prior), \(concentration)")
        }
      }
    }
  }

  /// After q(Z), Σ ln Σ exp − divergences equals the ELBO written out under the same responsibilities.
  @Test func shortcutAfterResponsibilitiesEqualsFullFormula() throws {
    let rows = try LinearTruth(rows: 400, features: 2, experts: 3, noise: 0.5, seed: 4).observations()
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(3, LinearExpert())])
      .fitBlocking(rows, options: options(passes: 7))
    let full = try bound(of: fit.mixture, under: MixtureResponsibilities(mixture: fit.mixture), rows)
    #expect(isClose(fit.elbo.total, full, relative: 1e-12))
  }

  /// E_q [ln p(y, z, w, β, π) − ln q(z, w, β, π)] from the factors' own samplers: 4,000 draws, and the ELBO within five
  /// standard errors of their mean (false alarms: 6e-7 a case).
  @Test(arguments: allNoises, PriorKind.allCases)
  func equalsMonteCarloEstimate(noise: LinearNoise, kind: PriorKind) throws {
    let truth = LinearTruth(rows: 40, features: 2, experts: 3, noise: 0.5, seed: 31)
    let rows = try truth.observations()
    let gate = try DirichletGate(concentration: [2, 1, 0.5])
    let prior = try kind.make(dimension: 3)
    let noisePrior: Gamma? =
      switch noise {
      case .gamma(let shape, let rate?), .perExpertGamma(let shape, let rate?): try Gamma(shape: shape, rate: rate)
      default: nil
      }
    // Few passes from a random start leave every responsibility undecided, so that all terms matter.
    let start = try MixtureModel(
      gate: gate, blocks: [Block(3, LinearExpert(prior: prior, noise: noise, standardizes: false))])
    let fit = try start.fitBlocking(rows, options: options(passes: 4))
    let mixture = fit.mixture
    let responsibilities = try mixture.responsibilities(rows).map { try Categorical(weights: $0) }
    let block = mixture.linear
    let priors = try (0..<3).map { try block.shared.prior.distribution(ofExpert: $0) }
    let distributions = block.experts.map(\.coefficients)
    let gaussian = try #require(block.shared.prior as? GaussianPrior)
    let penalty = gaussian.couplingPenalty
    // q(τ_k) of a Cauchy prior, under which p(w_k | τ_k) is N(w0_k, I / τ_k).
    let scales = try (0..<3).map { try gaussian.scalePrecision(ofExpert: $0) }
    let scalePrior =
      gaussian.covariance == .cauchy ? try Gamma(shape: 0.5, rate: 0.5 * DataSummary(rows).typicalVariance) : nil
    var source = RandomSource(seed: 8)
    var draws: [Double] = []
    for _ in 0..<4000 {
      var value = 0.0
      let weights = mixture.dirichlet.posterior.sample(using: &source)
      value += mixture.dirichlet.prior.logDensity(at: weights) - mixture.dirichlet.posterior.logDensity(at: weights)
      var precisions = block.experts.map(\.noisePrecision.mean)
      for k in (noise.isShared ? 0..<1 : 0..<3) {
        guard case .gamma(let distribution) = block.experts[k].noisePrecision else { continue }
        let precision = distribution.sample(using: &source)
        value += noisePrior!.logDensity(at: precision) - distribution.logDensity(at: precision)
        if noise.isShared { precisions = Array(repeating: precision, count: 3) } else { precisions[k] = precision }
      }
      value -= penalty
      let coefficients = block.experts.indices.map { k in
        let w = distributions[k].sample(using: &source)
        value -= distributions[k].logDensity(at: w)
        if let scale = scales[k] {
          let precision = scale.sample(using: &source)
          value += scalePrior!.logDensity(at: precision) - scale.logDensity(at: precision)
          value += zip(w, gaussian.means[k]).reduce(0) {
            $0 + NormalDistribution(mean: $1.1, variance: 1 / precision).logDensity(at: $1.0)
          }
        } else {
          value += priors[k]?.logDensity(at: w) ?? 0
        }
        return w
      }
      for (i, x) in truth.design().enumerated() {
        let k = responsibilities[i].sampleIndex(using: &source)
        value += log(weights[k]) - log(responsibilities[i].probabilities[k])
        value += NormalDistribution(mean: dot(coefficients[k], x), variance: 1 / precisions[k])
          .logDensity(at: truth.response[i])
      }
      draws.append(value)
    }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)
    let error = (variance / Double(draws.count)).squareRoot()
    #expect(abs(mean - fit.elbo.total) < 5 * error, "\(mean) ± \(error) against \(fit.elbo.total)")
  }

  /// The exact evidence of eight rows by enumeration of their 2⁸ assignments: no bound exceeds it.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func neverExceedsExactEvidence(seed: UInt64) throws {
    let truth = LinearTruth(rows: 8, features: 1, experts: 2, noise: 0.5, seed: seed)
    let rows = try truth.observations()
    let (variance, mu) = (0.3, [0.8, 1.5])
    let exact = try exactLogEvidence(truth, noiseVariance: variance, concentration: mu)
    let model = try MixtureModel(
      gate: DirichletGate(concentration: mu),
      blocks: [
        Block(2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .fixed(variance: variance)))
      ])
    let fit = try model.fitBlocking(rows, options: options(passes: 300))
    #expect(fit.elbo.total < exact)
    #expect(fit.elbo.total > exact - 10, "a bound far below is no check")

    // With a Gamma prior the evidence is an integral over the shared precision.
    let prior = try Gamma(shape: 2, rate: 0.7)
    let logs = try stride(from: -8.0, through: 8, by: 0.02).map { u -> Double in
      try exactLogEvidence(truth, noiseVariance: exp(-u), concentration: mu) + prior.logDensity(at: exp(u)) + u + log(0.02)
    }
    let largest = logs.max()!
    let integral = largest + log(logs.reduce(0) { $0 + exp($1 - largest) })
    let gammaModel = try MixtureModel(
      gate: DirichletGate(concentration: mu),
      blocks: [
        Block(2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .gamma(shape: 2, rate: 0.7)))
      ])
    let gammaFit = try gammaModel.fitBlocking(rows, options: options(passes: 300))
    #expect(gammaFit.elbo.total < integral)
    #expect(gammaFit.elbo.total > integral - 10)
  }

  private func exactLogEvidence(_ truth: LinearTruth, noiseVariance: Double, concentration: [Double]) throws -> Double {
    let total = concentration.reduce(0, +)
    return try ExactEvidence.log(of: truth, noiseVariance: noiseVariance) { members in
      zip(concentration, members).reduce(lgamma(total) - lgamma(total + Double(truth.response.count))) {
        $0 + lgamma($1.0 + Double($1.1.count)) - lgamma($1.0)
      }
    }
  }

  /// With one expert and fixed hyperparameters the ELBO is the evidence of Bayesian linear regression.
  @Test(arguments: [true, false], [true, false])
  func oneExpertEqualsClosedForm(intercept: Bool, standardizes: Bool) throws {
    let truth = LinearTruth(rows: 120, features: 4, experts: 1, noise: 0.5, intercept: intercept, seed: 9)
    let model = try MixtureModel(
      gate: DirichletGate(),
      blocks: [
        Block(
          1,
          LinearExpert(
            prior: GaussianPrior(covariance: .fixed(variance: 3)), noise: .fixed(variance: 0.4), hasIntercept: intercept,
            standardizes: standardizes))
      ])
    let fit = try model.fitBlocking(truth.observations(), options: options(passes: 3))
    let exact = try ExactEvidence.log(
      of: truth.response, design: truth.design(intercept: intercept), noiseVariance: 0.4, priorVariance: 3)
    #expect(isClose(fit.elbo.total, exact, relative: 1e-10))
  }

  private func options(passes: Int) -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    return options
  }
}
