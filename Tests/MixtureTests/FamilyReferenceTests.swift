import Foundation
import Mixtures
import Testing

/// Maximised log-likelihoods of mixtures of other families by an independent program (R: flexmix 2.3.18, at least 30 random starts).
@Suite struct FamilyReferenceTests {
  private func fit<Family: ResponseFamily>(
    _ file: String, _ formula: String, experts: Int, groups: String? = nil, _ family: Family.Type
  ) async throws -> FittedMixture where Family.Scale == Unscaled {
    let table = try Table(csv: dataFolder.appendingPathComponent(file))
    let mixture = try Mixture(formula, groups: groups, gate: DirichletGate(estimate: .maximumLikelihood)) {
      Block(experts, Regression<Family>(estimate: .maximumLikelihood))
    }
    return try await mixture.fit(table, seed: 1)
  }

  @Test func countsUnderTwoRates() async throws {
    let fit = try await fit("npreg.csv", "yp ~ x", experts: 2, PoissonFamily.self)
    #expect(fit.elbo.total > -440.640294 - 1e-4)
  }

  @Test(arguments: [(1, -583.160628), (2, -376.176205)])
  func countsWithAnOffset(experts: Int, logLikelihood: Double) async throws {
    let fit = try await fit(
      "seizure.csv", "Seizures ~ Treatment * log(Day) + offset(log(Hours))", experts: experts, PoissonFamily.self)
    #expect(fit.elbo.total > logLikelihood - 1e-4)
    // One optimum for one expert.
    if experts == 1 { #expect(abs(fit.elbo.total - logLikelihood) < 1e-4) }
  }

  @Test func yesOrNoOfGroups() async throws {
    let fit = try await fit("npreg.csv", "yb ~ x", experts: 2, groups: "id2", BernoulliFamily.self)
    #expect(fit.elbo.total > -92.699293 - 1e-4)
  }
}
