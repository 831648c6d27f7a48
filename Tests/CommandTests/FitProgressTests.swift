import Foundation
import Testing

@testable import MixtureCore
@testable import MixturesCommand

/// The text of the progress line, from reports and times that are made up.
@Suite struct FitProgressTests {
  private static let stages = [
    SearchState.Stage(startCount: 8, iterations: 0..<50, tileCount: 10),
    SearchState.Stage(startCount: 4, iterations: 50..<200, tileCount: 10),
    SearchState.Stage(startCount: 2, iterations: 200..<1000, tileCount: 10),
  ]

  /// Iteration `iteration` of a start whose ELBO comes closer to `limit` by a factor of `rate` in each.
  private func report(
    _ iteration: Int, rate: Double = 0.5, limit: Double = -1000, start: Int = 0, search: SearchState
  ) throws -> IterationReport {
    let gap = pow(rate, Double(iteration))
    let change = iteration > 1 ? gap / rate - gap : nil
    return IterationReport(
      start: start, search: search, iteration: iteration, step: .plain, elbo: try elbo(limit - gap), change: change,
      seconds: 0)
  }

  private func elbo(_ total: Double) throws -> ELBO {
    let text = #"{"terms": [{"part": "responsibilities", "value": \#(total)}], "rounding": 0}"#
    return try JSONDecoder().decode(ELBO.self, from: Data(text.utf8))
  }

  private func alone(_ iterations: Range<Int> = 0..<1000) -> SearchState {
    SearchState(
      startCount: 1, finishedCount: 0, stages: [SearchState.Stage(startCount: 1, iterations: iterations, tileCount: 10)])
  }

  /// The changes halve: 0.5^(p − 1) − 0.5^p ≤ 1e-10 · 1000 first at p = 24, and ten iterations a second were made.
  @Test func timeFollowsFromTheDecayOfTheChanges() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    for iteration in 1...14 {
      try progress.note(report(iteration, search: alone()), at: .milliseconds(100 * iteration))
    }
    #expect(progress.line(width: 200) == "iteration 14, best ELBO -1000.000061, 10 iterations/s, about 1 s left")
    var slow = FitProgress(tolerance: .absolute(1e-7))
    for iteration in 1...14 { try slow.note(report(iteration, search: alone()), at: .seconds(60 * iteration)) }
    #expect(slow.line(width: 200) == "iteration 14, best ELBO -1000.000061, 0.017 iterations/s, about 10 min left")
  }

  @Test func beforeAnythingIsKnownThereIsTheLimit() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    try progress.note(report(1, search: alone()), at: .zero)
    #expect(progress.line(width: 200) == "iteration 1, best ELBO -1000.500000")
    try progress.note(report(2, search: alone()), at: .seconds(1))
    #expect(progress.line(width: 200).hasSuffix(", 1.8 iterations/s, at most 10 min left"))
    // Runs without a tolerance go to their limit.
    var endless = FitProgress(tolerance: .relative(0))
    for iteration in 1...20 { try endless.note(report(iteration, search: alone(0..<30)), at: .seconds(iteration)) }
    #expect(endless.line(width: 200).hasSuffix("at most 10 s left"))
  }

  @Test func startsAheadAreLikeThoseBehind() throws {
    var progress = FitProgress(tolerance: .absolute(1e-30))
    var search = SearchState(startCount: 8, finishedCount: 0, stages: Self.stages)
    // The first ends after 49 iterations, the second would after 100.
    var time = 0
    for (restart, rate) in [(0, pow(1e-30, 1 / 49.0)), (1, pow(1e-30, 1 / 100.0))] {
      for iteration in 1...40 {
        time += 1
        var report = try report(iteration, rate: rate, start: restart, search: search)
        report.isConverged = restart == 0 && iteration == 40
        progress.note(report, at: .milliseconds(10 * time))
      }
      search.finishedCount = 1
    }
    // Ten iterations of the second, six starts of 45 on the mean; then four of 25, for half of them have ended; then none.
    let line = progress.line(width: 200)
    #expect(line.hasPrefix("1 of 8 starts, best ELBO -1000.000000, 100 iterations/s"), "\(line)")
    #expect(line.hasSuffix("about 4 s left"), "\(line)")
  }

  /// The ELBO of a subsample is not that of all rows; rates follow what happened of late.
  @Test func theBestBoundIsOfTheRowsAtHand() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    try progress.note(report(5, limit: -10, search: alone()), at: .seconds(1))
    try progress.note(report(5, limit: -20, search: alone()), at: .seconds(2))
    #expect(progress.line(width: 200).contains("best ELBO -10.031250"))
    var all = alone()
    all.stages[0].tileCount = 100
    try progress.note(report(6, limit: -100, search: all), at: .seconds(3))
    #expect(progress.line(width: 200).contains("best ELBO -100.015625"))
    for second in 4...60 { try progress.note(report(7, limit: -100, search: all), at: .seconds(3 + 4 * second)) }
    #expect(progress.line(width: 200).contains("0.25 iterations/s"))
  }

  @Test func theLineIsNarrowerThanTheTerminal() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    #expect(progress.line(width: 80).isEmpty)
    try progress.note(report(1, search: alone()), at: .zero)
    #expect(progress.line(width: 16) == "iteration 1, be")
    #expect(progress.line(width: 0).isEmpty)
  }

  @Test(arguments: [
    ([:], true), (["NO_COLOR": ""], true), (["NO_COLOR": "1"], false), (["NO_COLOR": "0"], false),
  ])
  func colourIsForWhoeverWantsIt(environment: [String: String], allowed: Bool) {
    #expect(Console.allowsColour(environment) == allowed)
  }
}
