import Foundation
import GSL
import Mixtures
import Testing

@testable import MixtureCore

/// A block that sees part of the columns is, to the bit, the block of rows that have no others.
@Suite struct RowViewTests {
  private let count = 1200
  private let first: [Double]
  private let second: [Double]
  private let response: [Double]
  private let counts: [Double]
  private let offset: [Double]
  private let weights: [Double]

  init() {
    var random = RandomSource(seed: 7)
    func numbers(_ number: Int) -> [Double] { (0..<number).map { _ in 4 * random.uniform() - 2 } }
    first = numbers(count)
    second = numbers(count).map { 1000 * $0 }
    let noise = numbers(count)
    let x = first
    response = x.indices.map { ($0 % 2 == 0 ? 1 + 2 * x[$0] : -3 - x[$0]) + 0.2 * noise[$0] }
    counts = x.indices.map { Double($0 % 5 + ($0 % 2 == 0 ? 3 : 0)) }
    offset = numbers(count)
    weights = x.indices.map { 1 + Double($0 % 3) }
  }

  private func rows(
    _ features: [(ColumnSchema, [Double])], counts isCounted: Bool = false, grouped: Bool = false, hasOffset: Bool = true
  ) throws -> Observations {
    try Observations(
      features: features, gateFeatures: [("g", (0..<count).map { Double($0 / 4 % 7) })],
      responses: [("y", isCounted ? counts : response)],
      offset: hasOffset ? offset : nil, rowWeights: grouped ? (0..<count).map { weights[$0 / 4] } : weights,
      groups: grouped ? (0..<count).map { $0 / 4 } : nil)
  }

  private func start(grouped: Bool) throws -> Start {
    .responsibilities(try ResponsibilityTable(labels: (0..<(grouped ? count / 4 : count)).map { $0 % 2 }, expertCount: 2))
  }

  private enum Case: CaseIterable { case normal, student, poisson, background }

  private func experts(_ kind: Case, _ view: RowView?) -> [any AnyBlock] {
    func block<Model: LocalModel>(_ expert: Model, _ count: Int = 2) -> [any AnyBlock] {
      [view.map { Block(count, expert).seeing($0) } ?? Block(count, expert)]
    }
    switch kind {
    case .normal: return block(LinearExpert(noise: .perExpert))
    case .student: return block(StudentExpert())
    case .poisson: return block(PoissonExpert())
    case .background: return block(BackgroundExpert(), 1) + block(LinearExpert(), 1)
    }
  }

  @Test(arguments: Case.allCases, [false, true])
  private func theOtherColumnsMakeNoDifference(kind: Case, grouped: Bool) throws {
    let own = [("a", first)] as [(ColumnSchema, [Double])]
    let all = [("b", second), ("a", first), ("c", second.reversed())] as [(ColumnSchema, [Double])]
    let hasOffset = kind != .background
    let (few, many) = (
      try rows(own, counts: kind == .poisson, grouped: grouped, hasOffset: hasOffset),
      try rows(all, counts: kind == .poisson, grouped: grouped, hasOffset: hasOffset)
    )
    let (gate, start) = try (SoftmaxGate(), start(grouped: grouped))
    let known = try MixtureModel(gate: gate, blocks: experts(kind, nil)).fitBlocking(few, from: start)
    let seen = try MixtureModel(gate: gate, blocks: experts(kind, RowView(features: [1])))
      .fitBlocking(many, from: start)
    #expect(known.elboTrace == seen.elboTrace)
    let (knownMixture, seenMixture) = (known.mixture, seen.mixture)
    let parameters = knownMixture.blocks[0].parameters(for: known.data)
    #expect(parameters == seenMixture.blocks[0].parameters(for: seen.data))
    #expect(try knownMixture.responsibilities(few) == seenMixture.responsibilities(many))
    #expect(try knownMixture.logLikelihood(few) == seenMixture.logLikelihood(many))
    #expect(try knownMixture.logPredictiveDensities(few) == seenMixture.logPredictiveDensities(many))
    let (ofKnown, ofSeen) = (try knownMixture.predict(few), try seenMixture.predict(many))
    #expect(zip(ofKnown, ofSeen).allSatisfy { $0.mean == $1.mean })
    #expect(ofKnown.count == count && ofSeen.count == count)
    PartRegistry.registerBuiltInParts()
    let copy = try JSONDecoder().decode(MixtureModel.self, from: JSONEncoder().encode(seenMixture))
    #expect(try copy.logPredictiveDensities(many) == seenMixture.logPredictiveDensities(many))
  }

