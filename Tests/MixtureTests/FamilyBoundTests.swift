import Foundation
import GSL
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Over every family × prior × estimate the ELBO never falls, and no step is refused that would not have lowered it.
@Suite struct FamilyBoundTests {
  /// Every covariance with every mean, and every prior of the intercept, for two experts of three coefficients.
  private static let priors: [GaussianPrior] = {
    let given = Matrix(rows: 3, columns: 3, elements: [4, 1, 0, 1, 4, 1, 0, 1, 4])
    let coupling = try? MeanCoupling(matrix: Matrix(diagonal: [0.5, 2]), coefficients: [0, 2])
    let covariances: [GaussianPrior.Covariance] = [
      .cauchy, .flat, .fixed(variance: 5), .given(given), .isotropic, .diagonal, .full,
    ]
    let means: [GaussianPrior.Mean] =
      [.zero, .given([[0.1, 1, -1], [-0.5, 0.5, 0.5]]), .learned, .common]
      + [coupling].compactMap(\.self).map { .coupled($0, startingAt: [[0.5, 1, -1]]) }
    // A flat prior has no mean.
    let all = covariances.flatMap { covariance in
      (covariance == .flat ? [.zero] : means).map { GaussianPrior(covariance: covariance, mean: $0) }
    }
    let intercepts: [GaussianPrior.Intercept] = [.fixed(variance: 2), .flat, .same]
    return all
      + [GaussianPrior.Covariance.isotropic, .diagonal, .full].flatMap { covariance in
        intercepts.map { GaussianPrior(covariance: covariance, intercept: $0) }
      }
  }()

  /// Those that an estimate allows: maximum likelihood knows none, and points have none that is learned.
  private static func priors(_ estimate: Estimate) -> [GaussianPrior] {
    switch estimate {
    case .variational: priors
    case .maximumAPosteriori: priors.filter { !$0.learnsCovariance }
    case .maximumLikelihood: [GaussianPrior(covariance: .flat)]
    }
  }

  /// 80 rows of two experts that overlap, and where each begins.
  private struct Subject<Family: ResponseFamily> {
    let family: Family
    let terms: Family.Scale.Terms
    let rows: Observations
    let labels: [Int]

    init(_ family: Family, _ terms: Family.Scale.Terms, scale: Family.Scale, truth: [[Double]]) throws {
      var source = RandomSource(seed: 41)
      let labels = (0..<80).map { _ in source.integer(below: 2) }
      let x = (0..<2).map { _ in labels.map { _ in source.gaussian() } }
      let trials = labels.indices.map { Double(3 + $0 % 7) }
      let y = labels.indices.map { i in
        let w = truth[labels[i]]
        return family.sample(
          eta: w[0] + w[1] * x[0][i] + w[2] * x[1][i], trials: Family.acceptsTrials ? trials[i] : 1, scale: scale,
          using: &source)
      }
      (self.family, self.terms, self.labels) = (family, terms, labels)
      rows = try Observations(
        features: [("a", x[0]), ("b", x[1])], responses: [("y", y)], trials: Family.acceptsTrials ? ["y": trials] : [:])
    }

    func model(_ estimate: Estimate, _ prior: GaussianPrior) throws -> MixtureModel {
      try MixtureModel(
        gate: DirichletGate(estimate: estimate == .maximumAPosteriori ? .variational : estimate),
        blocks: [Block(2, Regression(family, estimate: estimate, prior: prior, scale: terms))])
    }

    /// Whole fits, plain and accelerated.
    func expectRisingTrace(_ estimate: Estimate, _ prior: GaussianPrior) throws {
      for isAccelerated in [false, true] {
        var options = FitOptions()
        (options.threads, options.maximumIterations, options.tolerance) = (1, 25, .absolute(0))
        options.isAccelerated = isAccelerated
        let fit = try model(estimate, prior).fitBlocking(
          rows, from: .responsibilities(ResponsibilityTable(labels: labels, expertCount: 2)), options: options)
        for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
          #expect(!after.isBelow(before), "\(before.total) to \(after.total), \(prior.words)")
        }
        #expect(fit.elbo.total.isFinite && fit.elbo.total > fit.elboTrace[0].total, "\(prior.words)")
      }
    }

