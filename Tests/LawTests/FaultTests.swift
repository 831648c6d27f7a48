import MixtureCore
import MixtureTestKit
import SyntheticData
import Testing

/// For every law a sound type keeps it, and one with a mistake that authors make does not.
@Suite struct FaultTests {
  @Test(arguments: ModelLaw.allCases)
  func models(law: ModelLaw) throws {
    #expect(law.violations(of: try FaultyExpert.subject()) == [])
    #expect(!law.violations(of: try FaultyExpert.subject(fault: law)).isEmpty)
  }

  @Test(arguments: FaultyExpert.Slip.allCases)
  func slips(slip: FaultyExpert.Slip) throws {
    #expect(!slip.law.violations(of: try FaultyExpert.subject(slip: slip)).isEmpty)
  }

  @Test(arguments: GateLaw.allCases)
  func gates(law: GateLaw) throws {
    #expect(law.violations(of: try FaultyGate.subject()) == [])
    #expect(!law.violations(of: try FaultyGate.subject(fault: law)).isEmpty)
  }

  @Test(arguments: PriorLaw.allCases)
  func priors(law: PriorLaw) throws {
    #expect(law.violations(of: try FaultyPrior.subject()) == [])
    #expect(!law.violations(of: try FaultyPrior.subject(fault: law)).isEmpty)
  }

  @Test(arguments: FactorLaw.allCases)
  func factors(law: FactorLaw) {
    #expect(law.violations(of: FaultyFactor.subject()) == [])
    #expect(!law.violations(of: FaultyFactor.subject(fault: law)).isEmpty)
  }

  @Test(arguments: GeneratorLaw.allCases)
  func generators(law: GeneratorLaw) throws {
    #expect(try law.violations(of: FaultyGenerator.subject()) == [])
    #expect(try !law.violations(of: FaultyGenerator.subject(fault: law)).isEmpty)
  }

  /// Draws of one generator and densities of another of the same recipe, for every kind of response.
  @Test(arguments: ["linear", "poisson", "binomial", "multinomial", "latent-classes", "clouds", "circles", "curves"])
  func densitiesOfAnotherGenerator(recipe: String) throws {
    let (drawn, stated) = (try Recipe(recipe).generator(seed: 1), try Recipe(recipe).generator(seed: 2))
    #expect(GeneratorLaw.responses.violations(of: GeneratorSubject(drawn)) == [])
    #expect(!GeneratorLaw.responses.violations(of: GeneratorSubject(Misstated(base: drawn, stated: stated))).isEmpty)
  }

  @Test(arguments: PredictiveLaw.allCases)
  func distributions(law: PredictiveLaw) {
    #expect(law.violations(of: FaultyDistribution.subject()) == [])
    #expect(!law.violations(of: FaultyDistribution.subject(fault: law)).isEmpty)
  }

  /// Damping never lowers the ELBO and comes to rest at its maximum, but one update does not reach it.
  @Test func halfStepsAreNotStationary() throws {
    let subject = try FaultyExpert.subject(takesHalfSteps: true)
    #expect(ModelLaw.updateNeverLowers.violations(of: subject) == [])
    #expect(ModelLaw.stationary.violations(of: subject).allSatisfy { $0.hasPrefix("after one update, variance") })
    #expect(ModelLaw.stationary.violations(of: subject).count == 1)
  }

  /// Too few predictions are a violation, which does not end the tests.
  @Test func anExpertThatPredictsOneRowIsCaught() throws {
    var subject = try FaultyExpert.subject()
    for k in 0..<2 { subject.block.experts[k].predictsOneRow = true }
    let violations = [ModelLaw.predictiveDensity, .likelihoodAtMean].flatMap { $0.violations(of: subject) }
    #expect(violations.allSatisfy { $0.hasPrefix("threw predictive gives 1 distributions for ") } && violations.count == 2)
    #expect(throws: DataError.self) { try PredictiveSubject(predicting: subject) }
  }

