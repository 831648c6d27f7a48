import Foundation
import Testing

@testable import MixtureCore
@testable import MixturesCommand

/// The text of the progress line, from reports and times that are made up.
@Suite struct FitProgressTests {
  private static let stages = [
    SearchState.Stage(startCount: 8, passes: 0..<50, tileCount: 10),
    SearchState.Stage(startCount: 4, passes: 50..<200, tileCount: 10),
    SearchState.Stage(startCount: 2, passes: 200..<1000, tileCount: 10),
  ]

  /// Pass `pass` of a run whose bound comes closer to `limit` by a factor of `rate` in each.
  private func report(
    _ pass: Int, rate: Double = 0.5, limit: Double = -1000, restart: Int = 0, search: SearchState
  ) throws -> PassReport {
    let gap = pow(rate, Double(pass))
    let change = pass > 1 ? gap / rate - gap : nil
    return PassReport(
      restart: restart, search: search, pass: pass, step: .plain, bound: try bound(limit - gap), change: change, seconds: 0)
  }

  private func bound(_ total: Double) throws -> Bound {
    let text = #"{"terms": [{"part": "responsibilities", "value": \#(total)}], "rounding": 0}"#
    return try JSONDecoder().decode(Bound.self, from: Data(text.utf8))
  }

  private func alone(_ passes: Range<Int> = 0..<1000) -> SearchState {
    SearchState(
      startCount: 1, finishedCount: 0, stages: [SearchState.Stage(startCount: 1, passes: passes, tileCount: 10)])
  }

  /// The changes halve: 0.5^(p − 1) − 0.5^p ≤ 1e-10 · 1000 first at p = 24, and ten passes a second were made.
  @Test func timeFollowsFromTheDecayOfTheChanges() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    for pass in 1...14 {
      try progress.note(report(pass, search: alone()), at: .milliseconds(100 * pass))
    }
    #expect(progress.line(width: 200) == "pass 14, best bound -1000.000061, 10 passes/s, about 1 s left")
    var slow = FitProgress(tolerance: .absolute(1e-7))
    for pass in 1...14 { try slow.note(report(pass, search: alone()), at: .seconds(60 * pass)) }
    #expect(slow.line(width: 200) == "pass 14, best bound -1000.000061, 0.017 passes/s, about 10 min left")
  }

  @Test func beforeAnythingIsKnownThereIsTheLimit() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    try progress.note(report(1, search: alone()), at: .zero)
    #expect(progress.line(width: 200) == "pass 1, best bound -1000.500000")
    try progress.note(report(2, search: alone()), at: .seconds(1))
    #expect(progress.line(width: 200).hasSuffix(", 1.8 passes/s, at most 10 min left"))
    // Runs without a tolerance go to their limit.
    var endless = FitProgress(tolerance: .relative(0))
    for pass in 1...20 { try endless.note(report(pass, search: alone(0..<30)), at: .seconds(pass)) }
    #expect(endless.line(width: 200).hasSuffix("at most 10 s left"))
  }

  @Test func startsAheadAreLikeThoseBehind() throws {
    var progress = FitProgress(tolerance: .absolute(1e-30))
    var search = SearchState(startCount: 8, finishedCount: 0, stages: Self.stages)
    // The first ends after 49 passes, the second would after 100.
    var time = 0
    for (restart, rate) in [(0, pow(1e-30, 1 / 49.0)), (1, pow(1e-30, 1 / 100.0))] {
      for pass in 1...40 {
        time += 1
        var report = try report(pass, rate: rate, restart: restart, search: search)
        report.isConverged = restart == 0 && pass == 40
        progress.note(report, at: .milliseconds(10 * time))
      }
      search.finishedCount = 1
    }
    // Ten passes of the second, six starts of 45 on the mean; then four of 25, for half of them have ended; then none.
    let line = progress.line(width: 200)
    #expect(line.hasPrefix("1 of 8 starts, best bound -1000.000000, 100 passes/s"), "\(line)")
    #expect(line.hasSuffix("about 4 s left"), "\(line)")
  }

  /// The bound of a subsample is not that of all rows; rates follow what happened of late.
  @Test func theBestBoundIsOfTheRowsAtHand() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    try progress.note(report(5, limit: -10, search: alone()), at: .seconds(1))
    try progress.note(report(5, limit: -20, search: alone()), at: .seconds(2))
    #expect(progress.line(width: 200).contains("best bound -10.031250"))
    var all = alone()
    all.stages[0].tileCount = 100
    try progress.note(report(6, limit: -100, search: all), at: .seconds(3))
    #expect(progress.line(width: 200).contains("best bound -100.015625"))
    for second in 4...60 { try progress.note(report(7, limit: -100, search: all), at: .seconds(3 + 4 * second)) }
    #expect(progress.line(width: 200).contains("0.25 passes/s"))
  }

  @Test func theLineIsNarrowerThanTheTerminal() throws {
    var progress = FitProgress(tolerance: .relative(1e-10))
    #expect(progress.line(width: 80).isEmpty)
    try progress.note(report(1, search: alone()), at: .zero)
    #expect(progress.line(width: 12) == "pass 1, bes")
    #expect(progress.line(width: 0).isEmpty)
  }

  @Test(arguments: [
    ([:], true), (["NO_COLOR": ""], true), (["NO_COLOR": "1"], false), (["NO_COLOR": "0"], false),
  ])
  func colourIsForWhoeverWantsIt(environment: [String: String], allowed: Bool) {
    #expect(Console.allowsColour(environment) == allowed)
  }
}
