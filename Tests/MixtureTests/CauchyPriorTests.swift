import Foundation
import Mixtures
import References
import Testing

@testable import ConjugateFamilies
@testable import Experts
@testable import MixtureCore

/// The default prior against exact numbers, and where a learned one was wrong by orders of magnitude.
@Suite struct CauchyPriorTests {
  /// A line with a known noise, whose posterior is an integral over τ (see Tests/References/generate_noise.py).
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var x: [[Double]]
    var y, mean, standardDeviation: [Double]
    var noisePrecision, logEvidence: Double
    var testDescription: String { "\(y.count) rows, noise precision \(noisePrecision)" }
  }

  struct Content: Decodable { var cauchy: [Case] }

  static let cases = (try? Reference.load("noise", as: Content.self))?.cauchy ?? []

  private func fit(_ features: [(String, [Double])], _ y: [Double], _ expert: LinearExpert, experts: Int = 1) throws -> Fit
  {
    let rows = try Observations(features: features.map { (ColumnSchema($0.0), $0.1) }, responses: [("y", y)])
    return try MixtureModel(gate: DirichletGate(), blocks: [Block(experts, expert)]).fitBlocking(rows)
  }

  @Test(arguments: cases)
  func isNearlyExact(_ reference: Case) throws {
    let fit = try fit(
      [("x", reference.x.map { $0[1] })], reference.y,
      LinearExpert(noise: .fixed(variance: 1 / reference.noisePrecision)))
    let distribution = fit.mixture.linear.experts[0].coefficients
    for j in 0..<2 {
      // Few rows leave τ wide, which a product of q(w) and q(τ) sees as less.
      let share = reference.y.count == 4 ? 0.15 : reference.y.count == 12 ? 0.03 : 0.01
      #expect(abs(distribution.standardDeviations[j] / reference.standardDeviation[j] - 1) <= share)
      #expect(abs(distribution.mean[j] - reference.mean[j]) <= 0.1 * reference.standardDeviation[j])
    }
    #expect(fit.elbo.total <= reference.logEvidence && fit.elbo.total > reference.logEvidence - 0.7)
  }

  @Test func allCasesAreThere() { #expect(Self.cases.count == 5) }

  /// `y ~ 1` on 1, 2, 3, 4 had 2.5 ± 0.000011, where the classic standard error is 0.65.
  @Test func fourRowsHaveAnHonestError() throws {
    let distribution = try fit([], [1, 2, 3, 4], LinearExpert()).mixture.linear.experts[0].coefficients
    #expect(abs(distribution.mean[0] - 2.5) < 1e-12)
    #expect(distribution.standardDeviations[0] > 0.45 && distribution.standardDeviations[0] < 0.7)
  }

  /// An expert without rows is as wide as its prior, and costs the penalty of its q(τ).
  @Test func anEmptyExpertIsNotKnownWell() throws {
    var source = RandomSource(seed: 4)
    let x = (0..<80).map { _ in source.gaussian() }
    let y = x.map { 2 * $0 + 0.1 * source.gaussian() }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    let fit = try MixtureModel(gate: DirichletGate(concentration: [0.001, 0.001]), blocks: [Block(2, LinearExpert())])
      .fitBlocking(rows)
    let empty = try #require(fit.effectiveRows.firstIndex { $0 < 1e-6 })
    let distribution = fit.mixture.linear.experts[empty].coefficients
    let deviation = fit.data.typicalVariance.squareRoot()
    #expect(distribution.standardDeviations.allSatisfy { $0 > 0.5 * deviation })
    let prior = try #require(fit.mixture.linear.shared.prior as? GaussianPrior)
    let scale = try #require(try prior.scalePrecision(ofExpert: empty))
    #expect(isClose(scale.mean, 1 / fit.dataOfFit.typicalVariance, relative: 1e-6))
  }

  /// Points have no width, but τ keeps its distribution, so that nothing grows without bound.
  @Test func isAllowedForPoints() throws {
    let x = [0.0, 1, 2, 3, 4, 5]
    let fit = try fit(
      [("x", x)], x.map { 1 + $0 }, LinearExpert(estimate: .maximumAPosteriori, noise: .fixed(variance: 0.1)))
    #expect(fit.stopReason == .converged && fit.mixture.linear.experts[0].coefficients.free.isEmpty)
    #expect(abs(fit.mixture.linear.experts[0].coefficients.mean[1] - 1) < 0.05)
  }

  @Test func anExpertOfFixedCoefficientsHasNoScale() throws {
    var block = Block(2, LinearExpert())
    block.fix("(intercept)", ofExpert: 0, at: 0)
    block.fix("x", ofExpert: 0, at: 1)
    let x = (0..<40).map { Double($0) / 10 }
    let y = x.indices.map { $0 % 2 == 0 ? x[$0] + 0.1 * sin(Double($0)) : 5 - x[$0] + 0.1 * cos(Double($0)) }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [block]).fitBlocking(rows)
    let prior = try #require(fit.mixture.linear.shared.prior as? GaussianPrior)
    #expect(try prior.distribution(ofExpert: 0) == nil && prior.scalePrecision(ofExpert: 0) == nil)
    #expect(try prior.scalePrecision(ofExpert: 1) != nil)
    #expect(abs(fit.mixture.linear.experts[1].coefficients.mean[1] + 1) < 0.1)
  }
}

