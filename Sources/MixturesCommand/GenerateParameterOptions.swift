import ArgumentParser
import SyntheticData

/// The parameters of a generator.
struct GenerateParameterOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of features, or of columns where there are no features.", valueName: "N"))
  var features: Int?

  @Option(
    name: [.customShort("k"), .long], parsing: .unconditional, help: ArgumentHelp("The number of experts.", valueName: "K"))
  var experts: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How far experts lie apart: the standard deviation of their coefficients, or of what they have instead.",
      valueName: "S"
    ))
  var separation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The standard deviation of the noise, or its scale where tails are heavy.", valueName: "SD"))
  var noise: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How unequal the weights are: they are drawn from Dir(1/I, ...), and equal if I is 0.", valueName: "I"))
  var imbalance: Double?

  /// The parameters; the recipe has what is not given.
  var values: RecipeParameters {
    RecipeParameters(features: features, experts: experts, separation: separation, noise: noise, imbalance: imbalance)
  }
}
