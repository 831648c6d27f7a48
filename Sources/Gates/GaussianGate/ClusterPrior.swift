import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// The prior of the mean and the precision of each cluster of a ``GaussianGate``, the same for all: a Normal–Wishart distribution. What is
/// given holds in the units of the features; what is nil follows from the data.
public struct ClusterPrior: Sendable, Codable, Equatable {
  /// Where means are expected, m₀: one number a feature; nil for the mean of all rows.
  public var location: [Double]?
  /// How many rows that is worth, β₀.
  public var meanPrecision: Double
  /// How many rows the scale is worth, ν₀; nil for n + 2 with n features, the smallest whole number for which a covariance is
  /// expected.
  public var degreesOfFreedom: Double?
  /// W₀⁻¹, in squared units of the features: ν₀ − n − 1 times the covariance that is expected. Nil for the covariance of all rows
  /// divided by K^(2/n), so that K clusters of it fill the volume of the whole.
  public var inverseScale: Matrix?

  /// A prior; by default that of Fraley & Raftery (2007).
  public init(
    location: [Double]? = nil, meanPrecision: Double = 0.01, degreesOfFreedom: Double? = nil, inverseScale: Matrix? = nil
  ) {
    self.location = location
    self.meanPrecision = meanPrecision
    self.degreesOfFreedom = degreesOfFreedom
    self.inverseScale = inverseScale
  }
}

extension ClusterPrior {
  /// How many rows the means are worth, and what else is given.
  var terms: [PartTerm] {
    let given = [
      location.map { PartTerm("mean of clusters", value: $0.map { String(format: "%g", $0) }.joined(separator: ", ")) },
      degreesOfFreedom.map { PartTerm("degrees of freedom of clusters", value: String(format: "%g", $0)) },
      inverseScale.map { _ in PartTerm("scale of clusters", value: "given") },
    ]
    return [PartTerm("rows that the mean is worth", value: String(format: "%g", meanPrecision))] + given.compactMap(\.self)
  }

  /// The distribution for K clusters in some standardised features. Of n features of which m are left out, the distribution of the others is the
  /// marginal of the given one, which has ν₀ − m degrees of freedom.
  ///
  /// - Throws: `ArgumentError` where what is given does not fit the number of features, or is no distribution.
  func distribution(_ features: GateFeatures, _ data: DataSummary, expertCount: Int) throws -> NormalWishart {
    let count = data.gateFeatures.count
    try requireFit(featureCount: count)
    let used = features.indices
    let dimension = Double(used.count)
    let shrinkage = pow(Double(expertCount), -2 / dimension)
    let centre = location.map { given in features.standardized(used.map { given[$0] }) }
    let freedom = degreesOfFreedom.map { $0 - Double(count - used.count) }
    return try NormalWishart(
      location: centre ?? Array(repeating: 0, count: used.count), meanPrecision: meanPrecision,
      degreesOfFreedom: freedom ?? dimension + 2,
      inverseScale: inverseScale.map(features.standardized(given:))
        ?? features.standardized(shrinkage * data.gateCovariance))
  }

  /// Refuses what is given for another number of features, or is no distribution.
  ///
  /// - Throws: `ArgumentError`.
  private func requireFit(featureCount count: Int) throws {
    func require(_ isFit: Bool, _ argument: String, _ value: Any, _ need: String) throws {
      guard isFit else { throw ArgumentError(ClusterPrior.self, argument: argument, value: value, need: need) }
    }
    try ArgumentError.requirePositive(meanPrecision, of: ClusterPrior.self, argument: "meanPrecision")
    if let location {
      try require(
        location.count == count && location.allSatisfy(\.isFinite), "location", location,
        "\(count) finite numbers, one for each feature of the gate")
    }
    if let degreesOfFreedom {
      try require(
        degreesOfFreedom > Double(count - 1) && degreesOfFreedom <= 1e300, "degreesOfFreedom", degreesOfFreedom,
        "above \(count - 1), one less than the features of the gate, and at most 1e300")
    }
    if let inverseScale {
      try require(
        inverseScale.rows == count && inverseScale.columns == count, "inverseScale",
        "\(inverseScale.rows) × \(inverseScale.columns)", "\(count) × \(count), for the gate sees \(count) features")
      _ = try Cholesky(inverseScale, ClusterPrior.self, argument: "inverseScale")
    }
  }
}
