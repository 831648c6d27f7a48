import Foundation
import Mixtures
import Testing

@testable import MixtureDiagnostics

/// What is held fixed, and what is said of it.
@Suite struct HeldColumnTests {
  private let table: Table

  init() throws { table = try SmallFits.table() }

  private func poisson(_ formula: String = "count ~ place + dose + offset(log(hours)) | code") async throws -> FittedMixture
  {
    try await SmallFits.fit(formula, table, gate: SoftmaxGate()) { Block(2, PoissonExpert()) }
  }

  /// Only what the figure depends on is told.
  @Test func figuresSayWhatIsHeld() async throws {
    let fit = try await poisson()
    #expect(try Figure.regression(fit, on: table).says("held fixed: place = north, hours = 2.5"))
    #expect(try Figure.predictive(fit, on: table).says("held fixed: place = north, code = 16.7, hours = 2.5"))
    #expect(try !Figure.gate(fit, on: table).script.text.contains("held fixed"))
    let alone = try await SmallFits.fit("length ~ dose", table) { Block(1, LinearExpert()) }
    #expect(try !Figure.regression(alone, on: table).script.text.contains("held fixed"))
  }

  /// Curves are those of rows with the values that were asked for.
  @Test func valuesAreYours() async throws {
    let fit = try await poisson()
    let held = ["place": "south", "hours": "3.125", "code": "20"]
    let figure = try Figure.predictive(fit, on: table, at: held)
    #expect(figure.says("held fixed: place = south, code = 20, hours = 3.125"))
    let line = try figure.numbers("$lines")[100]
    let row = try fit.predict(
      Table([
        ("dose", .numbers([line[0]])), ("hours", .numbers([3.125])), ("code", .numbers([20])),
        ("place", .categories(levels: ["south"], codes: [0])),
      ]))
    #expect(line[1] == row[0].mean && Array(line[4...]) == row[0].weights)
  }

  @Test(arguments: [
    ("dose", "3", "the figure is drawn over it"), ("code", "10", "the figure depends on place, hours"),
    ("count", "3", "the figure depends on place, hours"), ("nothing", "3", "the figure depends on place, hours"),
    ("place", "west", "\"west\" is none of its levels, north, south"), ("hours", "long", "\"long\" is no number"),
    ("hours", "inf", "\"inf\" is no number"),
  ])
  func whatCannotBeHeldIsRefused(name: String, value: String, reason: String) async throws {
    let fit = try await poisson()
    #expect(throws: FigureError.notHeld(name, reason: reason)) { try Figure.regression(fit, on: table, at: [name: value]) }
  }

  @Test func trialsCanBeHeld() async throws {
    let fit = try await SmallFits.fit("cbind(successes, total - successes) ~ dose", table) { Block(1, BinomialExpert()) }
    #expect(try Figure.predictive(fit, on: table, at: ["total": "50"]).says("95 % of 50 trials"))
    for count in ["0", "2.5"] {
      #expect(
        throws: FigureError.notHeld("total", reason: "there would be \(count) trials, which are counted from 1 on")
      ) {
        try Figure.predictive(fit, on: table, at: ["total": count])
      }
    }
  }

  /// Levels that are numbers are so by value.
  @Test func levelsMayBeNumbers() async throws {
    let fit = try await SmallFits.fit("length ~ dose + factor(code)", table) { Block(1, LinearExpert()) }
    let lines = try ["10", "10.0", "20"].map { try Figure.regression(fit, on: table, at: ["code": $0]).numbers("$lines") }
    #expect(lines[0] == lines[1] && lines[0] != lines[2])
  }

  /// Many columns take a few lines.
  @Test func theNoteIsNotLong() async throws {
    let names = (0..<60).map { "a rather long name \($0)" }
    let rows = 0..<200
    let columns = names.enumerated().map { k, name in
      (name, Table.Column.numbers(rows.map { sin(Double((k + 1) * $0)) }))
    }
    let table = try Table(columns + [("y", .numbers(rows.map { Double($0 % 7) }))])
    let fit = try await SmallFits.fit("y ~ .", table) { Block(1, LinearExpert()) }
    let lines = try HeldColumns(
      fit, table, over: [names[0]], beside: names, showsResponse: true, at: [:]
    ).lines
    let told = lines.joined().matches(of: #/name \d+ = /#).count
    #expect(lines.count == 3 && lines.allSatisfy { $0.count < 130 } && lines[2].hasSuffix(", and \(59 - told) more"))
  }
}
