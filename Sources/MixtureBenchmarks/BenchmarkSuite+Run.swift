import Foundation
import MixtureCore
import MixtureData

/// How far a benchmark is.
public struct BenchmarkProgress: Sendable {
  /// The number of runs of the suite.
  public let total: Int
  /// How many are done, those of earlier times included.
  public let done: Int
  /// How many of them were done before.
  public let resumed: Int
  /// The seconds since this time began.
  public let seconds: Double

  /// The seconds that are left, if runs go on as fast as before; nil as long as none has ended.
  public var secondsLeft: Double? { done > resumed ? seconds * Double(total - done) / Double(done - resumed) : nil }
}

extension BenchmarkSuite {
  /// Makes all runs that are not done yet, several side by side, each on one thread, and gives the results of all.
  ///
  /// Each run is written to `runs.jsonl` in the folder as it ends, so that whoever was stopped goes on with the others. A run is
  /// taken for done if it did not fail, and grid, generator, model, their definitions and the seed are the same. Numbers do not depend on
  /// the order of runs; times do.
  ///
  /// - Parameters:
  ///   - folder: where the runs are kept; made if it is not there.
  ///   - threads: how many runs are made at a time.
  ///   - observer: called at the beginning and after each run.
  /// - Throws: ``BenchmarkError`` for two runs of one name, a name of several lines, or a folder that cannot be used, `CancellationError`
  ///   if the task is cancelled. What goes wrong within a run is kept with it.
  public func run(
    in folder: URL, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    observer: (@Sendable (BenchmarkProgress) -> Void)? = nil
  ) async throws -> BenchmarkResults {
    try validate()
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw FileError.unwritable(path: folder.relativePath, reason: "the folder cannot be made: \(systemReason(error))")
    }
    let journal = try BenchmarkJournal(folder.appendingPathComponent("runs.jsonl"))
    let work = work
    var done = Dictionary(journal.runs.lazy.filter { $0.failure == nil }.map { ($0.cell, $0) }, uniquingKeysWith: { $1 })
    let waiting = work.filter { done[$0.cell] == nil }
    let (resumed, began) = (work.count - waiting.count, ContinuousClock.now)
    func note(_ count: Int) {
      observer?(
        BenchmarkProgress(
          total: work.count, done: resumed + count, resumed: resumed, seconds: (.now - began) / .seconds(1)))
    }
    note(0)
    try await withThrowingTaskGroup(of: BenchmarkRun.self) { group in
      var next = waiting.makeIterator()
      for _ in 0..<max(1, threads) { if let first = next.next() { group.addTask { try await first.run() } } }
      var count = 0
      while let run = try await group.next() {
        try journal.append(run)
        done[run.cell] = run
        count += 1
        note(count)
        if let another = next.next() { group.addTask { try await another.run() } }
      }
    }
    return BenchmarkResults(runs: work.compactMap { done[$0.cell] })
  }

  private struct Work: Sendable {
    let grid: BenchmarkGrid
    let generator: BenchmarkGenerator
    let model: BenchmarkModel
    let cell: BenchmarkCell

    func run() async throws -> BenchmarkRun { try await BenchmarkRun(cell, grid, generator, model) }
  }

  private var work: [Work] {
    grids.flatMap { grid in
      grid.generators.flatMap { generator in
        grid.models.flatMap { model in
          grid.seeds.map { seed in
            Work(
              grid: grid, generator: generator, model: model, cell: BenchmarkCell(grid, generator, model, seed: seed))
          }
        }
      }
    }
  }

  private func validate() throws {
    func check(_ names: [String], _ what: String) throws {
      if let name = names.first(where: { $0.contains(where: \.isNewline) }) {
        throw BenchmarkError.unusable("a name among the \(what) is more than a line: \(name.debugDescription)")
      }
      if let twice = names.firstRepeated {
        throw BenchmarkError.unusable("two \(what) are called \"\(twice)\": name them apart")
      }
    }
    try check(grids.map(\.name), "grids")
    for grid in grids {
      try check(grid.generators.map(\.name), "generators of \"\(grid.name)\"")
      try check(grid.models.map(\.name), "models of \"\(grid.name)\"")
    }
    if work.isEmpty { throw BenchmarkError.unusable("a suite without runs: give grids with generators, models and seeds") }
  }
}
