import GSL

/// Steps that change noise, features or rows.
extension ModifierStep {
  static let heavyTails = ModifierStep(
    name: "heavy-tails", summary: "noise of Student's distribution, scaled by the noise, in the place of normal noise",
    argument: .number("freedom", standard: 4, above: StudentNoise.leastFreedom)
  ) { base, degreesOfFreedom, _ in
    guard let mixture = base as? SyntheticMixture else {
      throw SyntheticDataError(
        "heavy-tails changes the noise of experts: put it before steps that add rows' features or experts")
    }
    let experts = try mixture.experts.map { expert -> any ResponseDistribution in
      guard let noisy = expert as? any NoisyResponse, let normal = noisy.noise as? NormalNoise else {
        throw SyntheticDataError("heavy-tails takes the place of normal noise, but a \(type(of: expert).partName) has none")
      }
      let noise = StudentNoise(scale: normal.standardDeviation, degreesOfFreedom: degreesOfFreedom)
      return noisy.replacingNoise(by: noise)
    }
    return try SyntheticMixture(features: mixture.featureDistribution, weights: mixture.weights, experts: experts)
  }

  static let contaminated = ModifierStep(
    name: "contaminated", summary: "one more expert, of a share of the rows, uniform over the box of the responses",
    argument: .number("share", standard: 0.05, above: 0, below: 1)
  ) { base, share, source in
    if base.trialsFeature != nil {
      throw SyntheticDataError("contaminated would make more successes than trials of a binomial response")
    }
    return try Contamination(base, share: share, seed: source.next())
  }

  static let irrelevant = ModifierStep(
    name: "irrelevant", summary: "further features that have nothing to do with the response",
    argument: .count("features", standard: 2)
  ) { base, count, _ in IrrelevantFeatures(base, count: Int(count)) }

  static let collinear = ModifierStep(
    name: "collinear", summary: "further features that are combinations of those there are, but for a hundredth of noise",
    argument: .count("features", standard: 1)
  ) { base, count, source in
    var combinations = Matrix(rows: Int(count), columns: base.features.count { $0.kind == .number })
    for i in 0..<combinations.rows {
      let direction = (0..<combinations.columns).map { _ in source.gaussian() }
      let length = dot(direction, direction).squareRoot()
      for (j, value) in direction.enumerated() { combinations[i, j] = value / length }
    }
    return try CollinearFeatures(base, combinations: combinations, noise: 0.01)
  }

  static let grouped = ModifierStep(
    name: "grouped", summary: "rows that follow one another share an assignment, and have the number of it in `group`",
    argument: .count("rows", standard: 10)
  ) { base, rows, _ in try GroupedRows(base, rowsPerAssignment: Int(rows)) }
}
