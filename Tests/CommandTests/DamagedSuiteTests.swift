import DamagedFiles
import Foundation
import MixtureBenchmarks
import MixtureCore
import Testing

@testable import MixturesCommand

/// Suites that somebody edited: what makes no sense is refused with the place, and nothing crashes.
@Suite struct DamagedSuiteTests {
  private static let suite = """
    {"grids": [{
      "name": "one", "seeds": 2, "unseenRows": 100,
      "generators": [{
        "name": "easy", "recipe": "linear+irrelevant:2", "rows": 50, "features": 2, "experts": 2, "separation": 3, "noise": 1, "imbalance": 0
      }],
      "models": [{"name": "plain", "options": "--noise per-expert --gate 'hierarchical:(1,2)'"}, {"name": "drawn", "options": "--concentration 2,1"}]
    }]}
    """

  @Test func isRefusedOrRead() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    let suite = try JSON(Self.suite)
    try suite.write(to: url)
    #expect(try BenchmarkDefinition(url.path).suite(seeds: nil).grids.count == 1)
    for mutation in suite.mutations() {
      try mutation.applied(to: suite).write(to: url)
      do { _ = try BenchmarkDefinition(url.path).suite(seeds: nil) } catch let error {
        #expect(error is DataError, "\(mutation.description): \("\(error)".prefix(300))")
        #expect("\(error)".utf8.count < 8000, "\(mutation.description)")
      }
    }
  }
}
