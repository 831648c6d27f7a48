import Mixtures
import Testing

@testable import MixtureCore

/// Fits that start where the priors are.
@Suite struct PriorStartTests {
  private let truth = LinearTruth(rows: 200, features: 1, experts: 2, noise: 0.3, seed: 5)

  @Test func expertsStartAtTheirPriorMeans() throws {
    let prior = GaussianPrior(covariance: .fixed(variance: 0.5), mean: .given(truth.coefficients))
    let fit = try GatedExperts(gate: DirichletGate()) { Experts(2, LinearExpert(prior: prior)) }
      .fit(truth.observations(), from: .priors)
    #expect(fit.restarts.count == 1 && fit.restarts[0].recipe == nil)
    // In the order of the priors, whichever bound is higher.
    for (expert, coefficients) in zip(fit.mixture.linear.experts, truth.coefficients) {
      #expect(zip(expert.coefficients.mean, coefficients).allSatisfy { abs($0 - $1) < 0.15 })
    }
  }

  @Test func equalPriorsAreRefused() throws {
    let error = #expect(throws: MixtureError.self) {
      try GatedExperts(gate: DirichletGate()) { Experts(2, LinearExpert()) }.fit(truth.observations(), from: .priors)
    }
    guard case .symmetricStart = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func weightsOfTheGateAreThoseOfThePredictions() throws {
    let rows = try truth.observations()
    let fit = try GatedExperts(gate: DirichletGate(concentration: [3, 1])) { Experts(2, LinearExpert()) }.fit(rows)
    #expect(try fit.mixture.weights(rows) == fit.mixture.predict(rows).map(\.weights))
    let parameters = fit.mixture.gate.parameters(fit.data)
    #expect(parameters.map { $0[0].value } == fit.mixture.dirichlet.weights)
    #expect(parameters.allSatisfy { ($0[0].standardError ?? 0) > 0.01 && ($0[0].standardError ?? 1) < 0.1 })
  }
}
