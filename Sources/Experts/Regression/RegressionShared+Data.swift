import MixtureCore

// What the data, over all rows, leave undetermined.

extension RegressionShared {
  /// Finds features that tell nothing, or nothing that others do not, and hands the data on to the scale.
  ///
  /// - Throws: `DataError` if such features have coefficients with a flat prior: any value of them would do; what the scale throws.
  mutating func examine(_ data: DataSummary) throws {
    let hasIntercept = hasIntercept && data.hasIntercept
    let count = data.features.count + (hasIntercept ? 1 : 0)
    designWarnings = []
    for (k, free) in freeCoefficients.enumerated() {
      let isFlat = try prior.distribution(ofExpert: k) == nil
      for finding in findings(data, free: free, hasIntercept: hasIntercept) {
        guard !isFlat else {
          throw DataError(
            "\(finding.fact): under a flat prior, that of maximum likelihood, the coefficient of \(finding.undetermined) "
              + "could be anything; leave it out, or take another prior")
        }
        let warning = "\(finding.fact): \(finding.consequence)"
        if !designWarnings.contains(warning) { designWarnings.append(warning) }
      }
    }
    extreme = family.extreme(of: data.responses[0])
    designWarnings += try outliers(data) + featureOutliers(data) + offsetWarnings(data) + singleTrials(data)
    let left = data.linearDependence(among: Array(data.features.indices), hasIntercept: hasIntercept).residualVariance
    try scale.configure(
      for: ScaleSetting(
        estimate: estimate, data: data, freeCoefficients: freeCoefficients,
        hasPrior: freeCoefficients.indices.map(hasPrior), dimension: count, residualVariance: left))
  }

  /// By how many interquartile ranges a value beyond the quartiles is far from all others. Among a billion normal values none is 5.
  private static var farthest: Double { 100 }

  /// The least and the greatest response, where they are far from the others.
  private func outliers(_ data: DataSummary) -> [String] {
    // Offsets of other families are not of the response's kind.
    guard Family.isOfResiduals || data.responseLessOffset == nil else { return [] }
    let (lower, upper) = (data.quartiles[0], data.quartiles[2])
    let range = upper - lower
    guard range > 0 else { return [] }
    return [
      (data.explained.least, lower - data.explained.least), (data.explained.greatest, data.explained.greatest - upper),
    ]
    .filter { $0.1 > Self.farthest * range }
    .map { value, distance in
      let unit = data.units.responses[0]
      return
        responseName + String(format: " = %.15g", value * unit)
        + " is far from all others, \(Int(min(distance / range, 1e15))) interquartile ranges beyond "
        + "the middle half of them: if it is a code for a missing value, leave the row out"
    }
  }

  /// That several experts explain one yes or no of each assignment, whose probability under all of them is one number again.
  private func singleTrials(_ data: DataSummary) -> [String] {
    let trials = data.responses[0].trials
    let isSingle =
      trials.map { $0.total <= data.totalWeight } ?? (Family.support == .yesOrNo || Family.acceptsTrials)
    guard isSingle, freeCoefficients.count > 1, data.assignmentCount == data.rowCount else { return [] }
    return [
      "each row has one yes or no, which hardly tells \(freeCoefficients.count) experts apart: shares of yes under several are shares under one. Say which "
        + "rows belong together (--group), or take one expert"
    ]
  }

  /// By how many logarithms an offset may vary before it is hardly one, and before exponentials of what it is added to leave the range of numbers.
  private static var wideOffset: Double { 30 }
  private static var widestOffset: Double { 500 }

  /// An offset of counts that is hardly the logarithm of an exposure, or of odds.
  ///
  /// - Throws: `DataError` where sums would leave the range of numbers.
  private func offsetWarnings(_ data: DataSummary) throws -> [String] {
    guard Family.measure == .counting, let offset = data.offset else { return [] }
    let width = offset.greatest - offset.least
    guard width > Self.wideOffset else { return [] }
    let fact =
      "the offset goes from \(Float(offset.least)) to \(Float(offset.greatest)), and adds to a logarithm, so that rows differ by a factor of "
      + "exp(\(Float(width)))"
    let remedy = "give the logarithm of an exposure, as in offset(log(time))"
    guard width <= Self.widestOffset else { throw DataError("\(fact), which is out of range: \(remedy)") }
    return ["\(fact): if that is not meant, \(remedy)"]
  }

  /// Features of which one value has most of the variance.
  private func featureOutliers(_ data: DataSummary) -> [String] {
    zip(data.features, data.units.features).compactMap { column, unit in
      let isLeast = column.mean - column.least > column.greatest - column.mean
      let distance = isLeast ? column.mean - column.least : column.greatest - column.mean
      let share = distance * distance / (data.totalWeight * column.variance)
      guard data.rowCount >= 20, data.totalWeight >= 20, share > 0.5, !column.isConstant, !column.isTwoValued else {
        return nil
      }
      return column.name + String(format: " = %.15g", (isLeast ? column.least : column.greatest) * unit)
        + " is far from all others, and has "
        + String(format: "%.4g", min(100 * share, 100))
        + " % of the variance of the column: if it is a code for a missing value, leave "
        + "the row out"
    }
  }

  /// A fact about the features, what it means under a prior, and which coefficient could be anything without one.
  private struct Finding {
    var fact: String
    var consequence: String
    var undetermined: String
  }

  /// How many dependences are told one by one.
  private static var mostTold: Int { 3 }

  private func findings(_ data: DataSummary, free: [Int], hasIntercept: Bool) -> [Finding] {
    let features = hasIntercept ? free.filter { $0 > 0 }.map { $0 - 1 } : free
    let found = data.linearDependence(among: features, hasIntercept: hasIntercept && free.first == 0).features
    guard !found.isEmpty else { return [] }
    func name(_ index: Int) -> String { data.features[index].name }
    if data.rowCount < free.count {
      return [
        Finding(
          fact: "\(data.rowCount) rows for \(free.count) coefficients", consequence: "only the prior tells these apart",
          undetermined: name(found[0].index))
      ]
    }
    let constant = found.filter(\.others.isEmpty).map { feature in
      Finding(
        fact: "feature \(name(feature.index)) is constant", consequence: "it tells nothing",
        undetermined: name(feature.index))
    }
    let dependent = found.filter { !$0.others.isEmpty }
    let told = dependent.prefix(Self.mostTold).map { feature in
      Finding(
        fact: "features \((feature.others + [feature.index]).map(name).inSentence) are linearly dependent",
        consequence: "only the prior tells their coefficients apart", undetermined: name(feature.index))
    }
    guard dependent.count > told.count else { return constant + told }
    let rest = Finding(
      fact: "\(dependent.count - told.count) more features are linear functions of those before them",
      consequence: "only the prior tells their coefficients apart", undetermined: name(dependent[told.count].index))
    return constant + told + [rest]
  }
}
