import MixtureDiagnostics
import Mixtures
import SyntheticData

/// A truth that was drawn by a recipe.
func truth(_ recipe: String, _ parameters: RecipeParameters = RecipeParameters(), rows: Int = 500, seed: UInt64 = 1) throws
  -> Truth
{
  try Truth(SyntheticDataSet(Recipe(recipe).generator(parameters, seed: seed), rows: rows, seed: seed))
}

/// The experts of a mixture of linear models with constant weights, as they are: whatever the rows, a fit of them changes nothing.
///
/// - Parameter order: which true expert each fitted one is.
func exactMixture(
  _ generator: SyntheticMixture, order: [Int]? = nil, formula: String, groups: String? = nil
) throws -> Mixture {
  let order = order ?? Array(0..<generator.expertCount)
  let features = generator.features.map(\.name)
  var block = Block(order.count, LinearExpert(estimate: .maximumLikelihood, noise: .perExpert))
  var gate = try DirichletGate(estimate: .maximumLikelihood)
  try gate.select(order.map { _ in nil })
  let weights = (generator.weights as! ConstantWeights).probabilities
  for (k, l) in order.enumerated() {
    let response = generator.experts[l] as! LinearResponse
    for parameter in response.parameters(features: features) where parameter.name != "noise sd" {
      block.fix(parameter.name, ofExpert: k, at: parameter.value)
    }
    let deviation = (response.noise as! NormalNoise).standardDeviation
    block.fixNoiseVariance(ofExpert: k, at: deviation * deviation)
    if k < order.count - 1 { try gate.fixWeight(ofExpert: k, at: weights[l]) }
  }
  return try Mixture(
    Formula(formula), groups: groups, parts: MixtureModel(gate: gate, blocks: [block]))
}

extension Mixture {
  /// A fit from a few starts, enough for experts that are easy to find.
  func fitQuickly(_ table: Table) async throws -> FittedMixture {
    var options = FitOptions()
    options.starts = 3
    return try await fit(table, from: .recipe(.planes), options: options)
  }
}

/// A generator of which as many rows as one likes share an assignment.
struct SharedAssignments: GeneratorModifier {
  @CodedByName private(set) var base: any Generator
  let rowsPerAssignment: Int

  init(_ base: any Generator, rows: Int) {
    _base = CodedByName(wrappedValue: base)
    rowsPerAssignment = rows
  }
}

/// A mixture of normal distributions N(mean, deviation²) of y, none of which depends on x1.
func normals(_ weights: [Double], means: [Double], deviations: [Double]) throws -> SyntheticMixture {
  try SyntheticMixture(
    features: NormalFeatures(1), weights: ConstantWeights(weights),
    experts: zip(means, deviations).map {
      LinearResponse(coefficients: [$0, 0], noise: NormalNoise(standardDeviation: $1))
    })
}

extension TruthScore {
  /// The nominal coverages and what was found.
  func isNominal(_ coverage: [Coverage], within errors: Double) -> Bool {
    coverage.count == 3 && coverage.allSatisfy { abs($0.share - $0.nominal) <= errors * $0.standardError }
  }

  /// The reasons for which a part was left out.
  func reasons(_ part: Omission.Part) -> [String] { omissions.filter { $0.part == part }.map(\.reason) }
}
