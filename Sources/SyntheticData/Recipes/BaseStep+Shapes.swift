import GSL

/// Classes, clouds, circles and curves.
extension BaseStep {
  static let latentClasses = BaseStep(
    name: "latent-classes",
    summary:
      "as many columns of categories as features, independent within a class, of probabilities from Dir(1 / separation)",
    argument: .count("levels", standard: 3, atLeast: 2),
    parameters: RecipeParameters(features: 6, experts: 3, separation: 2, imbalance: 0.1)
  ) { settings, source in
    let weights = settings.weights(using: &source)
    let experts = (0..<settings.experts).map { _ in
      CategoriesResponse(
        probabilities: (0..<settings.features).map { _ in
          ConstantWeights(expertCount: Int(settings.argument), imbalance: settings.separation, using: &source)
        })
    }
    return try SyntheticMixture(features: NormalFeatures(0), weights: weights, experts: experts)
  }

  static let clouds = BaseStep(
    name: "clouds",
    summary:
      "normal clouds of one random covariance, in as many columns as features; the nearest two share OVERLAP of their mass",
    argument: .number("overlap", standard: 0.1, above: 0, below: 1),
    parameters: RecipeParameters(features: 2, experts: 3, imbalance: 0.1)
  ) { settings, source in
    let weights = settings.weights(using: &source)
    let clouds = try GaussianCloud.separated(
      settings.experts, dimension: settings.features, overlap: settings.argument, using: &source)
    return try SyntheticMixture(features: NormalFeatures(0), weights: weights, experts: clouds.map { CloudResponse($0) })
  }

  static let circles = BaseStep(
    name: "circles",
    summary: "circles about centres from N(0, separation^2), with radii from 1 to 3 and noise along the radius",
    parameters: RecipeParameters(experts: 2, separation: 2, noise: 0.1, imbalance: 0.1)
  ) { settings, source in
    let weights = settings.weights(using: &source)
    let noise = NormalNoise(standardDeviation: settings.noise)
    let experts = (0..<settings.experts).map { _ in
      CircleResponse(
        x: source.gaussian(standardDeviation: settings.separation),
        y: source.gaussian(standardDeviation: settings.separation), radius: 1 + 2 * source.uniform(), noise: noise)
    }
    return try SyntheticMixture(features: NormalFeatures(0), weights: weights, experts: experts)
  }

  /// Over [0, 1], cut at x_1, …, x_{K−1}, piece k is v_k + (v_{k+1} − v_k) t + 4 b_k t (1 − t) with
  /// t = (x − x_k) / (x_{k+1} − x_k): it meets its neighbours at the heights v, and its bow is b_k high.
  static let curves = BaseStep(
    name: "curves",
    summary: "a curve of one feature x in pieces that meet, a parabola each, with heights and bows from N(0, separation^2)",
    parameters: RecipeParameters(experts: 3, separation: 1, noise: 0.1, imbalance: 0.1)
  ) { settings, source in
    // No piece is narrower than a twentieth of its equal share, however unequal they are.
    let widths = settings.weights(using: &source).probabilities.map {
      ($0 + 0.05 / Double(settings.experts)) / 1.05
    }
    let bounds = widths.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
    let heights = bounds.map { _ in source.gaussian(standardDeviation: settings.separation) }
    let noise = NormalNoise(standardDeviation: settings.noise)
    let experts = widths.indices.map { k in
      let (left, width) = (bounds[k], widths[k])
      let bow = 4 * source.gaussian(standardDeviation: settings.separation)
      // h + s t + b t (1 − t) in powers of x = left + width t.
      let (height, slope) = (heights[k], heights[k + 1] - heights[k])
      let linear = (slope + bow) / width
      let square = -bow / (width * width)
      return PolynomialResponse(
        coefficients: [height - linear * left + square * left * left, linear - 2 * square * left, square], noise: noise)
    }
    return try SyntheticMixture(
      features: UniformFeature(0...1), weights: IntervalWeights(bounds: Array(bounds.dropFirst().dropLast())),
      experts: experts)
  }
}
