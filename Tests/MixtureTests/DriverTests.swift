import Foundation
import Mixtures
import Synchronization
import Testing

@testable import Experts
@testable import MixtureCore

/// The driver: determinism, stopping, observers, cancellation, mixed blocks, and the replay that names a broken part.
@Suite struct DriverTests {
  private func options(passes: Int, tolerance: FitOptions.Tolerance = .absolute(0), threads: Int = 2) -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = tolerance
    options.threads = threads
    return options
  }

  private func model(experts: Int = 3, noise: LinearNoise = .shared) throws -> MixtureModel {
    try MixtureModel(gate: DirichletGate(), blocks: [Block(experts, LinearExpert(noise: noise))])
  }

  @Test(arguments: [2, 3, 5, 16])
  func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    // 50 tiles, the last one ragged; weights and groups among the rows.
    let truth = LinearTruth(rows: 18_777, features: 3, experts: 3, noise: 0.5, seed: 2)
    let rows = try truth.observations(weights: truth.response.indices.map { Double($0 % 3) })
    let one = try model().fitBlocking(rows, options: options(passes: 8, threads: 1))
    let many = try model().fitBlocking(rows, options: options(passes: 8, threads: threads))
    #expect(one.elboTrace == many.elboTrace)
    #expect(one.mixture.linear.experts == many.mixture.linear.experts)
    #expect(one.effectiveRows == many.effectiveRows)
    #expect(try one.mixture.responsibilities(rows) == many.mixture.responsibilities(rows))
  }

  @Test func reductionAddsEveryTileOnceInAFixedOrder() throws {
    for tiles in [1, 2, 3, 7, 255, 256, 257, 1000] {
      let sums = try (1...4).map { threads in
        try TileReduction(tileCount: tiles, sumCount: 2, threads: threads).run { _, tile, sums in
          sums[0] += 1
          sums[1] += 1 / Double(tile + 3)
        }
      }
      #expect(sums.allSatisfy { $0 == sums[0] })
      #expect(sums[0][0] == Double(tiles))
      #expect(isClose(sums[0][1], (0..<tiles).reduce(0) { $0 + 1 / Double($1 + 3) }, relative: 1e-14))
    }
  }

  @Test(arguments: [1, 4])
  func reductionThrowsTheEarliestFailure(threads: Int) {
    struct Failure: Error, Equatable { var tile: Int }
    #expect(throws: Failure(tile: 17)) {
      try TileReduction(tileCount: 100, sumCount: 1, threads: threads).run { _, tile, _ in
        if tile % 20 == 17 { throw Failure(tile: tile) }
      }
    }
  }

  @Test func stopsByRelativeToleranceAbsoluteToleranceOrLimit() throws {
    let rows = try LinearTruth(rows: 500, features: 2, experts: 3, noise: 0.5, seed: 2).observations()
    for tolerance in [FitOptions.Tolerance.relative(1e-6), .absolute(1e-3)] {
      var plain = options(passes: 500, tolerance: tolerance)
      plain.isAccelerated = false
      let fit = try model().fitBlocking(rows, options: plain)
      #expect(fit.stopReason == .converged)
      let changes = zip(fit.elboTrace, fit.elboTrace.dropFirst()).map { $1.inUnitsOfFit - $0.inUnitsOfFit }
      let threshold = if case .relative(let value) = tolerance { value * abs(fit.elbo.inUnitsOfFit) } else { 1e-3 }
      #expect(changes.last! <= threshold)
      #expect(changes.dropLast().allSatisfy { $0 > threshold })
    }
    for tolerance in [FitOptions.Tolerance.relative(0), .absolute(0)] {
      let fit = try model().fitBlocking(rows, options: options(passes: 333, tolerance: tolerance))
      #expect(fit.stopReason == .iterationLimit && fit.starts.contains { $0.iterations == 333 })
    }
  }

  @Test func observerSeesEveryPass() throws {
    let rows = try LinearTruth(rows: 500, features: 2, experts: 3, noise: 0.5, seed: 2).observations()
    let reports = Mutex<[IterationReport]>([])
    var options = options(passes: 5)
    options.starts = 2
    let fit = try model().fitBlocking(rows, from: .recipe(.random), options: options) { report in
      reports.withLock { $0.append(report) }
    }
    // Restarts run side by side; each keeps its order.
    let seen = [0, 1].flatMap { restart in reports.withLock { $0.filter { $0.start == restart } } }
    #expect(reports.withLock { $0.count } == 10)
    #expect(seen.map(\.iteration) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(seen.allSatisfy { $0.seconds > 0 && ($0.change == nil) == ($0.iteration == 1) })
    for restart in [0, 1] {
      // The change is from the last pass that was kept.
      var last: Double?
      for report in seen where report.start == restart {
        #expect(report.change == last.map { report.elbo.inUnitsOfFit - $0 })
        if report.step != .rejected { last = report.elbo.inUnitsOfFit }
      }
    }
    let best = fit.starts[0].elbo! >= fit.starts[1].elbo! ? 0 : 1
    #expect(fit.elboTrace == seen.filter { $0.start == best && $0.step != .rejected }.map(\.elbo))
    #expect(fit.elbo.terms.map(\.part) == ["responsibilities", "LinearExpert", "DirichletGate", "units"])
    #expect(fit.elbo.total == fit.elbo.terms.reduce(0) { $0 + $1.value })
  }

  /// Three stages, of which the best starts alone go on to the second; the last one over all rows, where there were too many for the others.
  @Test(arguments: [300, 25_000], [0, 1e-5])
  func reportsTellWhereTheSearchIs(rowCount: Int, tolerance: Double) throws {
    let rows = try LinearTruth(rows: rowCount, features: 1, experts: 3, noise: 1, seed: 2).observations()
    let reports = Mutex<[IterationReport]>([])
    var options = options(passes: 220, tolerance: .relative(tolerance))
    (options.starts, options.threads, options.isAccelerated) = (1, 1, false)
    let fit = try model().fitBlocking(rows, options: options) { report in reports.withLock { $0.append(report) } }
    let seen = reports.withLock { $0 }
    let first = try #require(seen.first?.search)
    let isSampled = rowCount > 20_000
    #expect(first.startCount == 5 && first.finishedCount == 0)
    #expect(first.stages.map(\.startCount) == [5, 1, 1])
    #expect(first.stages.map(\.iterations) == [0..<50, 50..<200, (isSampled ? 0 : 200)..<220])
    #expect(first.stages[2].tileCount == rows.tileCount)
    #expect(first.stages[0].tileCount == (isSampled ? (rows.tileCount + 1) / 2 : rows.tileCount))
    for (before, after) in zip(seen, seen.dropFirst()) {
      #expect(before.search.finishedCount <= after.search.finishedCount)
      #expect(before.search.stages.count >= after.search.stages.count)
    }
    for report in seen { #expect(report.search.stages[0].iterations.contains(report.iteration - 1)) }
    for count in 1...3 {
      let inStage = seen.filter { $0.search.stages.count == count }
      #expect(Set(inStage.map(\.start)).count == inStage.first?.search.stages[0].startCount ?? 0)
    }
    #expect(seen.contains { $0.isConverged } == (tolerance > 0))
    for (number, restart) in fit.starts.enumerated() where restart.stopReason == .converged {
      #expect(seen.last { $0.start == number }?.isConverged == true)
    }
    // The last start is still on its way when it reports.
    if tolerance == 0 { #expect(seen.last?.search.finishedCount == 4) }
  }

  @Test func cancellationEndsTheFit() async throws {
    let rows = try LinearTruth(rows: 2000, features: 2, experts: 3, noise: 0.5, seed: 2).observations()
    let model = try model()
    let options = options(passes: 1_000_000)
    let passes = Mutex(0)
    let task = Task {
      try model.fitBlocking(rows, from: .recipe(.random), options: options) { report in
        passes.withLock { $0 = report.iteration }
        if report.iteration == 3 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(passes.withLock { $0 } == 3)
  }

  @Test func mixedBlocksShareOneGate() throws {
    var truth = LinearTruth(rows: 1200, features: 1, experts: 2, noise: 0.2, seed: 6)
    var source = RandomSource(seed: 1)
    let scattered = Set(0..<200)
    for i in scattered { truth.response[i] = -10 + 20 * source.uniform() }
    let rows = try truth.observations()
    var mixed = options(passes: 300, tolerance: .relative(1e-10))
    mixed.starts = 10
    let fit = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block([UniformExpert(range: -10...10)]), Block(2, LinearExpert())]
    ).fitBlocking(rows, options: mixed)
    #expect(abs(fit.effectiveRows[0] - 200) < 40)
    let found = fit.mixture.experts(of: LinearExpert.self).map(\.coefficients.mean)
    for truth in truth.coefficients {
      #expect(found.contains { abs($0[0] - truth[0]) < 0.05 && abs($0[1] - truth[1]) < 0.05 })
    }
    #expect(fit.elbo.terms.map(\.part) == ["responsibilities", "UniformExpert", "LinearExpert", "DirichletGate", "units"])
    #expect(throws: MixtureError.self) { try fit.mixture.predict(rows) }
  }

  /// A gate that turns the experts' counts round.
  private struct ReversingGate: Gate {
    var weights: [Double]
    var expertCount: Int { weights.count }
    var statisticsCount: Int { weights.count }
    var divergence: Double { 0 }
    mutating func select(_ experts: [Int?]) {
      weights = Array(repeating: 1 / Double(experts.count), count: experts.count)
    }
    func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      for k in weights.indices { for i in tile.column(k) { scores[i] = log(weights[k]) } }
    }
    func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      expectedLogWeights(tile, into: &scores)
    }
    func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      for k in weights.indices { for i in tile.rows { statistics[k] += responsibilities[k * tile.capacity + i] } }
    }
    mutating func update(from statistics: Span<Double>, resum: Resum<ReversingGate>) {
      let total = weights.indices.reduce(0) { $0 + statistics[$1] }
      weights = weights.indices.map { (statistics[weights.count - 1 - $0] + 1) / (total + 2) }
    }
  }

  @Test func replayNamesTheBrokenExpert() throws {
    let rows = try LinearTruth(rows: 300, features: 1, experts: 2, noise: 0.5, seed: 2).observations()
    let mixture = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block(2, LinearExpert()), Block([OvershootingExpert()])])
    let error = #expect(throws: MixtureError.self) { try mixture.fitBlocking(rows, options: options(passes: 50)) }
    guard case .elboDecreased(let part, let pass, let from, let to, isRounding: false) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(part == "OvershootingExpert" && pass > 1 && to < from)
  }

  @Test func replayNamesTheBrokenGate() throws {
    // Unequal and well separated experts, so that turned weights hurt.
    var truth = LinearTruth(rows: 300, features: 1, experts: 2, noise: 0.1, seed: 2)
    let kept = truth.response.indices.filter { truth.labels[$0] == 0 || $0 < 40 }
    truth.features = truth.features.map { column in kept.map { column[$0] } }
    truth.response = kept.map { truth.response[$0] }
    let labels = kept.map { truth.labels[$0] }
    let mixture = try MixtureModel(gate: ReversingGate(weights: [0.5, 0.5]), blocks: [Block(2, LinearExpert())])
    let error = #expect(throws: MixtureError.self) {
      try mixture.fitBlocking(
        truth.observations(), from: .responsibilities(ResponsibilityTable(labels: labels, expertCount: 2)),
        options: options(passes: 50))
    }
    guard case .elboDecreased(let part, _, _, _, isRounding: false) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(part == "ReversingGate")
  }

  @Test func resumGivesTheTrialsStatisticsUnderFrozenResponsibilities() throws {
    let rows = try LinearTruth(rows: 700, features: 1, experts: 2, noise: 0.5, seed: 2).observations()
    let mixture = try MixtureModel(
      gate: DirichletGate(), blocks: [Block([AskingExpert(), AskingExpert(mean: 1)])])
    let fit = try mixture.fitBlocking(rows, options: options(passes: 20))
    #expect(fit.elboTrace.count == 20)
  }
}