/// Learned covariances leave the intercept alone, and say what they prune.
@Suite struct LearnedCovarianceTests {
  private static func fit(_ prior: GaussianPrior) throws -> Fit {
    var source = RandomSource(seed: 9)
    let columns = (0..<3).map { _ in (0..<120).map { _ in source.gaussian() } }
    let y = (0..<120).map { 100 + 2 * columns[0][$0] + source.gaussian() }
    let rows = try Observations(
      features: columns.enumerated().map { (ColumnSchema("x\($0)"), $1) }, responses: [("y", y)])
    return try MixtureModel(gate: DirichletGate(), blocks: [Block(1, LinearExpert(prior: prior))]).fitBlocking(rows)
  }

  @Test(
    arguments: [GaussianPrior.Covariance.isotropic, .diagonal, .full],
    [GaussianPrior.Intercept?.none, .flat, .fixed(variance: 1e6)])
  func theInterceptIsNotShrunk(covariance: GaussianPrior.Covariance, intercept: GaussianPrior.Intercept?) throws {
    let fit = try Self.fit(GaussianPrior(covariance: covariance, intercept: intercept))
    let distribution = fit.mixture.linear.experts[0].coefficients
    // σ / √N, as without any prior.
    let deviation = fit.mixture.linear.experts[0].noiseVariance.squareRoot() / 120.0.squareRoot()
    #expect(abs(distribution.standardDeviations[0] / deviation - 1) < 0.02 && abs(distribution.mean[0] - 100) < 0.5)
  }

  @Test func relevanceDeterminationSaysWhatItPrunes() throws {
    let fit = try Self.fit(GaussianPrior(covariance: .diagonal))
    let parameters = fit.mixture.linear.experts[0].parameters(for: fit.data)
    #expect(parameters.prefix(4).map { $0.standardError == nil } == [false, false, true, true])
    #expect(fit.warnings.contains { $0.hasPrefix("the learned prior has pruned x1 and x2 of expert 1") })
    #expect(try Self.fit(GaussianPrior()).warnings.isEmpty)
  }

  @Test func aPriorOfTheInterceptGoesWithALearnedCovarianceOnly() {
    for covariance in [GaussianPrior.Covariance.cauchy, .flat, .fixed(variance: 1)] {
      let prior = GaussianPrior(covariance: covariance, intercept: .same)
      #expect(throws: UnfitValue.self) { try prior.validate() }
      #expect(throws: ArgumentError.self) { try Self.fit(prior) }
    }
  }

  /// Careful steps alone ran into the limit of 1,000 passes.
  @Test(arguments: [GaussianPrior.Covariance.isotropic, .diagonal, .full])
  func learnedAndCoupledMeansDoNotCreep(covariance: GaussianPrior.Covariance) throws {
    let truth = LinearTruth(rows: 200, features: 2, experts: 2, noise: 1, seed: 5)
    let coupling = try MeanCoupling(matrix: .identity(2), coefficients: [1, 2])
    for mean in [GaussianPrior.Mean.common, .learned, .coupled(coupling, startingAt: [])] {
      let prior = GaussianPrior(covariance: covariance, mean: mean)
      let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert(prior: prior))])
        .fitBlocking(truth.observations())
      #expect(fit.stopReason == .converged && fit.elboTrace.count < 400, "\(covariance), \(mean): \(fit.elboTrace.count)")
    }
  }
}
