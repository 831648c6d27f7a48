import GSL
import MixtureTestKit
import Mixtures
import SyntheticData
import Testing

/// What recipes make, and what they refuse.
@Suite struct RecipeTests {
  @Test(arguments: [
    ("liner", "no generator is called \"liner\"; there are linear, student, poisson, binomial, bernoulli"),
    ("linear+irelevant", "no modifier is called \"irelevant\"; there are softmax, perceptron"),
    ("linear+irrelevant:0", "irrelevant:0: features must be a whole number from 1 to 1000000, not 0"),
    ("linear:3", "linear takes no number: leave out \":3\""),
    ("linear+softmax:-1", "linear+softmax:-1"),
    ("clouds:1", "clouds:1: overlap must be a number above 0.0 and below 1.0, not 1"),
    ("student:0.1", "student:0.1: freedom must be a number above 0.1, not 0.1"),
    ("poisson:2.5", "poisson:2.5: exposure must be a whole number from 1 to 1000000, not 2.5"),
    ("bernoulli:2", "bernoulli takes no number: leave out \":2\""),
    ("multinomial:1", "multinomial:1: levels must be a whole number from 2 to 1000000, not 1"),
    ("linear+contaminated:1", "contaminated:1: share must be a number above 0.0 and below 1.0, not 1"),
    ("", "no generator is called \"\""),
  ])
  func saysWhatIsWrongWithItsText(recipe: String, message: String) throws {
    let error = #expect(throws: SyntheticDataError.self) { try Recipe(recipe) }
    let expected = message == recipe ? "softmax:-1: sharpness must be a number above 0.0, not -1" : message
    #expect(error?.description.hasPrefix(expected) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("linear+softmax+membership", "membership gives weights to experts that have constant ones"),
    ("linear+irrelevant+softmax", "softmax gives weights to experts that have constant ones"),
    ("curves+softmax", "softmax gives weights"),
    ("clouds+softmax", "softmax weighs by features, but the generator has none"),
    ("latent-classes+gaussian", "gaussian weighs by features"),
    ("circles+collinear", "collinear features are combinations"),
    ("poisson+heavy-tails", "heavy-tails takes the place of normal noise, but a PoissonResponse has none"),
    ("student+heavy-tails", "heavy-tails takes the place of normal noise, but a LinearResponse has none"),
    ("linear+heavy-tails+heavy-tails", "heavy-tails takes the place of normal noise"),
    ("linear+irrelevant+heavy-tails", "heavy-tails changes the noise of experts: put it before"),
    ("multinomial+contaminated", "contamination is of numbers, but \"y\" is a category"),
    ("binomial+irrelevant+contaminated", "contaminated would make more successes than trials"),
    ("linear+grouped+grouped", "10 rows share an assignment already"),
  ])
  func refusesStepsThatDoNotGoTogether(recipe: String, message: String) throws {
    let error = #expect(throws: SyntheticDataError.self) { try Recipe(recipe).generator() }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    (
      "clouds", RecipeParameters(separation: 2),
      "clouds has no separation to be chosen: leave it out, or choose the overlap, as in clouds:0.1"
    ),
    ("poisson", RecipeParameters(noise: 2), "poisson has no noise to be chosen: leave it out"),
    (
      "poisson", RecipeParameters(separation: 5),
      "poisson: a separation of 5.0 with 2 features makes rates beyond e²⁰; give at most 1.92"
    ),
    ("linear", RecipeParameters(experts: 0), "experts must be from 1 to 10000, not 0"),
    ("linear", RecipeParameters(features: 1 << 40), "features must be from 1 to 10000"),
    ("linear", RecipeParameters(noise: 0), "noise must be a number above 0, not 0.0"),
    ("linear", RecipeParameters(separation: .nan), "separation must be a number, at least 0, not nan"),
  ])
  func refusesParameters(recipe: String, parameters: RecipeParameters, message: String) throws {
    let error = #expect(throws: SyntheticDataError.self) { try Recipe(recipe).generator(parameters) }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test(arguments: ["linear", "poisson", "binomial", "multinomial", "latent-classes", "clouds", "circles", "curves"])
  func oneExpertWillDo(recipe: String) throws {
    let generator = try Recipe(recipe).generator(RecipeParameters(experts: 1))
    #expect(try SyntheticDataSet(generator, rows: 10).assignments() == Array(repeating: 0, count: 10))
  }

  /// Extreme imbalance makes weights that are zero but for rounding, whose truth can still be written and read.
  @Test(arguments: ["linear+softmax", "linear+hierarchical", "linear+membership", "curves", "latent-classes"])
  func extremeImbalanceGoesThroughJSON(recipe: String) throws {
    let generator = try Recipe(recipe).generator(RecipeParameters(experts: 20, imbalance: 1e5))
    #expect(GeneratorLaw.jsonRoundTrip.violations(of: GeneratorSubject(generator)) == [])
  }

  /// Coefficients have the distributions that they are drawn from, N(1, 4) and N(−2, 0.01).
  @Test func coefficientsComeFromGivenGaussians() throws {
    let prior = try Gaussian(mean: [1, -2], precision: Matrix(diagonal: [0.25, 100]))
    var source = RandomSource(seed: 1)
    let drawn = LinearResponse.draw(
      from: Array(repeating: prior, count: 20_000), noise: NormalNoise(standardDeviation: 1), using: &source)
    for (j, deviation) in [2, 0.1].enumerated() {
      let values = drawn.map { ($0.coefficients[j] - prior.mean[j]) / deviation }
      #expect(Sample(values).follows(standardNormalCumulative))
    }
  }

  /// Pieces of a curve meet.
  @Test func curvesAreContinuous() throws {
    let generator = try #require(try Recipe("curves").generator(RecipeParameters(experts: 5), seed: 2) as? SyntheticMixture)
    let bounds = try #require(generator.weights as? IntervalWeights).bounds
    let pieces = generator.experts.compactMap { ($0 as? PolynomialResponse)?.coefficients }
    func value(_ c: [Double], _ x: Double) -> Double { c[0] + c[1] * x + c[2] * x * x }
    for (k, x) in bounds.enumerated() { #expect(abs(value(pieces[k], x) - value(pieces[k + 1], x)) < 1e-9) }
    #expect(pieces.count == 5)
  }

  /// What is called as a fit calls it.
  @Test func parametersHaveTheNamesOfFits() throws {
    func names(_ recipe: String, _ expert: Int = 0) throws -> [String] {
      try Recipe(recipe).generator().parameters(ofExpert: expert).map(\.name)
    }
    #expect(try names("linear+membership+irrelevant") == ["(intercept)", "x1", "x2", "noise sd"])
    #expect(
      try names("student") == ["(intercept)", "x1", "x2", "noise scale", "degrees of freedom", "noise sd"])
    for recipe in ["poisson:5", "binomial", "bernoulli"] {
      #expect(try names(recipe) == ["(intercept)", "x1", "x2"])
    }
    #expect(try names("curves") == ["(intercept)", "x", "I(x^2)", "noise sd"])
    #expect(try names("circles") == ["(intercept)", "x", "y"])
    #expect(try names("linear+contaminated", 3) == ["mean", "sd"])
    // Without a standard deviation.
    #expect(
      try names("linear+heavy-tails:2") == ["(intercept)", "x1", "x2", "noise scale", "degrees of freedom"])
  }
}
