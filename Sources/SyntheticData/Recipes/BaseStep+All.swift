import GSL

extension BaseStep {
  /// All of them.
  static let all = [linear]

  private static let linear = BaseStep(
    name: "linear", summary: "linear models of normal features, with coefficients from N(0, separation²) and normal noise",
    knobs: Knobs(features: 2, experts: 3, separation: 3, noise: 1, imbalance: 0.1)
  ) { settings, source in
    try SyntheticMixture(
      features: NormalFeatures(settings.features),
      weights: ConstantWeights(expertCount: settings.experts, imbalance: settings.imbalance, using: &source),
      experts: settings.coefficients(using: &source).map {
        LinearResponse(coefficients: $0, noise: NormalNoise(standardDeviation: settings.noise))
      })
  }
}

extension BaseSettings {
  /// An intercept and a coefficient for each feature, from N(0, separation²), for each expert.
  fileprivate func coefficients(using source: inout RandomSource) -> [[Double]] {
    (0..<experts).map { _ in (0...features).map { _ in source.gaussian(standardDeviation: separation) } }
  }
}
