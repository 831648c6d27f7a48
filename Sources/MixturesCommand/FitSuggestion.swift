import Foundation
import SyntheticData

/// The command that fits a mixture like the one that rows are drawn from, for whoever has drawn some.
struct FitSuggestion {
  /// The command, as a shell reads it.
  let command: String

  /// What to type for the rows of a generator in a file, given as a word; nil where no expert is like the generator's.
  init?(_ generator: any Generator, data: String) {
    guard let mixture = generator.innermost as? SyntheticMixture, generator.response.count == 1,
      let family = Self.family(of: mixture.experts[0])
    else { return nil }
    var words = ["mixtures fit", data] + Self.columns(of: generator, mixture)
    let (count, further) = (mixture.expertCount, generator.expertCount - mixture.expertCount)
    if further > 0 && family.measure == .lebesgue {
      words += ["--family \(family.rawValue):\(count)", "--family background:\(further)"]
    } else {
      if family != .normal { words.append("--family \(family.rawValue)") }
      words.append("--experts \(count + further)")
    }
    if let trials = generator.trialsFeature { words.append("--trials \(generator.features[trials].name)") }
    if generator.rowsPerAssignment > 1 { words.append("--group group") }
    if let gate = Self.gate(like: mixture.weights) { words.append("--gate \(gate)") }
    command = words.joined(separator: " ")
  }

  private static func family(of expert: any ResponseDistribution) -> ExpertFamily? {
    switch expert {
    case let line as any AdditiveResponse: line.noise is StudentNoise ? .student : .normal
    case is PoissonResponse: .poisson
    case is BinomialResponse: .binomial
    case is BernoulliResponse: .bernoulli
    default: nil
    }
  }

  private static func gate(like weights: any ExpertWeights) -> String? {
    switch weights {
    // Intervals of x are regions with straight borders.
    case is SoftmaxWeights, is IntervalWeights: "softmax"
    case is PerceptronWeights: "perceptron"
    case is HierarchicalWeights: "hierarchical"
    case is GaussianClouds: "gaussian"
    case is MembershipWeights: "membership"
    default: nil
    }
  }

  /// The target, or a formula where features alone do not say it.
  private static func columns(of generator: any Generator, _ mixture: SyntheticMixture) -> [String] {
    let (target, names) = (generator.response[0].name, generator.features.map(\.name))
    let isCurve = mixture.experts[0] is PolynomialResponse
    guard isCurve || generator.exposureFeature != nil || mixture.weights is MembershipWeights else {
      return ["--target \(target)"]
    }
    let beside = [generator.exposureFeature, generator.trialsFeature].compactMap(\.self)
    var terms = names.indices.filter { generator.features[$0].levels == nil && !beside.contains($0) }.map { names[$0] }
    if isCurve {
      // Powers of the first feature take its place.
      let powers = generator.parameters(ofExpert: 0).prefix { !$0.name.contains("noise") }.map(\.name).dropFirst()
      terms = Array(powers) + terms.dropFirst()
    }
    if terms.isEmpty { terms = ["1"] }
    if let exposure = generator.exposureFeature { terms.append("offset(log(\(names[exposure])))") }
    var formula = "\(target) ~ \(terms.joined(separator: " + "))"
    if let weights = mixture.weights as? MembershipWeights { formula += " | \(weights.category)" }
    return ["--formula \(formula.asWord)"]
  }
}
