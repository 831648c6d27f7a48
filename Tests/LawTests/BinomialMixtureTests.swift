import Foundation
import Mixtures
import Testing

/// A probability of the second of two levels, for a response of categories by name.
private struct LevelExpert: IndependentModel, Predictive {
  var expert: BinomialExpert

  init() throws { expert = try BinomialExpert() }

  static var measure: Measure { .counting }
  static func measures(of responses: [DataSummary.Response], for experts: [Self]) throws -> [Measure] {
    guard responses[0].levels?.count == 2 else { throw DataError("\(responses[0].name) must have two levels") }
    return [.counting]
  }
  var statisticsCount: Int { expert.statisticsCount }
  var divergence: Double { expert.divergence }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expert.expectedLogLikelihood(tile, into: &scores)
  }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    expert.accumulate(tile, weighedBy: responsibilities, into: &statistics)
  }
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    try expert.update(from: statistics, resum: Resum { _ in [] })
  }
  func predictive(_ tile: Tile) -> [BetaBinomial] { expert.predictive(tile) }
  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    expert.logLikelihoodAtMean(tile, into: &scores)
  }
}

/// Numbers of trials and categories from the columns of a table to predictions.
@Suite struct BinomialMixtureTests {
  private let table: Table

  init() throws {
    var source = RandomSource(seed: 3)
    let trials = (0..<60).map { _ in Double(10 + source.integer(below: 10)) }
    var dead: [Double] = []
    for (i, n) in trials.enumerated() {
      dead.append(Double(source.binomial(trials: Int(n), probability: i < 25 ? 0.1 : 0.8)))
    }
    table = try Table([
      ("dead", .numbers(dead)), ("alive", .numbers(zip(trials, dead).map(-))), ("n", .numbers(trials)),
      ("g", .numbers((0..<60).map { Double($0 % 30) })),
    ])
  }

  private func mixture(_ formula: String, trials: String? = nil, groups: String? = nil) throws -> Mixture {
    try Mixture(formula, trials: trials, groups: groups) { Block(2, try BinomialExpert()) }
  }

  private func file() -> URL { FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json") }

  @Test func aFormulaAndAColumnSayTheSame() async throws {
    let fit = try await mixture("cbind(dead, alive) ~ 1").fit(table, seed: 1)
    let other = try await mixture("dead ~ 1", trials: "n").fit(table, seed: 1)
    #expect(fit.elboTrace == other.elboTrace && fit.data == other.data)
    #expect(fit.data.responses.map(\.schema) == [ResponseColumn("dead", hasTrials: true)])
    let probabilities = try ["1", "2"].map { try fit.expert($0, as: BinomialExpert.self).posterior.mean[0] }.sorted()
    #expect(abs(probabilities[0] - 0.1) < 0.05 && abs(probabilities[1] - 0.8) < 0.05)
    #expect(try fit.response(table) == table.numbers("dead"))
    #expect("\(other.design)" == "dead ~ 1, trials n" && other.model.trials == "n")
  }

  /// New rows have as many trials as the table says, which must be there.
  @Test func predictionsAreOfAsManyTrials() async throws {
    let fit = try await mixture("cbind(dead, alive) ~ 1").fit(table, seed: 1)
    #expect(throws: DataError.self) { try fit.predict(Table([("x", .numbers([1]))])) }
    let one = try fit.predict(Table([("dead", .numbers([0])), ("alive", .numbers([1]))]))[0].mean
    let ten = try fit.predict(Table([("dead", .numbers([4])), ("alive", .numbers([6]))]))[0].mean
    #expect(abs(ten - 10 * one) < 1e-12 && one > 0 && one < 1)
    let named = try await mixture("dead ~ 1", trials: "n").fit(table, seed: 1)
    #expect(try named.predict(Table([("n", .numbers([10]))]))[0].mean == ten)
    #expect(throws: DataError("table: no column \"n\"; there are dead")) {
      try named.observations(Table([("dead", .numbers([1]))]))
    }
  }

