import Foundation
import LaplaceNoise
import MixtureBenchmarks
import Mixtures
import SyntheticData
import Testing

/// What the expert is worth beside the built-in one, on noise of either kind.
@Suite struct BenchmarkTests {
  @Test func ownNoiseIsForOwnTails() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }

    let knobs = Knobs(features: 1, experts: 2, separation: 5, imbalance: 0)
    let suite = BenchmarkSuite(grids: [
      BenchmarkGrid(
        "tails",
        generators: [
          try BenchmarkGenerator("linear", knobs: knobs, rows: 200, named: "normal"),
          try BenchmarkGenerator("linear+heavy-tails:2", knobs: knobs, rows: 200, named: "Student, two degrees of freedom"),
        ],
        models: [
          BenchmarkModel("normal noise") { law in try Mixture("y ~ x1") { Experts(law.expertCount, LinearExpert()) } },
          BenchmarkModel("Laplace noise") { law in try Mixture("y ~ x1") { Experts(law.expertCount, LaplaceExpert()) } },
        ], seeds: 1...6, unseenRows: 1000)
    ])
    let results = try await suite.run(in: folder)
    print(results.table)

    let regrets = results.summaries.map { $0.means["regret"]?.value ?? .nan }
    #expect(results.runs.allSatisfy { $0.failure == nil })
    #expect(regrets[0] < regrets[1] && regrets[3] < regrets[2], "\(results.table)")
  }
}
