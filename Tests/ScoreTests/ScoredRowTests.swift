import Foundation
import GSL
import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// Rows of tables, grouped rows, and what cannot be compared.
@Suite struct ScoredRowTests {
  private func fit(_ truth: Truth, _ formula: String, groups: String? = nil, experts: Int = 3) async throws -> FittedMixture
  {
    let model = try Mixture(formula, groups: groups) { Block(experts, LinearExpert()) }
    return try await model.fitQuickly(truth.data().table())
  }

  /// A table of rows says the same as the rows drawn, in memory or from a file, on any number of threads.
  @Test func tablesAreScoredAsRowsAre() async throws {
    let truth = try truth("linear+softmax", rows: 800)
    let fit = try await fit(truth, "y ~ x1 + x2")
    let drawn = try TruthScore(fit, truth: truth, rows: 7000, threads: 1)
    let later = try Truth(truth.unseenRows(7000))
    let table = try later.data().table()
    let read = try TruthScore(fit, truth: later, table: table, threads: 3)
    #expect(read.metrics.map(\.value) == drawn.metrics.map(\.value) && read.parameters == drawn.parameters)
    #expect(read.rows == "7000 rows of table" && drawn.rows == "7000 unseen rows" && drawn.rowCount == 7000)

    // Written with all digits, they are the same to the bit.
    let columns = try table.columnNames.map { try table.numbers($0) }
    let lines =
      [table.columnNames.joined(separator: ",")] + (0..<7000).map { i in columns.map { "\($0[i])" }.joined(separator: ",") }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("score-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    let copied = try TruthScore(fit, truth: later, table: Table(csv: file))
    #expect(copied.adjustedRandIndex == drawn.adjustedRandIndex && copied.logDensity == drawn.logDensity)

    // One digit is enough not to be sure of the assignments; the rest can be said of any rows.
    var changed = columns
    changed[1][6999] += 1e-9
    let other = try TruthScore(fit, truth: later, table: Table(zip(table.columnNames, changed).map { ($0, .numbers($1)) }))
    #expect(other.adjustedRandIndex == nil && other.bayesAdjustedRandIndex == nil && other.reasons(.assignments).count == 1)
    #expect(abs(other.logDensity!.excessLogLoss.mean - drawn.logDensity!.excessLogLoss.mean) < 1e-9)
    #expect(try TruthScore(fit, truth: truth, table: table).adjustedRandIndex == nil)
  }

  /// With four rows an assignment, log densities add within groups before the logarithm; a model that does not know of groups takes rows
  /// for independent, and pays for it.
  @Test func groupedRows() async throws {
    let base = try Recipe("linear").generator(RecipeParameters(noise: 4)) as! SyntheticMixture
    let truth = try Truth(SyntheticDataSet(SharedAssignments(base, rows: 4), rows: 800))
    let table = try truth.data().table()
    let grouped = try await exactMixture(base, formula: "y ~ x1 + x2", groups: "group").fitQuickly(table)
    let apart = try await exactMixture(base, formula: "y ~ x1 + x2").fitQuickly(table)
    let score = try TruthScore(grouped, truth: truth, rows: 8000)
    let other = try TruthScore(apart, truth: truth, rows: 8000)
    #expect(abs(score.logDensity!.excessLogLoss.mean) < 1e-9 && score.logDensity!.excessLogLoss.standardError < 1e-9)
    #expect(score.adjustedRandIndex == score.bayesAdjustedRandIndex)
    #expect(other.bayesAdjustedRandIndex == score.bayesAdjustedRandIndex)
    #expect(other.adjustedRandIndex! < score.adjustedRandIndex! - 0.1)
    let excess = other.logDensity!.excessLogLoss
    #expect(excess.mean > 10 * excess.standardError)
    // What the model without groups has is the mean over single rows, by the definition of the density.
    let plain = try Truth(SyntheticDataSet(base, rows: 800))
    let distributions = try apart.predict(truth.unseenRows(8000).table())
    let responses = try truth.unseenRows(8000).table().numbers("y")
    let mean = zip(distributions, responses).reduce(0) { $0 + $1.0.logDensity(at: $1.1) } / 8000
    #expect(abs(other.logDensity!.model.mean - mean) < 1e-10)
    #expect(plain.generator.rowsPerAssignment == 1)
    #expect(score.responseCoverage[0].count == 8000)
    #expect(abs(score.responseCoverage[0].standardError - 0.5 / 2000.0.squareRoot()) < 1e-12)
  }

  /// A model of groups of which the truth knows nothing is compared group by group.
  @Test func groupsOfTheModelAlone() async throws {
    let base = try Recipe("linear").generator() as! SyntheticMixture
    let truth = try Truth(SyntheticDataSet(base, rows: 600))
    let table = try truth.data().table()
    let groups = (0..<600).map { Double($0 % 200) }
    let with = try Table(["x1", "x2", "y"].map { ($0, .numbers(try table.numbers($0))) } + [("g", .numbers(groups))])
    let fit = try await exactMixture(base, formula: "y ~ x1 + x2", groups: "g").fitQuickly(with)
    let densities = try #require(TruthScore(fit, truth: truth, table: with).logDensity)
    #expect(densities.excessLogLoss.mean > 1)
    #expect(abs(densities.truth.mean - truth.bayes.logDensity.mean) < 1e-12)
    #expect(throws: DataError.self) { try TruthScore(fit, truth: truth) }
  }

  @Test func otherResponsesAreNotCompared() async throws {
    let truth = try truth("linear")
    let score = try await TruthScore(fit(truth, "x1 ~ y + x2"), truth: truth, rows: 500)
    let reason = "the fit explains x1, the truth y"
    #expect(score.logDensity == nil && score.responseCoverage.isEmpty && score.parameters.isEmpty)
    for part in [TruthScore.Omission.Part.parameters, .logDensity, .responseCoverage] {
      #expect(score.reasons(part) == [reason])
    }
    #expect(score.adjustedRandIndex != nil && score.experts.count == 3)
    let positive = try await TruthScore(fit(truth, "I(2 * y) ~ x1 + x2"), truth: truth, rows: 500)
    #expect(positive.logDensity == nil && positive.coefficientError == nil)
  }

  @Test func otherTermsAreComparedWhereTheyMeanTheSame() async throws {
    let truth = try truth("linear")
    func score(_ formula: String) async throws -> (names: Set<String>, reasons: [String]) {
      let score = try await TruthScore(fit(truth, formula), truth: truth, rows: 500)
      return (Set(score.parameters.map(\.name)), score.reasons(.parameters))
    }
    let square = try await score("y ~ x1 + x2 + I(x1^2) + x1:x2")
    #expect(square.names == ["(intercept)", "x1", "x2", "I(x1^2)", "x1:x2", "noise sd"] && square.reasons.isEmpty)
    let polynomial = try await score("y ~ poly(x1, 2) + x2")
    #expect(polynomial.names == ["x2", "noise sd"])
    #expect(polynomial.reasons.contains("x1: the fit has no such parameter"))
    #expect(
      polynomial.reasons.contains(
        "(intercept): its meaning depends on x1, which the fit does not have as a term"))
    let curve = try SyntheticMixture(
      features: NormalFeatures(2), weights: ConstantWeights([1]),
      experts: [PolynomialResponse(coefficients: [1, 2, 3], noise: NormalNoise(standardDeviation: 1))])
    let line = try await TruthScore(
      fit(Truth(SyntheticDataSet(curve, rows: 100)), "y ~ x1 + x2", experts: 1),
      truth: Truth(SyntheticDataSet(curve, rows: 100)))
    #expect(line.parameters.map(\.name) == ["x2", "noise sd"] && line.reasons(.parameters).count == 3)
    let fewer = try await score("y ~ x2 - 1")
    #expect(fewer.names == ["x2", "noise sd"] && fewer.reasons.count == 2)
    let offset = try await score("y ~ x1 + offset(x2)")
    #expect(offset.names.isEmpty && offset.reasons == ["the fit has an offset, which the truth does not know"])
  }