  /// The density of another response integrates to one, too.
  @Test func aLikelihoodAtAnotherMeanIsCaught() throws {
    var subject = try FaultyExpert.subject()
    for k in 0..<2 { subject.block.experts[k].forgetsLevel = true }
    let violations = ModelLaw.likelihoodAtMean.violations(of: subject)
    #expect(violations.allSatisfy { $0.contains("from rows that weigh a million") } && violations.count == 2)
  }

  /// The experts' features are not the only thing that a gate can take for its own.
  @Test func aGateThatCountsRowsIsCaught() throws {
    let subject = try FaultyGate.subject(countsRows: true)
    #expect(GateLaw.allCases.filter { !$0.violations(of: subject).isEmpty } == [.ownView])
  }

  /// One and a half is the same number in single precision; a third is not.
  @Test func singlePrecisionInJSONIsCaught() {
    var subject = FaultyFactor.subject()
    subject.factor.roundsInJSON = true
    let violations = FactorLaw.jsonRoundTrip.violations(of: subject)
    #expect(violations.count == 1 && violations[0].contains("read as number"))
  }

  /// A biased update need not lower the ELBO.
  @Test func biasIsCaughtThoughTheELBONeverFalls() throws {
    let subject = try FaultyGate.subject(fault: .stationary)
    #expect(GateLaw.updateNeverLowers.violations(of: subject) == [])
    #expect(GateLaw.stationary.violations(of: subject).count == 6)
  }
}

/// What a subject declares, and what it lacks.
@Suite struct ExceptionTests {
  @Test func absentLawsAreNotExamined() throws {
    var subject = try FaultyExpert.subject(fault: .split)
    subject.exceptions[.split] = .absent(reason: "for the test")
    #expect(ModelLaw.split.violations(of: subject) == [])
  }

  @Test func anInequalityIsExamined() throws {
    var subject = try FaultyGate.subject(fault: .expectedLogWeights)
    subject.exceptions[.expectedLogWeights] = .inequality(reason: "for the test")
    // ln E π is above E ln π, which no bound may be.
    #expect(GateLaw.expectedLogWeights.violations(of: subject).count == 1)
    var damped = try FaultyExpert.subject(takesHalfSteps: true)
    damped.exceptions[.stationary] = .inequality(reason: "for the test")
    #expect(ModelLaw.stationary.violations(of: damped) == [])
  }

  @Test func aLawWithoutInequalityCannotBeDeclaredOne() throws {
    var subject = try FaultyExpert.subject()
    subject.exceptions[.split] = .inequality(reason: "for the test")
    #expect(ModelLaw.split.violations(of: subject).count == 1)
  }

  @Test func nothingIsSkippedInSilence() throws {
    var expert = try FaultyExpert.subject()
    expert.variations = []
    expert.drawParameters = nil
    #expect(ModelLaw.stationary.violations(of: expert).count == 1)
    #expect(ModelLaw.expectedLogLikelihood.violations(of: expert).count == 1)
    var gate = try FaultyGate.subject()
    gate.variations = []
    gate.drawParameters = nil
    #expect(GateLaw.stationary.violations(of: gate).count == 1)
    #expect(GateLaw.expectedLogWeights.violations(of: gate).count == 1)
    var prior = try FaultyPrior.subject()
    prior.variations = []
    #expect(PriorLaw.stationary.violations(of: prior).count == 1)
    var factor = FaultyFactor.subject()
    factor.knownDraw = nil
    #expect(FactorLaw.normalisation.violations(of: factor).count == 1)
    #expect(FactorLaw.samples.violations(of: factor).count == 1)
  }

  @Test func aVariationThatMovesNothingShowsNothing() throws {
    var subject = try FaultyExpert.subject()
    subject.variations = [.init("nothing") { _, _ in }]
    #expect(ModelLaw.stationary.violations(of: subject).count == 1)
  }

  @Test func errorsAreViolations() throws {
    var subject = try FaultyExpert.subject()
    subject.variations = [.init("fails") { _, _ in throw CancellationError() }]
    #expect(ModelLaw.stationary.violations(of: subject) == ["threw CancellationError()"])
  }
}
