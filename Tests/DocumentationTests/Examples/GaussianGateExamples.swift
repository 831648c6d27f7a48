import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code of the article `GaussianGates`.
@Suite struct GaussianGateExamples {
  private var motorcycle: URL {
    URL(fileURLWithPath: CommandLineTool.toneData).deletingLastPathComponent().appendingPathComponent("mcycle.csv")
  }

  @Test func clustersOfTimes() async throws {
    let table = try Table(csv: motorcycle)
    let model = try Mixture("accel ~ times | times", gate: GaussianGate()) { Block(4, LinearExpert(noise: .perExpert)) }
    let fit = try await model.fit(table)
    for k in 0..<4 {
      let cluster = try (fit.mixture.gate as? GaussianGate)?.cluster(ofExpert: k)
      print(cluster?.location ?? [], cluster?.meanCovariance?.diagonal ?? [])
    }
    let gate = fit.mixture.gate as? GaussianGate
    let places = try (0..<4).compactMap { try gate?.cluster(ofExpert: $0)?.location[0] }
    #expect(places.count == 4 && places.allSatisfy { $0 > 2 && $0 < 58 })
    // The quiet before the impact.
    let early = try fit.predict(Table([("times", .numbers([5]))]))[0]
    #expect(abs(early.mean) < 5 && early.standardDeviation < 15)
  }

  @Test func aGivenPrior() throws {
    let prior = ClusterPrior(location: [30], meanPrecision: 0.1, degreesOfFreedom: 5, inverseScale: Matrix(diagonal: [300]))
    let gate = try GaussianGate(concentration: 1, clusters: prior)
    #expect(gate.clusterPrior == prior && gate.warnings.count == 1)
  }
}