  /// At the maximum of the likelihood, not to see a feature is to have its slope fixed at zero.
  @Test func whatIsNotSeenHasNoSlope() throws {
    let rows = try rows([("a", first), ("b", second)])
    let (line, start) = (LinearExpert(estimate: .maximumLikelihood, noise: .perExpert), try start(grouped: false))
    let seeing = try MixtureModel(gate: DirichletGate(estimate: .maximumLikelihood)) {
      Block(1, line, named: "of both")
      Block(1, line, named: "of one").seeing(RowView(features: [0]))
    }.fitBlocking(rows, from: start)
    var ofOne = Block(1, line, named: "of one")
    ofOne.fix("b", ofExpert: 0, at: 0)
    let fixed = try MixtureModel(gate: DirichletGate(estimate: .maximumLikelihood)) {
      Block(1, line, named: "of both")
      ofOne
    }.fitBlocking(rows, from: start)
    let (a, b) = (try seeing.mixture.logLikelihood(rows), try fixed.mixture.logLikelihood(rows))
    #expect(abs(a - b) < 1e-6 * abs(b), "\(a) \(b)")
    let names = seeing.mixture.blocks.map { $0.parameters(for: seeing.data)[0].map(\.name) }
    #expect(names[0].contains("b") && !names[1].contains("b") && names[1].contains("a"), "\(names)")
  }

  @Test func aSummarySeenIsTheSummaryOfWhatIsSeen() throws {
    let all = try Observations(
      features: [("b", second), ("a", first)],
      responses: [("y", response), ("n", counts), ("s", counts)], trials: ["s": counts.map { $0 + 2 }], offset: offset,
      rowWeights: weights)
    for view in [
      RowView(features: [1]), RowView(features: [1, 0], responses: [1]), RowView(features: [], responses: [0, 2]),
    ] {
      let columns = [("b", second), ("a", first)] as [(ColumnSchema, [Double])]
      let responses = [("y", response), ("n", counts), ("s", counts)] as [(ColumnSchema, [Double])]
      let seen = try DataSummary(all).seen(through: view)
      let alone = try DataSummary(
        Observations(
          features: (view.features ?? [0, 1]).map { columns[$0] }, gateFeatures: [],
          responses: (view.responses ?? [0, 1, 2]).map { responses[$0] },
          trials: view.responses?.contains(2) == false ? [:] : ["s": counts.map { $0 + 2 }],
          offset: view.responses?.first == 1 ? nil : offset, rowWeights: weights))
      #expect(seen.features == alone.features)
      #expect(seen.responses == alone.responses)
      #expect(seen.explained == alone.explained)
      #expect(seen.quartiles == alone.quartiles)
      let (a, b) = (seen.covariance.elements, alone.covariance.elements)
      #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) }, "\(a) \(b)")
      #expect(seen.gateFeatures == alone.gateFeatures)
      try seen.validate()
    }
  }

  @Test func aTileShowsItsRowsAnewEachTime() throws {
    let rows = try Observations(
      features: [("b", second), ("a", first)], responses: [("y", response), ("s", counts)],
      trials: ["s": counts.map { $0 + 2 }], rowWeights: weights)
    let tile = rows.makeTile()
    let view = RowView(features: [1], responses: [1])
    #expect(rows.tileCount > 1)
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      let seen = tile.seen(through: view)
      #expect(seen === tile.seen(through: view))
      #expect(seen.rowNumbers == tile.rowNumbers && seen.rowWeights == tile.rowWeights)
      #expect(seen.features == Array(tile.features[tile.column(1)]))
      #expect(seen.responses == [tile.responses[1]] && seen.trials == tile.trials(ofResponse: 1) && seen.offset == nil)
    }
  }

  @Test(arguments: [
    (RowView(features: [2]), "expert 1 is to see feature 2, but the data have 2 of them, counted from 0"),
    (RowView(responses: [1]), "expert 1 is to see response 1, but the data have 1 of them, counted from 0"),
    (RowView(features: [0, 0]), "what expert 1 sees is not to be had: features: 0 is there twice"),
    (RowView(responses: []), "what expert 1 sees is not to be had: responses: there must be one at least"),
  ])
  func viewsOfColumnsThatAreNotThereAreRefused(view: RowView, message: String) throws {
    let rows = try rows([("a", first), ("b", second)])
    let model = try MixtureModel(gate: DirichletGate()) { Block(2, LinearExpert()).seeing(view) }
    let error = #expect(throws: MixtureError.self) { try model.fitBlocking(rows) }
    #expect(error.map { "\($0)" } == message)
  }
}
