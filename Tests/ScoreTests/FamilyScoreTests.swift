import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// The default fit of each family finds the mixture that its rows were drawn from, and its score says what is compared.
///
/// A few seeds of `make benchmark-recovery`. A fit loses no more than a χ² quantile of 10⁻⁶ allows, and five standard deviations beyond. A
/// coefficient may be six posterior standard deviations off, for those of experts that overlap are too small.
@Suite struct FamilyScoreTests {
  enum Family: String, CaseIterable {
    case student, poisson
    case exposed = "poisson:10"
    case binomial
    case bernoulli = "bernoulli+grouped:10"

    var formula: String { self == .exposed ? "y ~ x1 + x2 + offset(log(exposure))" : "y ~ x1 + x2" }

    func mixture(experts: Int) throws -> Mixture {
      try Mixture(
        formula, trials: self == .binomial ? "trials" : nil, groups: self == .bernoulli ? "group" : nil
      ) {
        switch self {
        case .student: Block(experts, StudentExpert())
        case .poisson, .exposed: Block(experts, PoissonExpert())
        case .binomial: Block(experts, BinomialExpert())
        case .bernoulli: Block(experts, BernoulliExpert())
        }
      }
    }

    /// What a Student expert has beside its coefficients, whose noise is shared.
    func furtherParameters(experts: Int) -> Int { self == .student ? experts + 1 : 0 }
  }

  @Test(arguments: Family.allCases)
  func findsItsOwnGenerator(family: Family) async throws {
    let (experts, rows) = (2, 1000)
    let truth = try truth(family.rawValue, RecipeParameters(experts: experts), rows: rows, seed: 2)
    var options = FitOptions()
    options.starts = 3
    let fit = try await family.mixture(experts: experts).fit(truth.data().table(), options: options)
    let score = try TruthScore(fit, truth: truth, rows: 5000)
    let parameters = 3 * experts + experts - 1 + family.furtherParameters(experts: experts)
    #expect(score.isRecovery(fromRows: rows, parameters: parameters, deviations: 4.75) == true, "\(score)")
    // One expert less is no recovery.
    let fewer = try await family.mixture(experts: 1).fit(truth.data().table(), options: options)
    #expect(
      try TruthScore(fewer, truth: truth, rows: 5000).isRecovery(fromRows: rows, parameters: parameters, deviations: 4.75)
        == false)
    #expect(score.adjustedRandIndex! >= score.bayesAdjustedRandIndex! - 0.05)
    #expect(score.parameters.allSatisfy { abs($0.errorInStandardErrors ?? 0) < 6 }, "\(score)")
    // Every parameter of the truth is compared with one of the fit.
    let names = family == .student ? ["noise scale", "degrees of freedom"] : []
    #expect(
      score.parameters.map(\.name) == Array(repeating: ["(intercept)", "x1", "x2"] + names, count: experts).flatMap(\.self))
    #expect(score.reasons(.parameters).isEmpty)
    // Intervals of counts hold what they promise, by chance at their ends: within five standard deviations, and what the fit is off.
    #expect(score.responseCoverage.map(\.nominal) == [0.5, 0.9, 0.95])
    for coverage in score.responseCoverage {
      #expect(abs(coverage.share - coverage.nominal) < 5 * coverage.standardError + 0.02)
    }
  }

  /// A rate by day is not one of a row.
  @Test func offsetsMustBeThoseOfTheTruth() async throws {
    let truth = try truth("poisson:10", RecipeParameters(experts: 2))
    let fit = try await Mixture("y ~ x1 + x2") { Block(2, PoissonExpert()) }.fitQuickly(truth.data().table())
    let score = try TruthScore(fit, truth: truth, rows: 500)
    #expect(score.reasons(.parameters) == ["the truth has offset(log(exposure)), which the fit does not have"])
    #expect(score.parameters.isEmpty && score.logDensity != nil)
  }

  /// Coefficients of a log rate are none of log odds, but densities of counts are densities of counts.
  @Test func coefficientsOfAnotherScale() async throws {
    let truth = try truth("binomial", RecipeParameters(experts: 2))
    let fit = try await Mixture("y ~ x1 + x2") { Block(2, PoissonExpert()) }.fitQuickly(truth.data().table())
    let score = try TruthScore(fit, truth: truth, rows: 500)
    #expect(
      score.reasons(.parameters)
        == ["coefficients of a PoissonExpert are of the logarithm of a mean, those of the truth of log odds"])
    #expect(score.parameters.isEmpty && score.coefficientError == nil && score.logDensity != nil)
  }

  /// What normal noise says of a truth with heavy tails: their standard deviation is compared, and what is not known is said.
  @Test func normalNoiseForHeavyTails() async throws {
    let truth = try truth("student", RecipeParameters(experts: 2))
    let fit = try await Mixture("y ~ x1 + x2") { Block(2, LinearExpert()) }.fitQuickly(truth.data().table())
    let score = try TruthScore(fit, truth: truth, rows: 500)
    #expect(score.parameters.count { $0.name == "noise sd" } == 2)
    #expect(
      score.reasons(.parameters)
        == ["degrees of freedom", "noise scale"].map { "\($0): the fit has no such parameter" })
  }
}
