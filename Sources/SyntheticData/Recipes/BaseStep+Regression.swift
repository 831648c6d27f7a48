import GSL

/// Regressions on normal features.
extension BaseStep {
  static let linear = BaseStep(
    name: "linear", summary: "linear models of normal features, with coefficients from N(0, separation^2) and normal noise",
    parameters: RecipeParameters(features: 2, experts: 3, separation: 3, noise: 1, imbalance: 0.1)
  ) { settings, source in
    try SyntheticMixture(
      features: NormalFeatures(settings.features), weights: settings.weights(using: &source),
      experts: settings.coefficients(using: &source).map {
        LinearResponse(coefficients: $0, noise: NormalNoise(standardDeviation: settings.noise))
      })
  }

  static let poisson = BaseStep(
    name: "poisson", summary: "counts of rate exp(w_0 + w'x), with coefficients from N(0, separation^2)",
    parameters: RecipeParameters(features: 2, experts: 3, separation: 0.7, imbalance: 0.1)
  ) { settings, source in
    // Six standard deviations of the predictor.
    let largest = PoissonResponse.largestPredictor / 6 / Double(settings.features + 1).squareRoot()
    guard settings.separation <= largest else {
      throw SyntheticDataError(
        "poisson: a separation of \(settings.separation) with \(settings.features) features makes rates beyond e²⁰; "
          + "give at most \((largest * 100).rounded(.down) / 100)")
    }
    return try SyntheticMixture(
      features: NormalFeatures(settings.features), weights: settings.weights(using: &source),
      experts: settings.coefficients(using: &source).map { PoissonResponse(coefficients: $0) })
  }

  static let binomial = BaseStep(
    name: "binomial",
    summary: "successes among 1 to TRIALS trials, of log odds w_0 + w'x, with coefficients from N(0, separation^2)",
    argument: .count("trials", standard: 10),
    parameters: RecipeParameters(features: 2, experts: 3, separation: 2, imbalance: 0.1)
  ) { settings, source in
    let trials = CountFeature("trials", most: Int(settings.argument))
    return try SyntheticMixture(
      features: JoinedFeatures([NormalFeatures(settings.features), trials]), weights: settings.weights(using: &source),
      experts: settings.coefficients(using: &source).map { BinomialResponse(coefficients: $0, trials: settings.features) })
  }

  static let multinomial = BaseStep(
    name: "multinomial",
    summary: "a category by softmax, each level but the first with coefficients from N(0, separation^2)",
    argument: .count("levels", standard: 3, atLeast: 2),
    parameters: RecipeParameters(features: 2, experts: 3, separation: 2, imbalance: 0.1)
  ) { settings, source in
    let weights = settings.weights(using: &source)
    let experts = (0..<settings.experts).map { _ in
      var coefficients = Matrix(rows: settings.features + 1, columns: Int(settings.argument))
      for l in 1..<coefficients.columns {
        for j in 0..<coefficients.rows {
          coefficients[j, l] = source.gaussian(standardDeviation: settings.separation)
        }
      }
      return MultinomialResponse(coefficients: coefficients)
    }
    return try SyntheticMixture(features: NormalFeatures(settings.features), weights: weights, experts: experts)
  }
}

extension BaseSettings {
  /// Constant weights of the experts, as unequal as they are to be.
  func weights(using source: inout RandomSource) -> ConstantWeights {
    ConstantWeights(expertCount: experts, imbalance: imbalance, using: &source)
  }

  /// An intercept and a coefficient for each feature, from N(0, separation²), for each expert.
  fileprivate func coefficients(using source: inout RandomSource) -> [[Double]] {
    (0..<experts).map { _ in (0...features).map { _ in source.gaussian(standardDeviation: separation) } }
  }
}