  @Test func badRowsAreErrors() async throws {
    let truth = try truth("linear", rows: 300)
    let fit = try await fit(truth, "y ~ x1 + x2")
    func message(_ columns: [(String, Table.Column)], _ truth: Truth) -> String {
      let error = #expect(throws: DataError.self) { try TruthScore(fit, truth: truth, table: Table(columns)) }
      return error?.description ?? ""
    }
    #expect(message([("x1", .numbers([1])), ("y", .numbers([1]))], truth).contains("no column \"x2\"; there are x1, y"))
    let words = Table.Column.categories(levels: ["a"], codes: [0])
    #expect(message([("x1", .numbers([1])), ("x2", words), ("y", .numbers([1]))], truth).contains("x2"))
    #expect(message([("x1", .numbers([])), ("x2", .numbers([])), ("y", .numbers([]))], truth).contains("no rows"))
    let grouped = try Truth(SyntheticDataSet(SharedAssignments(truth.generator, rows: 2), rows: 300))
    let column = Table.Column.numbers([1, 2, 3])
    #expect(
      message([("x1", column), ("x2", column), ("y", column), ("group", .numbers([0, 0, 1]))], grouped)
        == "table, row 3: its group has 1 rows, but under the truth 2 share an assignment; give whole groups")
    #expect(throws: ArgumentError.self) { try TruthScore(fit, truth: truth, rows: 0) }
    #expect(throws: ArgumentError.self) { try TruthScore(fit, truth: truth, rows: -3) }
  }
}