  @Test func aFileKeepsTrials() async throws {
    try PartRegistry.register(BinomialExpert.self)
    for mixture in try [mixture("cbind(dead, alive) ~ 1"), mixture("dead ~ 1", trials: "n")] {
      let (fit, url) = (try await mixture.fit(table, seed: 1), file())
      defer { try? FileManager.default.removeItem(at: url) }
      try fit.write(to: url)
      let read = try FittedMixture(contentsOf: url)
      #expect(read.design == fit.design && read.data == fit.data)
      #expect(try read.responsibilities(table) == fit.responsibilities(table))
      // A file in which design and data disagree.
      var text = try String(contentsOf: url, encoding: .utf8)
      text = text.replacing("cbind(dead, alive)", with: "dead").replacing("\"trials\":\"n\",", with: "")
        .replacing("\"trials\" : \"n\",", with: "")
      try text.write(to: url, atomically: true, encoding: .utf8)
      let error = #expect(throws: (any Error).self) { try FittedMixture(contentsOf: url) }
      #expect("\(try #require(error))".contains("numbers of trials beside the response"), "\(String(describing: error))")
    }
  }

  /// The row that is named is that of the table, also where groups put rows next to one another.
  @Test func rowsAreNamedAsInTheTable() async throws {
    var trials = try table.numbers("n")
    trials[40] = 1
    let wrong = try Table([
      ("dead", .numbers(try table.numbers("dead"))), ("n", .numbers(trials)), ("g", .numbers(try table.numbers("g"))),
    ])
    let message =
      "table, row 41: the number of successes, dead, is more than the number of trials, 1: correct the row or leave it out"
    await #expect(throws: DataError(message)) { try await mixture("dead ~ 1", trials: "n").fit(wrong) }
    await #expect(throws: DataError(message)) { try await mixture("dead ~ 1", trials: "n", groups: "g").fit(wrong) }
    #expect(throws: DataError(message)) { try mixture("dead ~ 1", trials: "n").fitBlocking(wrong) }
  }

  @Test func trialsAreSaidOnce() async throws {
    await #expect(throws: MixtureError.self) { try await mixture("cbind(dead, alive) ~ 1", trials: "n").fit(table) }
    await #expect(throws: MixtureError.self) { try await mixture("mvbind(dead, alive) ~ 1", trials: "n").fit(table) }
    // The dot does not stand for them.
    let design = try Design(Formula("dead ~ ."), for: table, trials: "n")
    #expect(design.featureNames == ["alive", "g"])
    #expect(try mixture("dead ~ 1", trials: "n").columns(of: table) == ["dead", "n"])
  }

  private let answers = Table.Column.categories(levels: ["no", "maybe", "yes"], codes: (0..<60).map { $0 < 22 ? 0 : 2 })

  /// A response of text keeps its levels, without those that no row has, and new rows are read by them.
  @Test func categoriesByName() async throws {
    let table = try Table([("answer", answers), ("n", .numbers((0..<60).map(Double.init)))])
    try PartRegistry.register(LevelExpert.self)
    let fit = try await Mixture("answer ~ 1") { Block(1, try LevelExpert()) }.fit(table)
    #expect(fit.data.responses[0].levels == ["no", "yes"])
    #expect(try fit.response(table) == (0..<60).map { $0 < 22 ? 0 : 1 })
    // Beta(2, 3) and 38 of 60.
    #expect(try abs(fit.predict(table)[0].mean - 40.0 / 65) < 1e-12)
    let url = file()
    defer { try? FileManager.default.removeItem(at: url) }
    try fit.write(to: url)
    let read = try FittedMixture(contentsOf: url)
    #expect(read.design == fit.design)
    let other = try Table([("answer", .categories(levels: ["yes", "no"], codes: [0, 1, 0]))])
    #expect(try read.response(other) == [1, 0, 1])
    #expect(throws: DataError("table, row 2, column \"answer\": \"perhaps\" is none of the levels of the fit, no, yes")) {
      try read.response(Table([("answer", .categories(levels: ["no", "perhaps"], codes: [0, 1]))]))
    }
  }

  @Test func expertsOfNumbersRefuseCategories() async throws {
    let table = try Table([("answer", answers)])
    await #expect(
      throws: DataError(
        "answer has the levels no and yes, but a LinearExpert explains numbers: give it a column of numbers, or take experts that explain "
          + "two levels, such as a BernoulliExpert (--family bernoulli)")
    ) { try await Mixture("answer ~ 1") { Block(2, LinearExpert()) }.fit(table) }
    #expect(throws: DataError("column answer, row 2: 2.0 is not the number of a level")) {
      try Observations(
        features: [], responses: [(ColumnSchema("answer", .category(levels: ["no", "yes"])), [1, 2])])
    }
  }
}
