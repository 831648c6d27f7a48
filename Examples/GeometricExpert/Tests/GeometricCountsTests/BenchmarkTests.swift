import Foundation
import GeometricCounts
import MixtureBenchmarks
import Mixtures
import SyntheticData
import Testing

/// What the expert loses to the right one, on counts of the other family.
@Suite struct BenchmarkTests {
  @Test func countsOfAnotherFamilyCost() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }

    let parameters = RecipeParameters(features: 1, experts: 2, separation: 1.5, imbalance: 0)
    let suite = BenchmarkSuite(grids: [
      BenchmarkGrid(
        "counts",
        generators: [try BenchmarkGenerator("poisson", parameters: parameters, rows: 100, named: "Poisson counts")],
        models: [
          BenchmarkModel("Poisson") { generator in
            try Mixture("y ~ x1") { Block(generator.expertCount, PoissonExpert()) }
          },
          BenchmarkModel("geometric") { generator in
            try Mixture("y ~ x1") { Block(generator.expertCount, GeometricExpert()) }
          },
        ], seeds: 1...4, unseenRows: 500)
    ])
    let results = try await suite.run(in: folder)
    print(results.table)

    let excesses = results.summaries.map { $0.means["regret"]?.value ?? .nan }
    #expect(results.runs.allSatisfy { $0.failure == nil })
    #expect(excesses[0] < excesses[1], "\(results.table)")
  }
}
