import GSL
import MixtureCore

/// Steps that give other weights to experts that have constant ones, whose shares they keep about.
extension ModifierStep {
  static let softmax = weighing(
    by: "softmax", "weights exp(v_k0 + v_k'x) over their sum, with slopes from N(0, sharpness^2)",
    .number("sharpness", standard: 2, above: 0)
  ) { features, constant, sharpness, source in
    SoftmaxWeights(features: features, constant: constant, sharpness: sharpness, using: &source)
  }

  static let perceptron = weighing(
    by: "perceptron", "weights by a perceptron with one hidden layer, which makes curved borders",
    .count("units", standard: 4)
  ) { features, constant, units, source in
    PerceptronWeights(features: features, units: Int(units), constant: constant, using: &source)
  }

  static let hierarchical = weighing(
    by: "hierarchical", "weights by a binary tree of softmax nodes, with slopes from N(0, sharpness^2)",
    .number("sharpness", standard: 2, above: 0)
  ) { features, constant, sharpness, source in
    HierarchicalWeights(features: features, constant: constant, sharpness: sharpness, using: &source)
  }

  static let gaussian = ModifierStep(
    name: "gaussian",
    summary: "features from a normal cloud for each expert, centred at N(0, spread^2), and weights by Bayes' rule",
    argument: .number("spread", standard: 3, above: 0)
  ) { base, spread, source in
    try base.reweighing(by: "gaussian") { mixture, constant in
      let count = try mixture.predictorCount(for: "gaussian")
      let clouds = GaussianClouds(
        weights: constant,
        clouds: try GaussianCloud.scattered(constant.expertCount, dimension: count, separation: spread, using: &source))
      guard let features = mixture.featureDistribution.replacingNormal(by: clouds) else {
        throw SyntheticDataError("gaussian takes the place of normal features, but these are others")
      }
      return try SyntheticMixture(features: features, weights: clouds, experts: mixture.experts)
    }
  }

  static let membership = ModifierStep(
    name: "membership", summary: "a further column `category`, and weights from Dir(K pi) for each of its levels",
    argument: .count("groups", standard: 5)
  ) { base, groups, source in
    try base.reweighing(by: "membership") { mixture, constant in
      let concentration = constant.probabilities.map { Double(constant.expertCount) * $0 }
      let levels = (0..<Int(groups)).map { _ in ConstantWeights(concentration: concentration, using: &source) }
      let category = CategoryFeature("category", levels: ColumnSchema.levels("g", levels.count))
      return try SyntheticMixture(
        features: JoinedFeatures([mixture.featureDistribution, category]),
        weights: MembershipWeights(category: category.name, column: mixture.features.count, levels: levels),
        experts: mixture.experts)
    }
  }

  /// A step that weighs the experts by the features that there are.
  private static func weighing(
    by name: String, _ summary: String, _ argument: StepArgument,
    _ weights:
      @escaping @Sendable (
        _ features: Int, _ constant: ConstantWeights, _ argument: Double, inout RandomSource
      ) -> any ExpertWeights
  ) -> ModifierStep {
    ModifierStep(name: name, summary: summary, argument: argument) { base, argument, source in
      try base.reweighing(by: name) { mixture, constant in
        let features = try mixture.predictorCount(for: name)
        return try SyntheticMixture(
          features: mixture.featureDistribution, weights: weights(features, constant, argument, &source),
          experts: mixture.experts)
      }
    }
  }
}

extension Generator {
  /// A mixture with constant weights, weighed otherwise.
  fileprivate func reweighing(
    by name: String, _ make: (SyntheticMixture, ConstantWeights) throws -> SyntheticMixture
  ) throws -> any Generator {
    guard let mixture = self as? SyntheticMixture, let constant = mixture.weights as? ConstantWeights else {
      throw SyntheticDataError(
        "\(name) gives weights to experts that have constant ones: put it right behind the generator, and no other such "
          + "step beside it")
    }
    return try make(mixture, constant)
  }
}

extension SyntheticMixture {
  /// The number of features that linear predictors read.
  fileprivate func predictorCount(for name: String) throws -> Int {
    guard featureDistribution.predictorCount > 0 else {
      throw SyntheticDataError("\(name) weighs by features, but the generator has none: membership needs none")
    }
    return featureDistribution.predictorCount
  }
}

extension FeatureDistribution {
  /// The same with another distribution in the place of normal features, which are the whole or come first; nil where there are none.
  fileprivate func replacingNormal(by distribution: any FeatureDistribution) -> (any FeatureDistribution)? {
    if self is NormalFeatures { return distribution }
    guard let joined = self as? JoinedFeatures, let first = joined.distributions.first?.replacingNormal(by: distribution)
    else { return nil }
    return JoinedFeatures([first] + joined.distributions.dropFirst())
  }
}
