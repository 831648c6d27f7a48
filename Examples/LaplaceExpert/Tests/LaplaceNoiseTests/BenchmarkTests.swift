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

    let parameters = RecipeParameters(features: 1, experts: 2, separation: 5, imbalance: 0)
    let suite = BenchmarkSuite(grids: [
      BenchmarkGrid(
        "tails",
        generators: [
          try BenchmarkGenerator("linear", parameters: parameters, rows: 200, named: "normal"),
          try BenchmarkGenerator(
            "linear+heavy-tails:2", parameters: parameters, rows: 200, named: "Student, two degrees of freedom"),
        ],
        models: [
          BenchmarkModel("normal noise") { generator in
            try Mixture("y ~ x1") { Block(generator.expertCount, LinearExpert()) }
          },
          BenchmarkModel("Laplace noise") { generator in
            try Mixture("y ~ x1") { Block(generator.expertCount, LaplaceExpert()) }
          },
        ], seeds: 1...6, unseenRows: 1000)
    ])
    let results = try await suite.run(in: folder)
    print(results.table)

    let excesses = results.summaries.map { $0.means["regret"]?.value ?? .nan }
    #expect(results.runs.allSatisfy { $0.failure == nil })
    #expect(excesses[0] < excesses[1] && excesses[3] < excesses[2], "\(results.table)")
  }
}
