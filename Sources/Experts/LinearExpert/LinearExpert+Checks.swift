import ConjugateFamilies
import GSL
import MixtureCore

// What values that come from a file must be.

extension LinearExpert: Validatable {
  /// Checks that coefficients, noise and standardisation belong together.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.at("posterior") {
      try UnfitValue.checkCount(
        "mean", is: posterior.dimension, mustBe: coordinates.dimension, what: "the features and the intercept")
      try UnfitValue.checkMagnitude("mean", numbers: posterior.mean)
    }
    let (precision, variance) = (precisionOfFit.mean, noiseVariance)
    try UnfitValue.check(
      "precisionOfFit", that: precision > 0 && precision.isFinite && variance > 0 && variance.isFinite,
      need: "\(precision) must be a finite number above 0, and so must the variance")
    try UnfitValue.check(
      "constantFeatures", that: constantFeatures.allSatisfy(coordinates.standardization.centres.indices.contains),
      need: "must be numbers of the \(coordinates.standardization.centres.count) features, counted from 0")
    try UnfitValue.checkNotNegative("rowWeight", number: rowWeight)
    try UnfitValue.check(
      "sharesOfNoise", that: sharesOfNoise.isEmpty || sharesOfNoise.count == posterior.mean.count,
      need: "\(sharesOfNoise.count) for \(posterior.mean.count) coefficients")
    try UnfitValue.check("sharesOfNoise", that: sharesOfNoise.allSatisfy((0...1).contains), need: "must be from 0 to 1")
    if let degreesOfFreedom { try UnfitValue.checkPositive("degreesOfFreedom", number: degreesOfFreedom) }
    try UnfitValue.check(
      "prunedCoefficients", that: prunedCoefficients.allSatisfy(posterior.mean.indices.contains),
      need: "must be numbers of the \(posterior.dimension) coefficients, counted from 0")
  }

  /// Checks that what is shared is of as many experts and coefficients.
  ///
  /// - Throws: `UnfitValue`.
  public static func validate(_ experts: [LinearExpert], sharing shared: LinearShared) throws {
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
    try UnfitValue.at("shared") { try shared.validate(expertCount: experts.count, dimension: dimension) }
  }

  /// Checks that coefficients are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public static func validate(_ experts: [LinearExpert], sharing shared: LinearShared, for data: DataSummary) throws {
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

extension LinearShared: Validatable {
  /// Checks what was given.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    do { try refuseWithoutMaximum() } catch { throw UnfitValue(nil, need: "\(error)") }
    try UnfitValue.at("noise") { try noise.validate() }
    for (expert, values) in fixedCoefficients.sorted(by: { $0.key < $1.key }) {
      try UnfitValue.at("fixedCoefficients", "\(expert)") { try UnfitValue.checkFinite(nil, numbers: values.values) }
    }
    for (expert, variance) in fixedVariances.sorted(by: { $0.key < $1.key }) {
      try UnfitValue.at("fixedVariances") { try UnfitValue.checkPositive("\(expert)", number: variance) }
    }
    try UnfitValue.checkNotNegative("varianceFloor", number: varianceFloor)
  }

  /// Checks what is said of each expert.
  ///
  /// - Throws: `UnfitValue`.
  fileprivate func validate(expertCount: Int, dimension: Int) throws {
    func checkKeys(_ key: String, _ experts: some Sequence<Int>) throws {
      if let stranger = experts.first(where: { !(0..<expertCount).contains($0) }) {
        throw UnfitValue(key, need: "\(stranger) is none of the \(expertCount) experts, counted from 0")
      }
    }
    try checkKeys("fixedCoefficients", fixedCoefficients.keys)
    try checkKeys("fixedVariances", fixedVariances.keys)
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
    try UnfitValue.check(
      "noisePrior", that: (noisePrior != nil) == noise.hasPrior,
      need: "there must be one where the noise has a Gamma distribution, and only there")
    try UnfitValue.at("prior", "value") {
      for k in 0..<expertCount {
        guard let distribution = try prior.distribution(ofExpert: k) else { continue }
        try UnfitValue.checkCount("means", is: distribution.dimension, mustBe: dimension, what: "one for each coefficient")
      }
    }
  }
}

extension LinearNoise {
  /// - Throws: `UnfitValue` unless all numbers are positive and finite.
  fileprivate func validate() throws {
    switch self {
    case .shared, .perExpert: return
    case .fixed(let variance): try UnfitValue.checkPositive("variance", number: variance)
    case .gamma(let shape, let rate), .perExpertGamma(let shape, let rate):
      try UnfitValue.checkPositive("shape", number: shape)
      if let rate { try UnfitValue.checkPositive("rate", number: rate) }
    }
  }
}
