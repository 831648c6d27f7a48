import ConjugateFamilies
import GSL
import MixtureCore

// What values that come from a file must be.

extension Regression: Validatable {
  /// Checks that coefficients, scale and standardisation belong together.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.at("posterior") {
      try UnfitValue.checkCount(
        "mean", is: posterior.dimension, mustBe: coordinates.dimension, what: "the features and the intercept")
      try UnfitValue.checkMagnitude("mean", numbers: posterior.mean)
    }
    try UnfitValue.check(
      "constantFeatures", that: constantFeatures.allSatisfy(coordinates.standardization.centres.indices.contains),
      need: "must be numbers of the \(coordinates.standardization.centres.count) features, counted from 0")
    try UnfitValue.checkNotNegative("rowWeight", number: rowWeight)
    try UnfitValue.check(
      "sharesOfScale", that: sharesOfScale.isEmpty || sharesOfScale.count == posterior.mean.count,
      need: "\(sharesOfScale.count) for \(posterior.mean.count) coefficients")
    try UnfitValue.check("sharesOfScale", that: sharesOfScale.allSatisfy((0...1).contains), need: "must be from 0 to 1")
    try UnfitValue.check(
      "prunedCoefficients", that: prunedCoefficients.allSatisfy(posterior.mean.indices.contains),
      need: "must be numbers of the \(posterior.dimension) coefficients, counted from 0")
    try UnfitValue.check(
      "unboundedCoefficients", that: unboundedCoefficients.allSatisfy(posterior.mean.indices.contains),
      need: "must be numbers of the \(posterior.dimension) coefficients, counted from 0")
  }

  /// Checks that what is shared is of as many experts and coefficients.
  ///
  /// - Throws: `UnfitValue`.
  public static func validate(_ experts: [Self], sharing shared: RegressionShared<Family>) throws {
    guard let first = experts.first else { throw UnfitValue("experts", need: "there must be at least one") }
    let dimension = first.coordinates.dimension
    for (k, expert) in experts.enumerated() {
      try UnfitValue.at("experts", "[\(k)]") {
        try UnfitValue.check(
          "coordinates", that: expert.coordinates == first.coordinates, need: "must be those of the first expert"
        )
        // A precision of nothing is that of no data yet.
        let free =
          shared.freeCoefficients.isEmpty ? nil : shared.freeCoefficients[min(k, shared.freeCoefficients.count - 1)]
        if let free, !expert.posterior.free.isEmpty {
          try UnfitValue.check(
            "posterior", that: expert.posterior.free == free, need: "its free coefficients must be \(free)")
        }
      }
    }
    try UnfitValue.check(
      "experts", that: experts.allSatisfy { $0.family == shared.family }, need: "all must be of the family that they share")
    try UnfitValue.at("shared") { try shared.validate(expertCount: experts.count, dimension: dimension) }
  }

  /// Checks that coefficients are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public static func validate(_ experts: [Self], sharing shared: RegressionShared<Family>, for data: DataSummary) throws {
    for (k, expert) in experts.enumerated() {
      try UnfitValue.at("experts", "[\(k)]") {
        try UnfitValue.at("coordinates") {
          try expert.coordinates.standardization.validate(featureCount: data.features.count)
        }
        let hasIntercept = shared.hasIntercept && data.hasIntercept
        try UnfitValue.check(
          "coordinates", that: expert.coordinates.hasIntercept == hasIntercept,
          need: "hasIntercept must be \(hasIntercept), as in the data")
      }
    }
    try UnfitValue.checkCount(
      "freeCoefficients", is: shared.freeCoefficients.count, mustBe: experts.count, what: "one list for each expert")
  }
}

extension RegressionShared: Validatable {
  /// Checks what was given.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    do { try refuseWithoutMaximum() } catch { throw UnfitValue(nil, need: "\(error)") }
    for (expert, values) in fixedCoefficients.sorted(by: { $0.key < $1.key }) {
      try UnfitValue.at("fixedCoefficients", "\(expert)") { try UnfitValue.checkFinite(nil, numbers: values.values) }
    }
  }

  /// Checks what is said of each expert.
  ///
  /// - Throws: `UnfitValue`.
  fileprivate func validate(expertCount: Int, dimension: Int) throws {
    try UnfitValue.checkExperts("fixedCoefficients", fixedCoefficients.keys, count: expertCount)
    try UnfitValue.at("scale") { try scale.validate(expertCount: expertCount, isConfigured: coordinates != nil) }
    // Before a fit there is no more.
    guard let coordinates else {
      return try UnfitValue.check("freeCoefficients", that: freeCoefficients.isEmpty, need: "is of no data")
    }
    try UnfitValue.at("coordinates") {
      try UnfitValue.checkCount(
        nil, is: coordinates.dimension, mustBe: dimension, what: "the coefficients of the experts")
    }
    try UnfitValue.check(
      "units", that: units?.features == coordinates.standardization.units && units?.responses.first == coordinates.unit,
      need: "must be those of the coordinates")
    try UnfitValue.checkCount(
      "featureNames", is: featureNames.count, mustBe: coordinates.standardization.centres.count,
      what: "one for each feature")
    try UnfitValue.check(
      "constantOverall", that: constantOverall.allSatisfy(featureNames.indices.contains),
      need: "must be numbers of the \(featureNames.count) features, counted from 0")
    try UnfitValue.checkCount(
      "freeCoefficients", is: freeCoefficients.count, mustBe: expertCount, what: "one list for each expert")
    for (k, free) in freeCoefficients.enumerated() {
      let isAscending = zip(free, free.dropFirst()).allSatisfy { $0 < $1 }
      try UnfitValue.at("freeCoefficients") {
        try UnfitValue.check(
          "[\(k)]", that: isAscending && free.allSatisfy((0..<dimension).contains),
          need: "must be numbers of the \(dimension) coefficients, counted from 0 and ascending")
      }
    }
    try UnfitValue.at("prior", "value") {
      for k in 0..<expertCount {
        guard let distribution = try prior.distribution(ofExpert: k) else { continue }
        try UnfitValue.checkCount("means", is: distribution.dimension, mustBe: dimension, what: "one for each coefficient")
      }
    }
  }
}

extension UnfitValue {
  /// - Throws: an error about `key` unless all are numbers of the `count` experts.
  static func checkExperts(_ key: String, _ experts: some Sequence<Int>, count: Int) throws {
    if let stranger = experts.first(where: { !(0..<count).contains($0) }) {
      throw UnfitValue(key, need: "\(stranger) is none of the \(count) experts, counted from 0")
    }
  }
}

extension ArgumentError {
  /// - Throws: an error about the argument unless it is the number of one of `count` experts.
  static func requireExpert(_ number: Int, of count: Int, _ part: Any.Type, argument: String) throws {
    guard (0..<count).contains(number) else {
      throw ArgumentError(
        part, argument: argument, value: number, need: "from 0 to \(count - 1), for there are \(count) experts in the block"
      )
    }
  }
}

extension Dictionary where Key == Int {
  /// What belongs to the experts of the given numbers, which are numbered anew in that order.
  func selecting(_ experts: [Int]) -> Self {
    Dictionary(uniqueKeysWithValues: experts.enumerated().compactMap { k, old in self[old].map { (k, $0) } })
  }
}
