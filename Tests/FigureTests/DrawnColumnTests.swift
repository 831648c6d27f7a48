import Foundation
import Mixtures
import Testing

@testable import MixtureDiagnostics

/// Which columns figures are drawn over, and how.
@Suite struct DrawnColumnTests {
  private let table: Table

  init() throws { table = try SmallFits.table() }

  /// Neither the response, trials, offsets and groups, nor what stands beside them in the table.
  @Test func onlyTermsAreDrawnOver() async throws {
    let fit = try await SmallFits.fit(
      "count ~ place + log(dose) + offset(log(hours)) | week", table, groups: "pair", gate: SoftmaxGate()
    ) { Block(2, PoissonExpert()) }
    func known(_ body: () throws -> Figure) throws -> [String] {
      do { _ = try body() } catch FigureError.noFeature(_, let known) { return known }
      return []
    }
    for column in ["count", "hours", "pair", "code", "total", "nothing", ""] {
      #expect(try known { try .regression(fit, on: table, along: column) } == ["place", "dose"])
      #expect(try known { try .predictive(fit, on: table, along: column) } == ["place", "dose", "week"])
      #expect(try known { try .gate(fit, on: table, over: [column]) } == ["week"])
    }
    #expect(try known { try .gate(fit, on: table, over: ["week", "week"]) } == ["week"])
    // Numbers are first.
    #expect(try Figure.regression(fit, on: table).says("dose"))
    #expect(try Figure.gate(fit, on: table).says("week"))
    for column in ["place", "dose", "week"] { #expect(try Figure.predictive(fit, on: table, along: column).says(column)) }
  }

  @Test func defaultsFollowTheFormula() async throws {
    func over(_ formula: String) async throws -> [String] {
      let fit = try await SmallFits.fit(formula, table, gate: formula.contains("|") ? SoftmaxGate() : nil) {
        Block(2, LinearExpert())
      }
      return try ["place", "code", "dose", "hours"].filter {
        try Figure.regression(fit, on: table).script.text.contains("set xlabel \"\($0)\" noenhanced")
      }
    }
    #expect(try await over("length ~ place:hours + dose") == ["hours"])
    #expect(try await over("length ~ factor(code) + dose") == ["dose"])
    #expect(try await over("length ~ factor(code) + place") == ["code"])
    #expect(try await over("length ~ . - dose - count - pair - successes - total - answer - week") == ["hours"])
    #expect(try await over("length ~ 1 | dose") == ["dose"])
    await #expect(throws: FigureError.noFeature("", known: [])) { try await over("length ~ 1") }
  }

  /// Trials are held, even if they are a term.
  @Test func trialsAreHeld() async throws {
    let fits = [
      try await SmallFits.fit("cbind(successes, total - successes) ~ place", table) { Block(2, BinomialExpert()) },
      try await SmallFits.fit("successes ~ place + total", table, trials: "total") { Block(2, BinomialExpert()) },
    ]
    for (fit, held) in zip(fits, ["5 trials", "total = 5, 5 trials"]) {
      for column in ["total", "successes"] {
        #expect(throws: FigureError.noFeature(column, known: ["place"])) {
          try Figure.regression(fit, on: table, along: column)
        }
      }
      for figure in try [Figure.regression(fit, on: table), .predictive(fit, on: table)] {
        #expect(figure.says("place") && figure.says("held fixed: \(held)"))
      }
      #expect(try Figure.gate(fit, on: table).says("place"))
    }
  }

  /// Means and bounds of levels are those of rows with these levels; one that no row has is not drawn.
  @Test(arguments: ["place", "code"]) func levelsAreSideBySide(name: String) async throws {
    let term = name == "code" ? "factor(code)" : name
    let fit = try await SmallFits.fit("count ~ \(term) + hours", table) { Block(2, PoissonExpert()) }
    let hours = try table.numbers("hours").reduce(0, +) / 60
    let levels: Table.Column =
      name == "code" ? .numbers([10, 20]) : .categories(levels: ["south", "north"], codes: [1, 0])
    let rows = try fit.predict(Table([("hours", .numbers([hours, hours])), (name, levels)]))
    let figure = try Figure.regression(fit, on: table, along: name)
    let lines = try figure.numbers("$lines")
    #expect(lines.map { $0[0] } == [0, 1])
    for (line, row) in zip(lines, rows) {
      let expected = try row.components.flatMap { expert -> [Double] in
        let interval = try MixtureDistribution(weights: [1], components: [expert]).interval(0.95)
        return [expert.mean, interval.lowerBound, interval.upperBound]
      }
      #expect(Array(line.dropFirst()) == expected)
    }
    let predicted = try Figure.predictive(fit, on: table, along: name).numbers("$lines")
    #expect(
      try predicted.map { Array($0[1...3]) }
        == rows.map { [$0.mean, try $0.interval(0.95).lowerBound, try $0.interval(0.95).upperBound] })
    #expect(predicted.map { Array($0[4...]) } == rows.map(\.weights))
    // Each point is in the room of its level, and no two rows are at one place.
    let codes = name == "code" ? try table.numbers("code").map { $0 / 10 - 1 } : (0..<60).map { $0 % 5 == 0 ? 1 : 0 }
    let points = try figure.numbers("$points")
    #expect(zip(points, codes).allSatisfy { abs($0[0] - $1) < 0.5 } && Set(points.map { $0[0] }).count == 60)
    // A point is beside the expert that is responsible for it.
    #expect(zip(points, codes).allSatisfy { ($0[0] > $1) == ($0[4] > 0.5) || abs($0[4] - 0.5) < 0.35 })
  }

  /// What formulas take for a category somewhere is one everywhere, and numbers remain numbers to other terms.
  @Test func aColumnMayBeBoth() async throws {
    let fit = try await SmallFits.fit("length ~ log(code) + hours | factor(code)", table, gate: SoftmaxGate()) {
      Block(2, LinearExpert())
    }
    #expect(try Figure.regression(fit, on: table, along: "code").numbers("$lines").count == 2)
    #expect(try Figure.regression(fit, on: table, along: "hours").says("held fixed: code = 20"))
    #expect(try Figure.gate(fit, on: table).numbers("$weights").count == 2)
  }

  /// Grids end where logarithms do.
  @Test func gridsStayWhereFunctionsHaveValues() async throws {
    let rows = 0..<40
    let table = try Table([
      ("x", .numbers(rows.map { 0.001 + Double($0 % 8) })), ("z", .numbers(rows.map { Double($0 / 8) })),
      ("y", .numbers(rows.map { Double($0 % 2 == 0 ? $0 : -$0) })),
    ])
    let fit = try await SmallFits.fit("y ~ log(x) + z", table, gate: SoftmaxGate()) { Block(2, LinearExpert()) }
    let weights = try Figure.gate(fit, on: table, over: ["x", "z"]).numbers("$weights")
    #expect(weights.count == 121 * 121 && weights.map { $0[0] }.min() == 0.001 && weights.map { $0[1] }.max() == 4)
    #expect(try Figure.gate(fit, on: table, over: ["z"]).numbers("$weights").map { $0[0] }.min()! < 0)
    #expect(try Figure.predictive(fit, on: table).numbers("$lines")[0][0] == 0.001)
  }
}
