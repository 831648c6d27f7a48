import Foundation
import MixtureTestKit
import Mixtures
import Testing

/// Responses with numbers of trials, by an expert that reads them.
@Suite struct BinomialExpertTests {
  private let labels: [Int]
  private let trials: [Double]
  private let successes: [Double]

  init() {
    var source = RandomSource(seed: 8)
    labels = (0..<100).map { _ in source.integer(below: 2) }
    trials = labels.map { _ in Double(12 + source.integer(below: 20)) }
    var successes: [Double] = []
    for (label, n) in zip(labels, trials) {
      successes.append(Double(source.binomial(trials: Int(n), probability: label == 0 ? 0.15 : 0.7)))
    }
    self.successes = successes
  }

  private func rows() throws -> Observations {
    try Observations(features: [], responses: [("y", successes)], trials: ["y": trials])
  }

  private func subject() throws -> ModelSubject<BinomialExpert> {
    ModelSubject(
      Block(2, try BinomialExpert()), rows: try rows(), labels: labels,
      drawParameters: { block, source in
        var divergence = 0.0
        var probabilities: [Double] = []
        for expert in block.experts {
          let p = expert.posterior.sample(using: &source)
          // Beta(2, 3) has the density 12 p (1 − p)².
          divergence += expert.posterior.logDensity(at: p) - log(12 * p[0] * p[1] * p[1])
          probabilities.append(p[0])
        }
        return ParameterDraw(divergence: divergence) { [probabilities] k, tile in
          tile.rows.map { binomialLogProbability(tile.response[$0], tile.trials?[$0] ?? 1, probabilities[k]) }
        }
      },
      variations: (0..<2).map { j in
        Variation("concentration \(j)", isUpdatedLast: true) { block, step in
          var concentration = block.experts[0].posterior.concentration
          concentration[j] *= 1 + step
          block.experts[0].posterior = try Dirichlet(concentration: concentration)
        }
      })
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test(arguments: PredictiveLaw.allCases)
  func predicts(law: PredictiveLaw) throws { law.check(try PredictiveSubject(predicting: subject())) }

  private func refusal(
    _ responses: [(column: ColumnSchema, values: [Double])], trials: [String: [Double]], rowWeights: [Double]? = nil,
    experts: any AnyBlock
  ) -> String {
    do {
      let rows = try Observations(features: [], responses: responses, trials: trials, rowWeights: rowWeights)
      _ = try MixtureModel(gate: DirichletGate(), blocks: [experts]).fitBlocking(rows, from: .priors)
    } catch { return "\(error)" }
    return ""
  }

  @Test func valuesThatAreNoTrialsAreNamed() throws {
    let expert = Block(1, try BinomialExpert())
    func refusal(_ trials: [Double], rowWeights: [Double]? = nil) -> String {
      self.refusal([("y", [1, 2, 3])], trials: ["y": trials], rowWeights: rowWeights, experts: expert)
    }
    #expect(refusal([1, 5, 3]) == "")
    #expect(
      refusal([4, 1, 2])
        == "row 2: the number of successes, y, is more than the number of trials, 1: correct the row or leave it out")
    #expect(
      refusal([4, 2.5, 2])
        == "row 2: the number of trials of y is 2.5, which is not a count: correct the row or leave it out")
    #expect(refusal([-4, 2, 3]).hasPrefix("row 1: the number of trials of y is -4, which is not a count"))
    // A row of weight zero may be one that no expert can have.
    #expect(refusal([4, 1, 3], rowWeights: [1, 0, 1]) == "")
    #expect(refusal([4, .nan, 3]) == "trials of y, row 2: nan is not a finite number")
    #expect(refusal([4, 3]) == "2 trials of y for 3 rows")
    #expect(
      self.refusal([("y", [1, 2])], trials: ["z": [1, 2]], experts: expert) == "there are trials of z, which is no response"
    )
    #expect(
      self.refusal([("y", [1, 2.5])], trials: ["y": [3, 3]], experts: expert).hasPrefix(
        "row 2: y is 2.5, which is not a count"))
  }

  @Test func expertsThatKnowNoTrialsRefuseThem() throws {
    let message =
      "LinearExpert does not know numbers of trials, but each row of y has one: leave the trials out (--trials, cbind), or "
      + "take experts that explain successes among trials, such as a BinomialExpert (--family binomial)"
    #expect(refusal([("y", [1, 2, 3])], trials: ["y": [4, 4, 4]], experts: Block(1, LinearExpert())) == message)
    let linear = try MixtureModel(gate: DirichletGate(), blocks: [Block(1, LinearExpert())]).fitBlocking(
      Observations(features: [], responses: [("y", successes)]))
    #expect(throws: MixtureError.self) { try linear.mixture.predict(rows()) }
    #expect(throws: MixtureError.self) { try linear.mixture.responsibilities(rows()) }
  }

  /// Tiles carry them, for rows in groups too, and the summary knows their sum.
  @Test func trialsGoWithTheirRows() throws {
    let rows = try Observations(
      features: [], responses: [("a", [1, 2, 3, 4]), ("b", [0, 1, 0, 1])], trials: ["b": [5, 6, 7, 8]],
      rowWeights: [1, 1, 2, 2], groups: [0, 0, 1, 1])
    #expect(rows.shape.responses == ["a", ResponseColumn("b", hasTrials: true)])
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    #expect(tile.trials == nil && tile.trials(ofResponse: 1)?.prefix(4) == [5, 6, 7, 8])
    #expect(tile.trials(ofResponse: 1)?.dropFirst(4).allSatisfy { $0 == 0 } == true)
    let data = try DataSummary(rows)
    #expect(data.responses.map(\.schema) == rows.shape.responses)
    #expect(data.responses[0].trials == nil && data.responses[1].trials?.total == 41)
  }

  @Test func schemasOfResponsesAreReadBack() throws {
    for column in ["y", ResponseColumn(ColumnSchema("n", .count), hasTrials: true)] {
      #expect(try JSONDecoder().decode(ResponseColumn.self, from: JSONEncoder().encode(column)) == column)
    }
    #expect(try JSONDecoder().decode(ResponseColumn.self, from: Data(#"{"name": "y"}"#.utf8)) == "y")
  }
}
