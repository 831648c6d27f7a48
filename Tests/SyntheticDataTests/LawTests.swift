import MixtureTestKit
import SyntheticData
import Testing

/// Every base, gate and modifier, and what they make together, keeps the laws of generators.
@Suite struct LawTests {
  static let recipes = [
    "linear", "student", "student:1", "poisson", "poisson:8", "binomial", "bernoulli", "multinomial:4", "latent-classes",
    "clouds:0.05", "circles", "curves",
    "linear+softmax", "linear+perceptron", "linear+hierarchical", "linear+gaussian", "linear+membership",
    "linear+heavy-tails:3", "linear+contaminated:0.1", "linear+irrelevant", "linear+collinear:2", "linear+grouped:7",
    "binomial:5+gaussian+irrelevant", "multinomial+membership+grouped:3", "poisson+softmax+contaminated+collinear",
    "bernoulli+membership+contaminated+grouped:4", "poisson:3+gaussian+collinear", "student:3+softmax+contaminated",
    "circles+heavy-tails+membership:3+contaminated", "clouds+membership+contaminated+grouped:4",
    "curves+heavy-tails+contaminated+irrelevant+collinear+grouped:5", "latent-classes:2+membership+irrelevant",
  ]

  @Test(arguments: GeneratorLaw.allCases, recipes)
  func keeps(law: GeneratorLaw, recipe: String) throws {
    law.check(GeneratorSubject(try Recipe(recipe).generator(seed: 3), named: recipe))
  }
}