/// Fits that are awaited, followed and cancelled.
@Suite struct AsynchronousFitTests {
  private let truth = LinearTruth(rows: 600, features: 2, experts: 3, noise: 0.5, seed: 3)

  private func model() throws -> MixtureModel {
    try MixtureModel(gate: DirichletGate(), blocks: [Block(3, LinearExpert())])
  }

  @Test func theSameBitsAsWithoutWaiting() async throws {
    let rows = try truth.observations()
    let model = try model()
    let synchronous = try { () throws -> Fit in try model.fitBlocking(rows) }()
    let awaited = try await model.fit(rows)
    #expect(awaited.elboTrace == synchronous.elboTrace && awaited.starts == synchronous.starts)
  }

  @Test func progressShowsThePassesAndEndsWithTheFit() async throws {
    var options = FitOptions()
    options.starts = 2
    let run = try model().startFit(truth.observations(), from: .recipe(.random), options: options)
    var passes = [0, 0]
    for await report in run.progress {
      passes[report.start] += 1
      #expect(report.iteration == passes[report.start])
    }
    let fit = try await run.value
    #expect(fit.starts.map(\.iterations) == passes && fit.starts.allSatisfy { (25...200).contains($0.warmUpIterations) })
  }

  @Test func aFitUnderWayCanBeCancelled() async throws {
    var options = FitOptions()
    options.tolerance = .absolute(0)
    options.maximumIterations = 1_000_000
    let run = try model().startFit(truth.observations(), options: options)
    for await report in run.progress where report.iteration >= 3 {
      run.cancel()
      break
    }
    await #expect(throws: CancellationError.self) { try await run.value }
    let other = try model().startFit(truth.observations(), options: options)
    let waiting = Task { try await other.value }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }
}
