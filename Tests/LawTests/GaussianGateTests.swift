import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Three clusters of two features in units of very different size.
enum GaussianGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case byData = "prior from the data"
  case given = "prior in the units of the features"

  var testDescription: String { rawValue }

  private static let centres = [[0.0, 1000], [4, 1300], [-3, 1800]]
  private static let deviations = [[1.0, 150], [2, 100], [0.7, 200]]
  private static let shares = [0.5, 0.3, 0.2]

  /// The gate, as one gives it for features multiplied by `unit`.
  func gate(inUnit unit: Double = 1) throws -> GaussianGate {
    switch self {
    case .byData: try GaussianGate()
    case .given:
      try GaussianGate(
        concentration: 2,
        clusters: ClusterPrior(
          location: [unit, 1500 * unit], meanPrecision: 0.1, degreesOfFreedom: 6,
          inverseScale: Matrix(rows: 2, columns: 2, elements: [4, 100, 100, 40000].map { $0 * unit * unit })))
    }
  }

  func subject() throws -> GateSubject<GaussianGate> {
    var source = RandomSource(seed: 71)
    var columns: [[Double]] = [[], []]
    var weights: [[Double]] = []
    for _ in 0..<300 {
      let k = source.categorical(weights: Self.shares)
      let point = (0..<2).map { source.gaussian(mean: Self.centres[k][$0], standardDeviation: Self.deviations[k][$0]) }
      for j in 0..<2 { columns[j].append(point[j]) }
      let densities = (0..<3).map { k in
        (0..<2).reduce(Self.shares[k]) { density, j in
          let (mean, deviation) = (Self.centres[k][j], Self.deviations[k][j])
          return density * exp(NormalDistribution(mean: mean, variance: deviation * deviation).logDensity(at: point[j]))
        }
      }
      let total = densities.reduce(0, +)
      weights.append(densities.map { $0 / total })
    }
    var subject = try GateSubject(
      gate(), named: "GaussianGate, \(rawValue)",
      rows: try Observations(
        features: [("a", columns[0]), ("b", columns[1])], responses: [("y", Array(repeating: 0, count: 300))]),
      trueWeights: weights,
      drawParameters: { gate, source in
        let weights = gate.posterior.sample(using: &source)
        let distribution = try #require(gate.clusterDistribution)
        let draws = gate.clusters.map { $0.sample(using: &source) }
        let ofClusters = zip(gate.clusters, draws).reduce(0) {
          $0 + $1.0.logDensity(at: $1.1) - distribution.logDensity(at: $1.1)
        }
        let concentration = [Double](repeating: self == .given ? 2 : 1, count: 3)
        let divergence = gate.posterior.logDensity(at: weights) - logDirichlet(weights, concentration) + ofClusters
        let distributions = try draws.map { try Gaussian(mean: $0.mean, precision: $0.precision) }
        let standardization = try #require(gate.features).standardization
        return WeightsDraw(divergence: divergence) { tile in
          tile.rows.map { i in
            let point = (0..<2).map { j in
              (tile.gateFeatures[j * tile.capacity + i] - standardization.centres[j]) / standardization.scales[j]
            }
            let volume = standardization.scales.reduce(0) { $0 + log($1) }
            return (0..<3).map { log(weights[$0]) + distributions[$0].logDensity(at: point) - volume }
          }
        }
      },
      variations: (0..<3).flatMap(Self.variations))
    subject.unitOfParameter = { ParameterUnit(features: $0.hasPrefix("mean") || $0.hasPrefix("sd") ? 1 : 0) }
    subject.inOtherUnits = { _, change in try self.gate(inUnit: change.features) }
    subject.exceptions[.predictiveMeans] = .absent(reason: "draws are of the joint density of features and cluster")
    subject.exceptions[.scoresBelowPredictive] = .absent(
      reason:
        "the scores are those of the joint density of features and cluster, the predictive weights are given the features")
    return subject
  }

  /// The weight of a cluster, and each parameter of its distribution.
  private static func variations(ofExpert k: Int) -> [Variation<GaussianGate>] {
    func cluster(
      _ name: String, _ move: @escaping @Sendable (NormalWishart, Double) throws -> NormalWishart
    ) -> Variation<GaussianGate> {
      Variation("\(name) of expert \(k)", isUpdatedLast: true) { $0.clusters[k] = try move($0.clusters[k], $1) }
    }
    let weight = Variation<GaussianGate>("weight of expert \(k)", isUpdatedLast: true) {
      var concentration = $0.posterior.concentration
      concentration[k] *= 1 + $1
      $0.posterior = try Dirichlet(concentration: concentration)
    }
    let locations = (0..<2).map { j in
      cluster("location \(j)") { distribution, step in
        var location = distribution.location
        location[j] += step
        return try distribution.with(location: location)
      }
    }
    let factors = [(0, 0), (1, 0), (1, 1)].map { i, j in
      cluster("scale \(i), \(j)") { distribution, step in
        var lower = distribution.inverseScale.lower
        lower[i, j] += step * lower[i, i]
        return try distribution.with(inverseScale: Cholesky(lower: lower))
      }
    }
    return [weight] + locations + factors + [
      cluster("mean precision") { try $0.with(meanPrecision: $0.meanPrecision * (1 + $1)) },
      cluster("degrees of freedom") { try $0.with(degreesOfFreedom: $0.degreesOfFreedom * (1 + $1)) },
    ]
  }
}

extension NormalWishart {
  fileprivate func with(
    location: [Double]? = nil, meanPrecision: Double? = nil, degreesOfFreedom: Double? = nil, inverseScale: Cholesky? = nil
  ) throws -> NormalWishart {
    try NormalWishart(
      location: location ?? self.location, meanPrecision: meanPrecision ?? self.meanPrecision,
      degreesOfFreedom: degreesOfFreedom ?? self.degreesOfFreedom, inverseScale: inverseScale ?? self.inverseScale)
  }
}

@Suite struct GaussianGateLawTests {
  @Test(arguments: GaussianGateCase.allCases, GateLaw.allCases)
  func keeps(kind: GaussianGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
