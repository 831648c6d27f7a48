import GSL

extension ModifierStep {
  /// All of them.
  static let all = [softmax, irrelevant]

  private static let softmax = ModifierStep(
    name: "softmax", summary: "weights exp(v_k0 + v_kᵀx) / Σ, with slopes from N(0, sharpness²)",
    argument: .number("sharpness", standard: 2, above: 0)
  ) { base, sharpness, source in
    try base.replacingWeights(by: "softmax") { constant in
      SoftmaxWeights(features: base.features.count, constant: constant, sharpness: sharpness, using: &source)
    }
  }

  private static let irrelevant = ModifierStep(
    name: "irrelevant", summary: "further features that have nothing to do with the response",
    argument: .count("features", standard: 2)
  ) { base, count, _ in IrrelevantFeatures(base, count: Int(count)) }
}

extension Generator {
  /// A mixture with constant weights, weighed otherwise.
  fileprivate func replacingWeights(
    by name: String, _ weights: (ConstantWeights) throws -> any WeightLaw
  ) throws -> any Generator {
    guard let mixture = self as? SyntheticMixture, let constant = mixture.weights as? ConstantWeights else {
      throw SyntheticDataError(
        "\(name) gives weights to experts that have constant ones: put it right behind the generator")
    }
    return try SyntheticMixture(features: mixture.featureLaw, weights: weights(constant), experts: mixture.experts)
  }
}
