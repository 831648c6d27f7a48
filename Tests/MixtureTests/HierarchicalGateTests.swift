import Foundation
import GSL
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// Trees of softmax gates in fits.
@Suite struct HierarchicalGateTests {
  /// Three lines, each where the features say.
  private static func regions(rows: Int, seed: UInt64) -> LinearTruth {
    var truth = LinearTruth(rows: rows, features: 2, experts: 3, noise: 0.3, seed: seed)
    var source = RandomSource(seed: seed + 100)
    for i in truth.labels.indices {
      let x = truth.features.map { $0[i] }
      let odds = [1, exp(3 * x[0]), exp(3 * x[0] + 3 * x[1])]
      truth.labels[i] = source.categorical(weights: odds)
      let w = truth.coefficients[truth.labels[i]]
      truth.response[i] = w[0] + w[1] * x[0] + w[2] * x[1] + source.gaussian(standardDeviation: 0.3)
    }
    return truth
  }

  private let truth = HierarchicalGateTests.regions(rows: 200, seed: 61)
  private func features(_ truth: LinearTruth) -> [(column: ColumnSchema, values: [Double])] {
    [("z1", truth.features[0]), ("z2", truth.features[1])]
  }
  private func gate(_ tree: String = "((1,2),3)", penalty: Double = 1) throws -> HierarchicalGate {
    try HierarchicalGate(ExpertTree(tree), penalty: penalty)
  }
  private func model(_ gate: any Gate) throws -> MixtureModel {
    try MixtureModel(gate: gate, blocks: [Block(3, LinearExpert())])
  }

  /// Held-out rows are predicted better than by constant weights, and the gate has its part in it.
  @Test(arguments: ["3", "((1,2),3)", "((1,3),2)"])
  func predictsNewRowsByTheirFeatures(tree: String) throws {
    let new = Self.regions(rows: 400, seed: 61)
    let rows = try truth.observations(gate: features(truth))
    let fit = try model(gate(tree)).fitBlocking(rows, from: truth.start(), options: passes(60, isAccelerated: true))
    let plain = try model(DirichletGate()).fitBlocking(truth.observations(), from: truth.start(), options: passes(60))
    let score = try fit.mixture.logPredictiveDensity(new.observations(gate: features(new)))
    #expect(try score > plain.mixture.logPredictiveDensity(new.observations()) + 100)
    let found = try weights(fit.mixture, new.observations(gate: features(new)))
    let hits = found.indices.count { i in (0..<3).max { found[i][$0] < found[i][$1] } == new.labels[i] }
    #expect(hits > 300)
  }

  @Test(arguments: allNoises)
  func boundNeverFalls(noise: LinearNoise) throws {
    let truth = Self.regions(rows: 60, seed: 62)
    for gate in [try gate(), try gate("3", penalty: 0)] {
      try expectBoundNeverFalls(gate, truth.observations(gate: features(truth)), noise: noise)
    }
  }

  @Test func aWeightOfTwoIsTheRowTwice() throws {
    try expectWeightsCount(gate(), truth, gateFeatures: features(truth))
  }

