import GSL

/// Regressions on normal features.
extension BaseStep {
  static let linear = BaseStep(
    name: "linear", summary: "linear models of normal features, with coefficients from N(0, separation^2) and normal noise",
    parameters: RecipeParameters(features: 2, experts: 3, separation: 3, noise: 1, imbalance: 0.1)
  ) { settings, source in
    try settings.lines(with: NormalNoise(standardDeviation: settings.noise), using: &source)
  }

  static let student = BaseStep(
    name: "student",
    summary:
      "linear models with heavy tails: as linear, but noise of Student's distribution with FREEDOM degrees of freedom, scaled by the noise",
    argument: .number("freedom", standard: 4, above: StudentNoise.leastFreedom),
    parameters: RecipeParameters(features: 2, experts: 3, separation: 3, noise: 1, imbalance: 0.1)
  ) { settings, source in
    try settings.lines(
      with: StudentNoise(scale: settings.noise, degreesOfFreedom: settings.argument), using: &source)
  }

  static let poisson = BaseStep(
    name: "poisson",
    summary:
      "counts of rate exp(w_0 + w'x), with coefficients from N(0, separation^2); times an exposure from 1 to EXPOSURE, if that is above 1",
    argument: .count("exposure", standard: 1),
    parameters: RecipeParameters(features: 2, experts: 3, separation: 0.7, imbalance: 0.1)
  ) { settings, source in
    // Six standard deviations of the predictor.
    let largest = PoissonResponse.largestPredictor / 6 / Double(settings.features + 1).squareRoot()
    guard settings.separation <= largest else {
      throw SyntheticDataError(
        "poisson: a separation of \(settings.separation) with \(settings.features) features makes rates beyond e²⁰; "
          + "give at most \((largest * 100).rounded(.down) / 100)")
    }
    let isExposed = settings.argument > 1
    let features = NormalFeatures(settings.features)
    return try SyntheticMixture(
      features: isExposed
        ? JoinedFeatures([features, CountFeature("exposure", most: Int(settings.argument))]) : features,
      weights: settings.weights(using: &source),
      experts: settings.coefficients(using: &source).map {
        PoissonResponse(coefficients: $0, exposure: isExposed ? settings.features : nil)
      })
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

  static let bernoulli = BaseStep(
    name: "bernoulli", summary: "0 or 1, with log odds w_0 + w'x of 1, and coefficients from N(0, separation^2)",
    parameters: RecipeParameters(features: 2, experts: 3, separation: 2, imbalance: 0.1)
  ) { settings, source in
    try SyntheticMixture(
      features: NormalFeatures(settings.features), weights: settings.weights(using: &source),
      experts: settings.coefficients(using: &source).map { BernoulliResponse(coefficients: $0) })
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

  /// Linear models of normal features with the given noise.
  fileprivate func lines(with noise: any NoiseDistribution, using source: inout RandomSource) throws -> SyntheticMixture {
    try SyntheticMixture(
      features: NormalFeatures(features), weights: weights(using: &source),
      experts: coefficients(using: &source).map { LinearResponse(coefficients: $0, noise: noise) })
  }
}
