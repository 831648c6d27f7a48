import Foundation
import MixtureBenchmarks
import Mixtures
import Synchronization
import SyntheticData
import Testing

/// A benchmark makes each run once, whatever stops it, and its numbers do not depend on the order of runs.
@Suite struct BenchmarkTests {
  /// How often models were made.
  private final class Count: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increase() -> Int {
      count.withLock {
        $0 += 1; return $0
      }
    }
  }

  private struct Stop: Error {}

  private func suite(
    seeds: ClosedRange<UInt64> = 1...4, definition: String? = nil, _ visit: @escaping @Sendable () throws -> Void = {}
  ) throws -> BenchmarkSuite {
    var options = FitOptions()
    options.starts = 1
    func model(_ name: String, _ noise: LinearNoise) -> BenchmarkModel {
      BenchmarkModel(
        name, definition: definition, options: options,
        startedBy: { generator, _ in
          try visit()
          let mixture = try Mixture("y ~ .") { Block(generator.expertCount, LinearExpert(noise: noise)) }
          return (mixture, .recipe(.random))
        })
    }
    return BenchmarkSuite(grids: [
      BenchmarkGrid(
        "noise",
        generators: [
          try BenchmarkGenerator("linear", parameters: RecipeParameters(features: 1, experts: 2), rows: 100),
          try BenchmarkGenerator("linear+irrelevant:1", parameters: RecipeParameters(features: 1, experts: 2), rows: 100),
        ], models: [model("shared", .shared), model("own", .perExpert)], seeds: seeds, unseenRows: 200)
    ])
  }

  private func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
  }

  private func numbers(_ results: BenchmarkResults) -> [[String: Double]?] { results.runs.map(\.metrics) }

  @Test func numbersDoNotDependOnThreads() async throws {
    let one = try await withFolder { try await suite().run(in: $0, threads: 1) }
    let four = try await withFolder { try await suite().run(in: $0, threads: 4) }
    #expect(one.runs.count == 16)
    #expect(numbers(one) == numbers(four))
    #expect(one.runs.allSatisfy { $0.metrics?["regret"] != nil })
  }

  @Test func whatIsDoneIsNotRepeated() async throws {
    try await withFolder { folder in
      let count = Count()
      let first = try await suite(seeds: 1...2) { _ = count.increase() }.run(in: folder, threads: 2)
      #expect(count.value == 8)
      let more = try await suite(seeds: 1...4) { _ = count.increase() }.run(in: folder, threads: 2)
      #expect(count.value == 16)
      #expect(numbers(first) == more.runs.filter { $0.cell.seed <= 2 }.map(\.metrics))
      // What is defined otherwise was not done.
      _ = try await suite(seeds: 1...1, definition: "another") { _ = count.increase() }.run(in: folder)
      #expect(count.value == 20)
    }
  }

  /// The end may come at any byte; whole lines count.
  @Test(arguments: [1, 60, 5000])
  func aTornJournalGoesOn(cut: Int) async throws {
    try await withFolder { folder in
      let whole = try await suite().run(in: folder, threads: 2)
      let journal = folder.appendingPathComponent("runs.jsonl")
      let text = try Data(contentsOf: journal)
      let rest = text.dropLast(min(cut, text.count - 1))
      try rest.write(to: journal)
      let kept = rest.count { $0 == UInt8(ascii: "\n") }
      let count = Count()
      let results = try await suite { _ = count.increase() }.run(in: folder, threads: 2)
      #expect(count.value == 16 - kept)
      #expect(kept < 16)
      #expect(numbers(results) == numbers(whole))
    }
  }

  @Test func cancellingKeepsWhatIsDone() async throws {
    try await withFolder { folder in
      let count = Count()
      let suite = try suite { _ = count.increase() }
      let task = Task {
        try await suite.run(in: folder, threads: 1) { if $0.done == 3 { withUnsafeCurrentTask { $0?.cancel() } } }
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      let before = count.value
      let resumed = Mutex<Set<Int>>([])
      _ = try await suite.run(in: folder, threads: 1) { state in resumed.withLock { _ = $0.insert(state.resumed) } }
      #expect(resumed.withLock { $0 } == [3])
      #expect(count.value == before + 13)
    }
  }

  @Test func aRunThatFailsIsKeptWithItsReasonAndMadeAgain() async throws {
    try await withFolder { folder in
      let count = Count()
      let results = try await suite { if count.increase() == 1 { throw Stop() } }.run(in: folder, threads: 1)
      #expect(results.runs.compactMap(\.failure).count == 1)
      #expect(results.summaries.map(\.failureCount) == [1, 0, 0, 0])
      #expect(results.summaries[0].means["regret"] != nil)
      #expect(results.table.contains("4, 1 failed"))
      let again = try await suite { _ = count.increase() }.run(in: folder, threads: 1)
      #expect(count.value == 17 && again.runs.allSatisfy { $0.failure == nil })
    }
  }

  @Test func meansAreThoseOfTheRuns() async throws {
    let results = try await withFolder { try await suite().run(in: $0, threads: 2) }
    let first = results.runs.prefix(4).compactMap { $0.metrics?["regret"] }
    let mean = first.reduce(0, +) / 4
    let error = (first.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 12).squareRoot()
    let summary = results.summaries[0]
    #expect(abs((summary.means["regret"]?.value ?? .nan) - mean) < 1e-12)
    #expect(abs((summary.means["regret"]?.standardError ?? .nan) - error) < 1e-12)
  }

  @Test func whatIsNoJournalIsNotTouched() async throws {
    try await withFolder { folder in
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let journal = folder.appendingPathComponent("runs.jsonl")
      let text = Data("my own notes\n".utf8)
      try text.write(to: journal)
      await #expect(throws: BenchmarkError.notAJournal(path: journal.relativePath)) { try await suite().run(in: folder) }
      #expect(try Data(contentsOf: journal) == text)
    }
  }

  @Test func namesMustDiffer() async throws {
    var suite = try suite()
    suite.grids.append(suite.grids[0])
    await #expect(throws: BenchmarkError.unusable("two grids are called \"noise\": name them apart")) {
      try await withFolder { try await suite.run(in: $0) }
    }
  }

  @Test func namesAreOneLine() async throws {
    var suite = try suite()
    suite.grids[0].name = "one\nset print"
    await #expect(throws: BenchmarkError.self) { try await withFolder { try await suite.run(in: $0) } }
  }

  /// Rows that a fit cannot have cost it all, and the benchmark nothing.
  @Test func aRowOfNoDensityIsAnExcessLossWithoutEnd() async throws {
    let suite = BenchmarkSuite(grids: [
      BenchmarkGrid(
        "box",
        generators: [try BenchmarkGenerator("linear", parameters: RecipeParameters(features: 1, experts: 2), rows: 100)],
        models: [BenchmarkModel("box") { _ in try Mixture("y ~ 1") { Block(1, BoxExpert()) } }], seeds: 1...1,
        unseenRows: 20_000)
    ])
    try await withFolder { folder in
      let results = try await suite.run(in: folder)
      #expect(results.runs[0].failure == nil, "\(results.runs[0].failure ?? "")")
      #expect(results.runs[0].metrics?["regret"] == .infinity)
      #expect(try await suite.run(in: folder).runs.map(\.seconds) == results.runs.map(\.seconds))
      #expect(try String(decoding: results.json, as: UTF8.self).contains("\"regret\" : \"∞\""))
      try results.figures[0].figure.write(to: folder.appendingPathComponent("box.svg"))
    }
  }

  @Test func parametersAreCheckedBeforeTheFirstRun() {
    #expect(throws: SyntheticDataError.self) {
      try BenchmarkGenerator("linear", parameters: RecipeParameters(experts: 0), rows: 100)
    }
    #expect(throws: ArgumentError.self) { try BenchmarkGenerator("linear", rows: -3) }
  }
}
