import ConjugateFamilies
import GSL
import MixtureCore

extension GaussianGate {
  /// Checks that each expert has a weight and a cluster of the features that are used.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.checkPositive("concentration", number: concentration)
    // Before there are experts, the distributions are of one.
    try UnfitValue.check("expertCount", that: expertCount >= 0, need: "\(expertCount) must be at least 0")
    for (key, distribution) in [("prior", prior), ("posterior", posterior)] {
      try UnfitValue.at(key) {
        try UnfitValue.checkCount(
          "concentration", is: distribution.concentration.count, mustBe: max(expertCount, 1), what: "one for each expert")
      }
    }
    guard let features else {
      return try UnfitValue.check(
        "clusters", that: clusters.isEmpty && clusterDistribution == nil, need: "there are none without features")
    }
    try UnfitValue.check("clusterLaw", that: clusterDistribution != nil, need: "there must be one, as there are features")
    try UnfitValue.checkCount("clusters", is: clusters.count, mustBe: expertCount, what: "one for each expert")
    let distributions =
      [(["clusterLaw"], clusterDistribution)] + clusters.enumerated().map { (["clusters", "[\($0)]"], $1) }
    for (keys, distribution) in distributions {
      let count = distribution?.dimension ?? 0
      try UnfitValue.check(
        keys.joined(separator: " › "), that: count == features.indices.count,
        need: "of \(count) dimensions where there must be \(features.indices.count), the features that are used")
    }
  }

  /// Checks that clusters are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws {
    guard let features else { throw UnfitValue("features", need: "there are none, as before a fit") }
    try UnfitValue.at("features") {
      try features.standardization.validate(gateFeaturesOf: data, hasIntercept: true)
    }
  }
}

extension GateFeatures: Validatable {
  /// Checks that the features that are used are among those that the gate sees.
  ///
  /// - Throws: `UnfitValue`.
  func validate() throws {
    let seen = standardization.scales.indices
    try UnfitValue.check(
      "indices",
      that: !indices.isEmpty && indices.allSatisfy(seen.contains)
        && zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 },
      need: "must be numbers of the \(seen.count) features, counted from 0 and ascending")
    try UnfitValue.checkCount("names", is: names.count, mustBe: indices.count, what: "one for each feature that is used")
    try UnfitValue.check("standardization", that: standardization.hasIntercept, need: "hasIntercept must be true")
  }
}

extension ClusterPrior: Validatable {
  /// Checks the numbers by themselves; whether they fit the features, a fit tells.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    if let location { try UnfitValue.checkFinite("location", numbers: location) }
    try UnfitValue.checkPositive("meanPrecision", number: meanPrecision)
    if let degreesOfFreedom { try UnfitValue.checkPositive("degreesOfFreedom", number: degreesOfFreedom) }
    if let inverseScale { try UnfitValue.checkFinite("inverseScale", numbers: inverseScale.elements) }
  }
}
