import Mixtures
import Testing

@testable import MixtureCore

/// Fits that start where the priors are.
@Suite struct PriorStartTests {
  private let truth = LinearTruth(rows: 200, features: 1, experts: 2, noise: 0.3, seed: 5)

  @Test func expertsStartAtTheirPriorMeans() throws {
    let prior = GaussianPrior(covariance: .fixed(variance: 0.5), mean: .given(truth.coefficients))
    let fit = try MixtureModel(gate: DirichletGate()) { Block(2, LinearExpert(prior: prior)) }
      .fitBlocking(truth.observations(), from: .priors)
    #expect(fit.starts.count == 1 && fit.starts[0].recipe == nil)
    // In the order of the priors, whichever bound is higher.
    for (expert, coefficients) in zip(fit.mixture.linear.experts, truth.coefficients) {
      #expect(zip(expert.coefficients.mean, coefficients).allSatisfy { abs($0 - $1) < 0.15 })
    }
  }

  @Test func equalPriorsAreRefused() throws {
    let error = #expect(throws: MixtureError.self) {
      try MixtureModel(gate: DirichletGate()) { Block(2, LinearExpert()) }.fitBlocking(truth.observations(), from: .priors)
    }
    guard case .symmetricStart = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func weightsOfTheGateAreThoseOfThePredictions() throws {
    let rows = try truth.observations()
    let fit = try MixtureModel(gate: DirichletGate(concentration: [3, 1])) { Block(2, LinearExpert()) }.fitBlocking(rows)
    #expect(try fit.mixture.weights(rows) == fit.mixture.predict(rows).map(\.weights))
    let parameters = fit.mixture.gate.parameters(for: fit.data)
    #expect(parameters.map { $0[0].value } == fit.mixture.dirichlet.weights)
    #expect(parameters.allSatisfy { ($0[0].standardError ?? 0) > 0.01 && ($0[0].standardError ?? 1) < 0.1 })
  }
}
