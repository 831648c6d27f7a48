import Foundation
import GSL
import MixtureCore

/// The features by which a ``GaussianGate`` tells clusters apart, standardised. Those that say nothing new have no density beside the
/// others and are left out: constants, and linear functions of features before them.
struct GateFeatures: Sendable, Codable, Equatable {
  /// The numbers of the features that are used, among those that the gate sees.
  let indices: [Int]
  /// Their names.
  let names: [String]
  /// Why others are left out, one sentence a feature.
  let omissions: [String]
  /// How all features that the gate sees are standardised, behind a column of ones.
  let standardization: Standardization

  /// What the gate sees of the data.
  ///
  /// - Throws: `MixtureError` if no feature varies, or one has hardly more than two values.
  init(_ data: DataSummary) throws {
    let twoValued = data.gateFeatures.filter(\.isTwoValued).map(\.name)
    guard twoValued.isEmpty else {
      throw MixtureError.refused(
        "the Gaussian gate takes what it sees for normally distributed, but \(twoValued.inSentence) "
          + "\(twoValued.count == 1 ? "has" : "have") hardly more than two values, so that it would tell the experts apart by these alone: leave "
          + "\(twoValued.count == 1 ? "it" : "them") out behind | in the formula, or take a softmax gate")
    }
    var seen = data
    seen.features = data.gateFeatures
    seen.units.features = data.units.gateFeatures
    // Dependence is asked among the features only; the response has a row of its own.
    seen.covariance = .identity(data.gateFeatures.count + 1)
    for i in data.gateFeatures.indices {
      for j in data.gateFeatures.indices { seen.covariance[i, j] = data.gateCovariance[i, j] }
    }
    let all = Array(data.gateFeatures.indices)
    let dependent = seen.linearDependence(among: all, hasIntercept: true).features
    indices = all.filter { index in !dependent.contains { $0.index == index } }
    names = indices.map { data.gateFeatures[$0].name }
    guard !indices.isEmpty else {
      throw MixtureError.refused(
        "the Gaussian gate tells experts apart by where their rows lie, but it sees no feature that varies: name some behind | in "
          + "the formula, or take a gate of constant weights")
    }
    omissions = dependent.map { feature in
      let others = feature.others.map { data.gateFeatures[$0].name }.inSentence
      return "the gate leaves out \(data.gateFeatures[feature.index].name), "
        + (others.isEmpty ? "which is constant" : "which follows from \(others)")
    }
    standardization = Standardization(seen, hasIntercept: true)
  }

  /// The standard deviations of the features that are used, in the units of the fit.
  private var scales: [Double] { indices.map { standardization.scales[$0] } }
  /// Their means.
  private var centres: [Double] { indices.map { standardization.centres[$0] } }
  /// Those units.
  private var units: [Double] { indices.map { standardization.units[$0] } }

  /// ln of the density of standardised values per unit of the fit: Σ ln of the scales.
  var logVolume: Double { scales.reduce(0) { $0 + log($1) } }

  /// A vector in the coordinates of the design; in the units of the data before.
  func standardized(_ point: [Double]) -> [Double] {
    point.indices.map { (point[$0] / units[$0] - centres[$0]) / scales[$0] }
  }

  /// The same back.
  func inUnits(_ point: [Double]) -> [Double] { point.indices.map { units[$0] * (centres[$0] + point[$0] * scales[$0]) } }

  /// Standard deviations in the coordinates of the design, back in the units of the data.
  func inUnits(deviations: [Double]) -> [Double] { deviations.indices.map { units[$0] * (scales[$0] * deviations[$0]) } }

  /// A matrix of squares of all features in the coordinates of the design, of those that are used; in the units of the fit before.
  func standardized(_ squares: Matrix) -> Matrix { scaled(squares.restricted(to: indices), by: scales.map { 1 / $0 }) }

  /// The same, in the units of the data before.
  func standardized(given squares: Matrix) -> Matrix {
    standardized(scaled(squares, by: standardization.units.map { 1 / $0 }))
  }

  /// A matrix of squares of the used features, in the units of the data.
  func inUnits(_ squares: Matrix) -> Matrix { scaled(squares, by: zip(scales, units).map(*)) }

  private func scaled(_ squares: Matrix, by factors: [Double]) -> Matrix {
    var result = squares
    for i in factors.indices { for j in factors.indices { result[i, j] *= factors[i] * factors[j] } }
    return result
  }
}