  /// An affine change of the features leaves what is predicted as it is.
  @Test(arguments: [true, false])
  func unitsDoNotMatter(hasIntercept: Bool) throws {
    let changed = features(truth).map {
      (column: $0.column, values: $0.values.map { -250 * $0 + (hasIntercept ? 7000 : 0) })
    }
    let predictions = try [features(truth), changed].map { columns in
      let rows = try truth.observations(gate: columns, gateHasIntercept: hasIntercept)
      return try weights(model(gate()).fitBlocking(rows, from: truth.start(), options: passes(30)).mixture, rows)
    }
    for (a, b) in zip(predictions[0], predictions[1]) { #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-8 }) }
  }

  /// Coefficients in the units of the data give the weights by hand.
  @Test func coefficientsAreInTheUnitsOfTheData() throws {
    let columns = features(truth).map { (column: $0.column, values: $0.values.map { 40 * $0 - 3 }) }
    let rows = try truth.observations(gate: columns)
    let mixture = try model(gate()).fitBlocking(rows, from: truth.start(), options: passes(30)).mixture
    let branches = try #require(mixture.gate as? HierarchicalGate).branches
    #expect(branches.map(\.experts) == [[[0, 1], [2]], [[0], [1]]])
    for (i, found) in try weights(mixture, rows).enumerated() {
      let x = [1] + columns.map { $0.1[i] }
      let shares = branches.map { branch in
        let odds = branch.coefficients.map { exp(dot($0, x)) }
        return odds.map { $0 / odds.reduce(0, +) }
      }
      let expected = [shares[0][0] * shares[1][0], shares[0][0] * shares[1][1], shares[0][1]]
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }
  }

  /// A tree of one branch goes the way of a softmax gate of points, whose ELBO has the constants of the prior as well.
  @Test func oneBranchIsASoftmaxGate() throws {
    let rows = try truth.observations(gate: features(truth))
    let fits = try [gate("3") as any Gate, SoftmaxGate(estimate: .maximumAPosteriori)].map {
      try model($0).fitBlocking(rows, from: truth.start(), options: passes(15, isAccelerated: true))
    }
    for (tree, softmax) in zip(fits[0].elboTrace, fits[1].elboTrace) {
      #expect(isClose(tree.total - 4.5 * log(2 * .pi), softmax.total, relative: 1e-10))
    }
  }

  /// A feature twice, or one that never varies, is no obstacle without a penalty either.
  @Test func dependentFeaturesAreNoObstacle() throws {
    let twice =
      features(truth) + [("again", truth.features[0].map { 2 * $0 - 1 }), ("constant", truth.features[0].map { _ in 5 })]
    let predictions = try [features(truth), twice].map { columns in
      let rows = try truth.observations(gate: columns)
      return try weights(model(gate(penalty: 0)).fitBlocking(rows, from: truth.start(), options: passes(400)).mixture, rows)
    }
    for (a, b) in zip(predictions[0], predictions[1]) { #expect(zip(a, b).allSatisfy { abs($0 - $1) < 0.05 }) }
  }

  /// Rows of a group share one assignment, and the root has one row for it.
  @Test func groupsCountOnce() throws {
    let groups = truth.response.indices.map { $0 / 2 }
    let own: [(column: ColumnSchema, values: [Double])] = [("z", groups.map { truth.features[0][2 * $0] })]
    let rows = try truth.observations(gate: own, groups: groups)
    let fit = try model(gate()).fitBlocking(rows, from: .recipe(.localised), options: passes(10))
    let sums = try statistics(of: fit.mixture, under: MixtureResponsibilities(mixture: fit.mixture), rows).part(1)
    let root = try #require(fit.mixture.gate as? HierarchicalGate).nodes[0]
    #expect(isClose(root.sums(sums.span).square[0, 0], 100, relative: 1e-12))
    #expect(try fit.mixture.responsibilities(rows).count == 100)
  }

  @Test func goesThroughTablesAndFiles() async throws {
    let table = try truth.table()
    let mixture = try Mixture("y ~ x1 + x2 | x1", gate: HierarchicalGate()) { Block(4, LinearExpert()) }
    try expectFileKeepsEverything(try await mixture.fit(table, options: passes(20)), table)
    // Without |, the gate sees what the experts see.
    let shared = try Mixture("y ~ x1 + x2", gate: HierarchicalGate()) { Block(3, LinearExpert()) }
    let gate = try #require(try await shared.fit(table, options: passes(20)).mixture.gate as? HierarchicalGate)
    #expect(gate.tree?.description == "((1,2),3)" && gate.branches[0].coefficients[0].count == 3)
  }

  /// Without an expert, the others keep their proportions within its branch; a new one hangs from the root.
  @Test func expertsComeAndGo() throws {
    let rows = try truth.observations(gate: features(truth))
    var mixture = try model(gate("((1,2,4),3)").reduced()).fitBlocking(rows, from: truth.start(), options: passes(20))
      .mixture
    #expect((mixture.gate as? HierarchicalGate)?.tree?.description == "((1,2),3)")
    let before = try weights(mixture, rows)
    try mixture.drop("3")
    #expect((mixture.gate as? HierarchicalGate)?.tree?.description == "(1,2)")
    for (a, b) in zip(before, try weights(mixture, rows)) { #expect(isClose(b[0], a[0] / (a[0] + a[1]), relative: 1e-9)) }
    try mixture.drop("2")
    #expect(try weights(mixture, rows)[5] == [1])
    try mixture.add(Block(2, LinearExpert()))
    #expect((mixture.gate as? HierarchicalGate)?.tree?.description == "(1,2,3)")
    #expect(try weights(mixture, rows)[5].allSatisfy { isClose($0, 1 / 3, relative: 1e-12) })
    try mixture.add(Block(1, LinearExpert(), named: "more"))
    #expect((mixture.gate as? HierarchicalGate)?.tree?.description == "(1,2,3,4)")
    #expect(try mixture.fitBlocking(rows, from: .recipe(.kMeans), options: passes(5)).elbo.total.isFinite)
  }

  @Test(arguments: [
    ("2x2", "((1,2),(3,4))"), ("3", "(1,2,3)"), ("1", "1"), ("2x3", "((1,2,3),(4,5,6))"), ("((1, 3), 2)", "((1,3),2)"),
    ("(4,(1,(2,3)))", "(4,(1,(2,3)))"),
  ])
  func treesAreText(text: String, tree: String) throws {
    let read = try ExpertTree(text)
    #expect(read.description == tree)
    #expect(try ExpertTree(read.description) == read)
    #expect(try JSONDecoder().decode(ExpertTree.self, from: JSONEncoder().encode(read)) == read)
  }

  @Test(arguments: [
    (
      "((1,2),3",
      "HierarchicalGate: the tree of experts is \"((1,2),3\", but must be written as 2x2 or ((1,2),3): a comma or a closing bracket is expected at the end"
    ),
    (
      "(1,x)",
      "HierarchicalGate: the tree of experts is \"(1,x)\", but must be written as 2x2 or ((1,2),3): a bracket or an expert's number is expected at \"x)\""
    ),
    (
      "(1,2)3",
      "HierarchicalGate: the tree of experts is \"(1,2)3\", but must be written as 2x2 or ((1,2),3): the end is expected at \"3\""
    ),
    ("(1,1)", "HierarchicalGate: the tree of experts is (1,1), but must be a tree that has each of 1, …, 2 at one leaf"),
    (
      "((1),2)",
      "HierarchicalGate: the tree of experts is ((1),2), but must be a tree whose branches have at least two children"
    ),
    (
      "2x1", "HierarchicalGate: the balanced tree is [2, 1], but must be one in which each branch has at least two children"
    ),
    ("0", "HierarchicalGate: the balanced tree is [0], but must be one in which each branch has at least two children"),
    (
      "99999x99999",
      "HierarchicalGate: the balanced tree is [99999, 99999], but must be one of at most 10,000 experts"
    ),
  ])
  func otherTextsAreRefused(text: String, message: String) throws {
    let error = #expect(throws: ArgumentError.self) { try ExpertTree(text) }
    #expect(error?.description == message)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(throws: ArgumentError.self) { try HierarchicalGate(penalty: -1) }
    #expect(throws: ArgumentError.self) { try HierarchicalGate(.branch([.leaf(0)])) }
    #expect(throws: MixtureError.self) { try MixtureModel(gate: gate("2x2"), blocks: [Block(3, LinearExpert())]) }
    #expect(throws: DataError("the gate sees neither features nor an intercept")) {
      try model(gate()).fitBlocking(truth.observations(gate: [], gateHasIntercept: false), options: passes(2))
    }
  }
}

extension HierarchicalGate {
  /// Without its fourth expert.
  fileprivate func reduced() throws -> HierarchicalGate {
    var gate = self
    try gate.select([0, 1, 2])
    return gate
  }
}
