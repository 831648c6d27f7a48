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
    options.restarts = 1
    options.maximumPasses = passes
    options.tolerance = tolerance
    options.threads = threads
    return options
  }

  private func model(experts: Int = 3, noise: LinearNoise = .shared) throws -> GatedExperts {
    try GatedExperts(gate: DirichletGate(), blocks: [Experts(experts, LinearExpert(noise: noise))])
  }

  @Test(arguments: [2, 3, 5, 16])
  func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    // 50 tiles, the last one ragged; weights and groups among the rows.
    let truth = LinearTruth(rows: 18_777, features: 3, experts: 3, noise: 0.5, seed: 2)
    let rows = try truth.observations(weights: truth.response.indices.map { Double($0 % 3) })
    let one = try model().fit(rows, options: options(passes: 8, threads: 1))
    let many = try model().fit(rows, options: options(passes: 8, threads: threads))
    #expect(one.bounds == many.bounds)
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
      let fit = try model().fit(rows, options: plain)
      #expect(fit.stopReason == .converged)
      let changes = zip(fit.bounds, fit.bounds.dropFirst()).map { $1.inUnitsOfFit - $0.inUnitsOfFit }
      let threshold = if case .relative(let value) = tolerance { value * abs(fit.bound.inUnitsOfFit) } else { 1e-3 }
      #expect(changes.last! <= threshold)
      #expect(changes.dropLast().allSatisfy { $0 > threshold })
    }
    for tolerance in [FitOptions.Tolerance.relative(0), .absolute(0)] {
      let fit = try model().fit(rows, options: options(passes: 333, tolerance: tolerance))
      #expect(fit.stopReason == .passLimit && fit.restarts.contains { $0.passes == 333 })
    }
  }

  @Test func observerSeesEveryPass() throws {
    let rows = try LinearTruth(rows: 500, features: 2, experts: 3, noise: 0.5, seed: 2).observations()
    let reports = Mutex<[PassReport]>([])
    var options = options(passes: 5)
    options.restarts = 2
    let fit = try model().fit(rows, from: .recipe(.random), options: options) { report in
      reports.withLock { $0.append(report) }
    }
    // Restarts run side by side; each keeps its order.
    let seen = [0, 1].flatMap { restart in reports.withLock { $0.filter { $0.restart == restart } } }
    #expect(reports.withLock { $0.count } == 10)
    #expect(seen.map(\.pass) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(seen.allSatisfy { $0.seconds > 0 && ($0.change == nil) == ($0.pass == 1) })
    for restart in [0, 1] {
      // The change is from the last pass that was kept.
      var last: Double?
      for report in seen where report.restart == restart {
        #expect(report.change == last.map { report.bound.inUnitsOfFit - $0 })
        if report.step != .rejected { last = report.bound.inUnitsOfFit }
      }
    }
    let best = fit.restarts[0].bound! >= fit.restarts[1].bound! ? 0 : 1
    #expect(fit.bounds == seen.filter { $0.restart == best && $0.step != .rejected }.map(\.bound))
    #expect(fit.bound.terms.map(\.part) == ["responsibilities", "LinearExpert", "DirichletGate", "units"])
    #expect(fit.bound.total == fit.bound.terms.reduce(0) { $0 + $1.value })
  }

  /// Three stages, of which the best starts alone go on to the second; the last one over all rows, where there were too many for the others.
  @Test(arguments: [300, 25_000], [0, 1e-5])
  func reportsTellWhereTheSearchIs(rowCount: Int, tolerance: Double) throws {
    let rows = try LinearTruth(rows: rowCount, features: 1, experts: 3, noise: 1, seed: 2).observations()
    let reports = Mutex<[PassReport]>([])
    var options = options(passes: 220, tolerance: .relative(tolerance))
    (options.restarts, options.threads, options.isAccelerated) = (1, 1, false)
    let fit = try model().fit(rows, options: options) { report in reports.withLock { $0.append(report) } }
    let seen = reports.withLock { $0 }
    let first = try #require(seen.first?.search)
    let isSampled = rowCount > 20_000
    #expect(first.startCount == 5 && first.finishedCount == 0)
    #expect(first.stages.map(\.startCount) == [5, 1, 1])
    #expect(first.stages.map(\.passes) == [0..<50, 50..<200, (isSampled ? 0 : 200)..<220])
    #expect(first.stages[2].tileCount == rows.tileCount)
    #expect(first.stages[0].tileCount == (isSampled ? (rows.tileCount + 1) / 2 : rows.tileCount))
    for (before, after) in zip(seen, seen.dropFirst()) {
      #expect(before.search.finishedCount <= after.search.finishedCount)
      #expect(before.search.stages.count >= after.search.stages.count)
    }
    for report in seen { #expect(report.search.stages[0].passes.contains(report.pass - 1)) }
    for count in 1...3 {
      let inStage = seen.filter { $0.search.stages.count == count }
      #expect(Set(inStage.map(\.restart)).count == inStage.first?.search.stages[0].startCount ?? 0)
    }
    #expect(seen.contains { $0.isConverged } == (tolerance > 0))
    for (number, restart) in fit.restarts.enumerated() where restart.stopReason == .converged {
      #expect(seen.last { $0.restart == number }?.isConverged == true)
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
      try model.fit(rows, from: .recipe(.random), options: options) { report in
        passes.withLock { $0 = report.pass }
        if report.pass == 3 { withUnsafeCurrentTask { $0?.cancel() } }
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
    mixed.restarts = 10
    let fit = try GatedExperts(
      gate: DirichletGate(),
      blocks: [Experts([UniformExpert(range: -10...10)]), Experts(2, LinearExpert())]
    ).fit(rows, options: mixed)
    #expect(abs(fit.effectiveRows[0] - 200) < 40)
    let found = fit.mixture.experts(of: LinearExpert.self).map(\.coefficients.mean)
    for truth in truth.coefficients {
      #expect(found.contains { abs($0[0] - truth[0]) < 0.05 && abs($0[1] - truth[1]) < 0.05 })
    }
    #expect(fit.bound.terms.map(\.part) == ["responsibilities", "UniformExpert", "LinearExpert", "DirichletGate", "units"])
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
    func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      for k in weights.indices { for i in tile.rows { statistics[k] += responsibilities[k * tile.capacity + i] } }
    }
    mutating func update(_ statistics: Span<Double>, resum: Resum<ReversingGate>) {
      let total = weights.indices.reduce(0) { $0 + statistics[$1] }
      weights = weights.indices.map { (statistics[weights.count - 1 - $0] + 1) / (total + 2) }
    }
  }

  @Test func replayNamesTheBrokenExpert() throws {
    let rows = try LinearTruth(rows: 300, features: 1, experts: 2, noise: 0.5, seed: 2).observations()
    let mixture = try GatedExperts(
      gate: DirichletGate(),
      blocks: [Experts(2, LinearExpert()), Experts([OvershootingExpert()])])
    let error = #expect(throws: MixtureError.self) { try mixture.fit(rows, options: options(passes: 50)) }
    guard case .boundDecreased(let part, let pass, let from, let to, isRounding: false) = error else {
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
    let mixture = try GatedExperts(gate: ReversingGate(weights: [0.5, 0.5]), blocks: [Experts(2, LinearExpert())])
    let error = #expect(throws: MixtureError.self) {
      try mixture.fit(
        truth.observations(), from: .responsibilities(ResponsibilityTable(labels: labels, expertCount: 2)),
        options: options(passes: 50))
    }
    guard case .boundDecreased(let part, _, _, _, isRounding: false) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(part == "ReversingGate")
  }

  @Test func resumGivesTheTrialsStatisticsUnderFrozenResponsibilities() throws {
    let rows = try LinearTruth(rows: 700, features: 1, experts: 2, noise: 0.5, seed: 2).observations()
    let mixture = try GatedExperts(
      gate: DirichletGate(), blocks: [Experts([AskingExpert(), AskingExpert(mean: 1)])])
    let fit = try mixture.fit(rows, options: options(passes: 20))
    #expect(fit.bounds.count == 20)
  }
}

/// Fits that are awaited, followed and cancelled.
@Suite struct AsynchronousFitTests {
  private let truth = LinearTruth(rows: 600, features: 2, experts: 3, noise: 0.5, seed: 3)

  private func model() throws -> GatedExperts {
    try GatedExperts(gate: DirichletGate(), blocks: [Experts(3, LinearExpert())])
  }

  @Test func theSameBitsAsWithoutWaiting() async throws {
    let rows = try truth.observations()
    let model = try model()
    let synchronous = try { () throws -> Fit in try model.fit(rows) }()
    let awaited = try await model.fit(rows)
    #expect(awaited.bounds == synchronous.bounds && awaited.restarts == synchronous.restarts)
  }

  @Test func progressShowsThePassesAndEndsWithTheFit() async throws {
    var options = FitOptions()
    options.restarts = 2
    let run = try model().startFit(truth.observations(), from: .recipe(.random), options: options)
    var passes = [0, 0]
    for await report in run.progress {
      passes[report.restart] += 1
      #expect(report.pass == passes[report.restart])
    }
    let fit = try await run.value
    #expect(fit.restarts.map(\.passes) == passes && fit.restarts.allSatisfy { (25...200).contains($0.warmUpPasses) })
  }

  @Test func aFitUnderWayCanBeCancelled() async throws {
    var options = FitOptions()
    options.tolerance = .absolute(0)
    options.maximumPasses = 1_000_000
    let run = try model().startFit(truth.observations(), options: options)
    for await report in run.progress where report.pass >= 3 {
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
