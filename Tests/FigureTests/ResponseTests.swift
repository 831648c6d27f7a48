import Foundation
import Mixtures
import Testing

@testable import MixtureDiagnostics

/// How responses are shown beside what is predicted, and responsibilities.
@Suite struct ResponseTests {
  private let table: Table

  init() throws { table = try SmallFits.table() }

  /// Counts are 2 or 40 an hour, so at the mean of the hours, 2.5, they are 5 and 100.
  @Test func countsAreThoseOfTheHeldExposure() async throws {
    let fit = try await SmallFits.fit("count ~ dose + offset(log(hours))", table) { Block(2, PoissonExpert()) }
    for figure in try [Figure.regression(fit, on: table), .predictive(fit, on: table)] {
      let shown = try figure.numbers("$points").map { $0[1] }
      #expect(zip(shown, 0..<60).allSatisfy { abs($0 - ($1 % 2 == 0 ? 5 : 100)) < 1e-9 })
      #expect(figure.says("count at the held offset"))
    }
    // An offset of the column itself is drawn, not held.
    let own = try await SmallFits.fit("count ~ hours + offset(log(hours))", table) { Block(2, PoissonExpert()) }
    let shown = try Figure.regression(own, on: table)
    #expect(try shown.numbers("$points").map { $0[1] } == table.numbers("count") && !shown.says("count at the held offset"))
  }

  @Test func realNumbersAreMovedBySums() async throws {
    let fit = try await SmallFits.fit("length ~ dose + offset(hours)", table) { Block(2, LinearExpert()) }
    let shown = try Figure.regression(fit, on: table, at: ["hours": "10"]).numbers("$points").map { $0[1] }
    let expected = zip(try table.numbers("length"), try table.numbers("hours")).map { $0 - $1 + 10 }
    #expect(zip(shown, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// The odds of 1 to 4 are doubled where the offset is more by ln 2.
  @Test func oddsAreMultiplied() async throws {
    let rows = 0..<40
    let table = try Table([
      ("x", .numbers(rows.map { Double($0 % 9) })), ("e", .numbers(rows.map { $0 % 2 == 0 ? 0 : log(2) })),
      ("s", .numbers(rows.map { $0 % 4 < 2 ? 1 : 0 })), ("n", .numbers(rows.map { _ in 5 })),
    ])
    let fit = try await SmallFits.fit("s ~ x + offset(e)", table, trials: "n") { Block(1, BinomialExpert()) }
    let figure = try Figure.regression(fit, on: table, at: ["e": "0"])
    let shown = try figure.numbers("$points").map { $0[1] }
    let expected = rows.map { $0 % 4 == 0 ? 1.0 / 5 : $0 % 4 == 1 ? 1.0 / 9 : 0 }
    #expect(
      zip(shown, expected).allSatisfy { abs($0 - $1) < 1e-12 } && figure.says("share of s among trials at the held offset"))
  }

  /// A yes is called by its name; zeros and ones have none.
  @Test func probabilitiesHaveNames() async throws {
    let yea = try await SmallFits.fit("answer ~ dose", table) { Block(1, BernoulliExpert()) }
    #expect(try Figure.regression(yea, on: table).says("P(yea)") && Figure.predictive(yea, on: table).says("P(yea)"))
    let rows = 0..<40
    let bits = try Table([("x", .numbers(rows.map { Double($0 % 9) })), ("y", .numbers(rows.map { Double($0 / 3 % 2) }))])
    let one = try await SmallFits.fit("y ~ x", bits) { Block(1, BernoulliExpert()) }
    #expect(try Figure.predictive(one, on: bits).says("probability of y"))
  }

  /// Small shares fill the picture.
  @Test func theAxisOfSharesEndsWhereTheyDo() async throws {
    let rows = 0..<40
    let table = try Table([
      ("x", .numbers(rows.map { Double($0 % 9) })), ("s", .numbers(rows.map { Double($0 % 4) })),
      ("n", .numbers(rows.map { _ in 100 })),
    ])
    let fit = try await SmallFits.fit("s ~ x", table, trials: "n") { Block(1, BinomialExpert()) }
    let lines = try Figure.predictive(fit, on: table).numbers("$lines")
    let top = max(0.03, lines.map { $0[3] }.max()!)
    #expect(try Figure.predictive(fit, on: table).script.text.contains("set yrange [\(-0.03 * top):\(1.03 * top)]"))
  }

  /// Groups are counted once, and what is left out is told.
  @Test func rootogramsCountAssignments() async throws {
    for groups in [nil, "pair"] {
      let fit = try await SmallFits.fit("length ~ dose + hours", table, groups: groups) { Block(2, LinearExpert()) }
      let shares = try fit.mixture.responsibilities(fit.observations(table))
      #expect(shares.count == (groups == nil ? 60 : 30))
      let figure = try Figure.responsibilities(fit, on: table)
      let unit = groups == nil ? "rows" : "groups"
      for k in 0..<2 {
        let few = shares.count { $0[k] < 1e-4 }
        let drawn = try figure.numbers("$counts").reduce(0) { $0 + $1[k + 1] * $1[k + 1] }
        #expect(abs(drawn - Double(shares.count - few)) < 1e-9)
        #expect(figure.says("without \(few) of \(shares.count) \(unit) below 0.0001") == (few > 0))
      }
      #expect(figure.says("√ \(unit)"))
    }
  }
}