    /// One update after another, each with a look at where it leads: the ELBO does not fall, a step of an expert that does not lower its part is
    /// taken as it is, and another is shortened until it does not.
    func expectCheckedSteps(_ estimate: Estimate, _ prior: GaussianPrior) throws {
      var mixture = try model(estimate, prior)
      try mixture.configure(for: DataSummary(rows))
      var source: any ResponsibilitySource = RandomResponsibilities(seed: 5, expertCount: 2)
      for iteration in 0..<12 {
        let sums = try statistics(of: mixture, under: source, rows)
        let before = mixture.blocks[0] as! Block<Regression<Family>>
        var checked = before
        try Regression<Family>.update(
          &checked.experts, sharing: &checked.shared, from: sums.part(0).span,
          resum: Resum { trial in
            var other = mixture
            other.blocks[0] = trial
            return try statistics(of: other, under: source, rows).part(0)
          })
        func elbo(_ experts: [Regression<Family>], _ shared: RegressionShared<Family>) throws -> Double {
          var block = before
          (block.experts, block.shared) = (experts, shared)
          var other = mixture
          other.blocks[0] = block
          return try bound(of: other, under: source, rows)
        }
        // Points become distributions in the first iteration, and there is nothing to compare these with.
        if iteration > 0 {
          let (last, next) = (try elbo(before.experts, before.shared), try elbo(checked.experts, checked.shared))
          #expect(next >= last - 1e-10 * abs(last), "\(iteration): \(last) to \(next), \(prior.words)")
        }
        if iteration > 0 && !Family.stepIsSafe {
          let start = try elbo(before.experts, checked.shared)
          let leeway = 1e-11 * abs(start)
          var full = before.experts
          try Regression<Family>.updateCoefficients(
            &full, checked.shared, Regression<Family>.sums(before.experts, sums.part(0).span))
          for k in 0..<2 {
            var trial = before.experts
            trial[k] = full[k]
            let rise = try elbo(trial, checked.shared) - start
            // What is within rounding may go either way.
            if rise > leeway { #expect(checked.experts[k] == full[k], "refused: \(rise), \(prior.words)") }
            if rise < -leeway { #expect(checked.experts[k] != full[k], "taken: \(rise), \(prior.words)") }
          }
        }
        mixture.blocks[0] = checked
        try mixture.dirichlet.updateWeights(counts: sums.part(1))
        source = MixtureResponsibilities(mixture: mixture)
      }
    }
  }

  private func check<Family: ResponseFamily>(_ subject: Subject<Family>, _ estimate: Estimate) throws {
    for prior in Self.priors(estimate) {
      try subject.expectRisingTrace(estimate, prior)
      try subject.expectCheckedSteps(estimate, prior)
    }
  }

  @Test(arguments: FamilyCase.allCases, [Estimate.variational, .maximumAPosteriori, .maximumLikelihood])
  func neverFalls(kind: FamilyCase, estimate: Estimate) throws {
    let (near, far) = ([1.0, 0.8, -0.5], [-1.0, -0.6, 0.9])
    switch kind {
    case .normal:
      try check(
        Subject(NormalFamily(), NoiseTerms(.shared), scale: NoiseScale(.value(4)), truth: [near, far]), estimate)
    case .student:
      try check(
        Subject(
          StudentFamily(), StudentTerms(.perExpert, degreesOfFreedom: .estimated),
          scale: StudentScale(NoiseScale(.value(4)), degreesOfFreedom: 4), truth: [near, far]), estimate)
    case .poisson:
      try check(Subject(PoissonFamily(), Unscaled.Terms(), scale: Unscaled(), truth: [[2.5, 0.5, -0.3], far]), estimate)
    case .binomial:
      try check(Subject(BinomialFamily(), Unscaled.Terms(), scale: Unscaled(), truth: [near, far]), estimate)
    case .bernoulli:
      try check(Subject(BernoulliFamily(), Unscaled.Terms(), scale: Unscaled(), truth: [near, far]), estimate)
    }
  }
}
