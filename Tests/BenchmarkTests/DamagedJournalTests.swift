import DamagedFiles
import Foundation
import MixtureBenchmarks
import Mixtures
import SyntheticData
import Testing

/// Journals that somebody edited: a run that makes no sense is refused, or told as it is, and nothing crashes.
@Suite struct DamagedJournalTests {
  private static let suite = Result {
    BenchmarkSuite(grids: [
      BenchmarkGrid(
        "one",
        generators: [try BenchmarkGenerator("linear", parameters: RecipeParameters(features: 1, experts: 2), rows: 60)],
        models: [BenchmarkModel("none") { _ in throw DataError("no model") }], seeds: 1...2, unseenRows: 100)
    ])
  }

  @Test func isRefusedOrTold() async throws {
    let suite = try Self.suite.get()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await suite.run(in: folder, threads: 1)
    let journal = folder.appendingPathComponent("runs.jsonl")
    // A run that counts as done, with numbers of all scores.
    let text = try String(contentsOf: journal, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first)
    let numbers = JSON.object(Dictionary(uniqueKeysWithValues: BenchmarkScore.allCases.map { ($0.rawValue, .number(0.5)) }))
    let run = try JSON(String(line)).replacing("metrics", by: numbers).replacing("failure", by: .null)
    for (place, damaged) in [("nothing", run)] + run.mutations().map({ ($0.description, $0.applied(to: run)) }) {
      try Data((damaged.text + "\n").utf8).write(to: journal)
      do {
        let results = try await suite.run(in: folder, threads: 1)
        _ = (results.table, try results.json, results.figures)
        #expect(results.runs.count == 2)
      } catch let error where error is BenchmarkError || error is FileError {
        #expect("\(error)".utf8.count < 8000, "\(place)")
      }
    }
  }
}
