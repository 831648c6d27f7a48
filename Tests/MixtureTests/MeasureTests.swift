import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// An expert that knows no more than what its densities are relative to.
protocol BareExpert: IndependentModel {}

extension BareExpert {
  var statisticsCount: Int { 1 }
  var divergence: Double { 0 }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) { for i in tile.rows { scores[i] = -1 } }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) {}
}

/// A response and the experts that have densities of it.
@Suite struct MeasureTests {
  private struct CountExpert: BareExpert {
    static var measure: Measure { .counting }
  }

  private struct NumberExpert: BareExpert {
    static var measure: Measure { .lebesgue }
  }

  /// Explains two columns: a number and a count.
  private struct PairExpert: BareExpert {
    static var measure: Measure { .lebesgue }
    static func measures(of responses: [DataSummary.Response], for experts: [Self]) throws -> [Measure] {
      guard responses.count == 2 else { return [.lebesgue, .counting] }
      return try zip(responses, [Measure.lebesgue, .counting]).map { try $1.checked(on: $0, for: Self.self) }
    }
  }

  private func refusal(
    of blocks: [any AnyBlock], _ responses: [(column: ColumnSchema, values: [Double])], rowWeights: [Double]? = nil
  ) throws -> String {
    let rows = try Observations(features: [], responses: responses, rowWeights: rowWeights)
    let model = try MixtureModel(gate: DirichletGate(), blocks: blocks)
    do { _ = try model.fitBlocking(rows, from: .priors) } catch { return "\(error)" }
    return ""
  }

  @Test func valuesThatAreNoCountsAreNamed() throws {
    let counts = [Block(1, CountExpert())]
    #expect(try refusal(of: counts, [("y", [0, 3, 1])]) == "")
    let negative = try refusal(of: counts, [("y", [0, 3, -1, 0.5])])
    #expect(
      negative.hasPrefix(
        "row 3: y is -1, which is not a count, but a CountExpert explains counts 0, 1, 2, …: correct the row")
    )
    #expect(try refusal(of: counts, [("y", [0, 2.5, -1])]).hasPrefix("row 2: y is 2.5, which is not a count"))
    #expect(try refusal(of: counts, [("y", [0, 2.5, 1])], rowWeights: [1, 0, 1]) == "")
    #expect(try refusal(of: [Block(1, NumberExpert())], [("y", [0, 2.5, -1])]) == "")
  }

  @Test func categoriesAreNoNumbers() throws {
    let answer = ColumnSchema("answer", .category(levels: ["no", "yes"]))
    #expect(
      try refusal(of: [Block(1, NumberExpert())], [(answer, [0, 1, 1])])
        == "answer has the levels no and yes, but a NumberExpert explains numbers: give it a column of numbers, or take experts that "
        + "explain two levels, such as a BernoulliExpert (--family bernoulli)")
    #expect(try refusal(of: [Block(1, CountExpert())], [(answer, [0, 1, 1])]).contains("a CountExpert explains counts:"))
    #expect(
      try refusal(of: [Block(2, LinearExpert())], [(answer, [0, 1, 1])]).contains("a LinearExpert explains numbers:"))
    let many = ColumnSchema("g", .category(levels: (1...9).map { "level \($0)" }))
    #expect(
      try refusal(of: [Block(1, NumberExpert())], [(many, [0, 1, 8])]).hasPrefix(
        "g has the levels level 1, level 2, level 3, level 4, level 5 and 4 more, but"))
  }

  @Test func expertsOfDifferentMeasuresAreNamed() throws {
    let blocks: [any AnyBlock] = [Block(2, NumberExpert()), Block([CountExpert()], shared: Unshared(), named: "zeros")]
    #expect(
      try refusal(of: blocks, [("y", [0, 3, 1])])
        == "expert 1, a NumberExpert, has a density per unit of y, but expert zeros, a CountExpert, has probabilities of the values of y, "
        + "and the two cannot be compared: take experts that all have the one or the other")
  }

  @Test func theNumberOfResponsesIsThatOfTheExperts() throws {
    let two: [(column: ColumnSchema, values: [Double])] = [("a", [0.5, 3, 1]), ("b", [0, 3, 1])]
    #expect(try refusal(of: [Block(1, CountExpert())], [two[1], two[0]]) == "the experts have one response, not b and a")
    #expect(try refusal(of: [Block(1, PairExpert())], two) == "")
    #expect(try refusal(of: [Block(1, PairExpert())], [two[0]]) == "the experts have 2 responses, not a")
    #expect(try refusal(of: [Block(1, PairExpert())], [two[1], two[0]]).hasPrefix("row 1: a is 0.5"))
  }

  @Test func aMixtureSaysItsMeasures() throws {
    let rows = try Observations(features: [], responses: [("a", [0.5, 3, 1]), ("b", [0, 3, 1])])
    let model = try MixtureModel(gate: DirichletGate(), blocks: [Block(1, PairExpert())])
    #expect(try model.measures(of: DataSummary(rows)) == [.lebesgue, .counting])
    let fit = try model.fitBlocking(rows, from: .priors)
    #expect(try fit.mixture.measures(of: fit.data) == [.lebesgue, .counting])
  }
}
