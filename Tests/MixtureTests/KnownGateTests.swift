import Foundation
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// Gates that know something of the rows' assignments.
@Suite struct KnownGateTests {
  private let truth = LinearTruth(rows: 120, features: 2, experts: 3, noise: 0.5, seed: 41)

  /// The true labels of every so many rows as columns of zeros and ones.
  private func labels(_ truth: LinearTruth, every step: Int) -> [(column: ColumnSchema, values: [Double])] {
    truth.coefficients.indices.map { k in
      (ColumnSchema("w\(k + 1)"), truth.labels.enumerated().map { i, label in i % step == 0 && label == k ? 1 : 0 })
    }
  }

  private func gate(experts: Int = 3) throws -> KnownGate {
    try KnownGate((1...experts).map { "w\($0)" }, of: DirichletGate())
  }

  /// Rows whose weights are zero, or equal, are those of the other gate, bound and all.
  @Test(arguments: [0, 1, 7.5])
  func equalWeightsSayNothing(weight: Double) throws {
    let columns = (1...3).map { (column: ColumnSchema("w\($0)"), values: [Double](repeating: weight, count: 120)) }
    let experts: [any AnyBlock] = [Block(3, LinearExpert())]
    let known = try MixtureModel(gate: gate(), blocks: experts).fitBlocking(
      truth.observations(gate: columns), from: truth.start(), options: passes(10))
    let plain = try MixtureModel(gate: DirichletGate(), blocks: experts).fitBlocking(
      truth.observations(), from: truth.start(), options: passes(10))
    #expect(known.elboTrace.map(\.total) == plain.elboTrace.map(\.total))
  }

  /// Where all rows have labels, q is the posterior and the ELBO is ln p(y, labels), which has a closed form.
  @Test func boundIsThatOfResponseAndLabels() throws {
    let mu = [0.7, 2, 1]
    let model = try MixtureModel(
      gate: KnownGate(["w1", "w2", "w3"], of: DirichletGate(concentration: mu)),
      blocks: [
        Block(
          3,
          LinearExpert(
            prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .fixed(variance: 0.3), standardizes: false))
      ])
    let fit = try model.fitBlocking(
      truth.observations(gate: labels(truth, every: 1)), from: .recipe(.random), options: passes(3))
    let design = truth.design()
    var exact = lgamma(mu.reduce(0, +)) - lgamma(mu.reduce(0, +) + 120)
    for k in 0..<3 {
      let members = design.indices.filter { truth.labels[$0] == k }
      exact += lgamma(mu[k] + Double(members.count)) - lgamma(mu[k])
      exact += try logEvidence(
        of: members.map { truth.response[$0] }, design: members.map { design[$0] }, noiseVariance: 0.3, priorVariance: 5)
    }
    #expect(isClose(fit.elbo.total, exact, relative: 1e-10))
  }

  /// The default start finds the experts that the labels name, with their numbers, and known rows are theirs for certain.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func someLabelsTellWhichExpertIsWhich(seed: UInt64) throws {
    let truth = LinearTruth(rows: 240, features: 1, experts: 2, noise: 0.5, seed: seed)
    var options = FitOptions()
    options.seed = seed
    options.starts = 2
    let rows = try truth.observations(gate: labels(truth, every: 12))
    let fit = try MixtureModel(gate: gate(experts: 2), blocks: [Block(2, LinearExpert())]).fitBlocking(
      rows, options: options)
    let shares = try fit.mixture.responsibilities(rows)
    for i in stride(from: 0, to: 240, by: 12) { #expect(shares[i][truth.labels[i]] == 1) }
    for (k, expert) in fit.mixture.experts(of: LinearExpert.self).enumerated() {
      #expect(zip(expert.coefficients.mean, truth.coefficients[k]).allSatisfy { abs($0 - $1) < 0.4 })
    }
    // A new row of which nothing is known is weighed by the other gate.
    let silent = try truth.observations(gate: (1...2).map { (ColumnSchema("w\($0)"), Array(repeating: 0, count: 240)) })
    let weights = try #require((fit.mixture.gate as? KnownGate)?.base as? DirichletGate).weights
    #expect(zip(try fit.mixture.predict(silent)[7].weights, weights).allSatisfy { isClose($0, $1, relative: 1e-12) })
  }

  /// Short runs over a subsample know the same of their rows.
  @Test func labelsGoWithTheRowsOfASubsample() throws {
    let truth = LinearTruth(rows: 24_000, features: 1, experts: 2, noise: 0.5, seed: 5)
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = 60
    let rows = try truth.observations(gate: labels(truth, every: 40))
    let fit = try MixtureModel(gate: gate(experts: 2), blocks: [Block(2, LinearExpert())])
      .fitBlocking(rows, from: .recipe(.localised), options: options)
    let shares = try fit.mixture.responsibilities(rows)
    #expect(stride(from: 0, to: 24_000, by: 40).allSatisfy { shares[$0][truth.labels[$0]] == 1 })
    for (k, expert) in fit.mixture.experts(of: LinearExpert.self).enumerated() {
      #expect(zip(expert.coefficients.mean, truth.coefficients[k]).allSatisfy { abs($0 - $1) < 0.1 })
    }
  }

  @Test(arguments: allNoises)
  func boundNeverFalls(noise: LinearNoise) throws {
    try expectBoundNeverFalls(gate(), truth.observations(gate: labels(truth, every: 4)), noise: noise)
  }

  @Test func aWeightOfTwoIsTheRowTwice() throws {
    try expectWeightsCount(gate(), truth, gateFeatures: labels(truth, every: 4))
  }

  /// A group is known as one, and counts as one.
  @Test func groupsAreKnownAsOne() throws {
    let groups = truth.response.indices.map { $0 / 4 }
    let known = (0..<3).map { k in
      (column: ColumnSchema("w\(k + 1)"), values: groups.map { $0 % 5 == 0 && truth.labels[4 * $0] == k ? 1.0 : 0 })
    }
    let rows = try truth.observations(gate: known, groups: groups)
    let fit = try MixtureModel(gate: gate(), blocks: [Block(3, LinearExpert())])
      .fitBlocking(rows, from: .recipe(.random), options: passes(10))
    let shares = try fit.mixture.responsibilities(rows)
    #expect(shares.count == 30)
    for group in stride(from: 0, to: 30, by: 5) { #expect(shares[group][truth.labels[4 * group]] == 1) }
    let base = try #require((fit.mixture.gate as? KnownGate)?.base as? DirichletGate)
    #expect(isClose(base.posterior.concentration.reduce(0, +), 33, relative: 1e-12))
  }

  /// A gate that sees features sees those that say nothing of assignments, whatever the tile.
  @Test func theOtherGateSeesTheOtherFeatures() throws {
    let z = truth.features[0].map { $0 + 1 }
    let silent = (1...3).map { (column: ColumnSchema("w\($0)"), values: [Double](repeating: 0, count: 120)) }
    let experts: [any AnyBlock] = [Block(3, LinearExpert())]
    let fit = try MixtureModel(gate: KnownGate(["w3", "w1", "w2"], of: HierarchicalGate()), blocks: experts).fitBlocking(
      truth.observations(gate: [silent[0], ("z", z), silent[1], silent[2]]), from: truth.start(), options: passes(15))
    let plain = try MixtureModel(gate: HierarchicalGate(), blocks: experts).fitBlocking(
      truth.observations(gate: [("z", z)]), from: truth.start(), options: passes(15))
    #expect(fit.elboTrace.map(\.total) == plain.elboTrace.map(\.total))
  }

  @Test func tablesHaveLabelsWithAnEmptyLevel() async throws {
    let table = try Table([
      ("x", .numbers(truth.features[0])), ("y", .numbers(truth.response)),
      ("label", .categories(levels: ["1", "2", "3", "?"], codes: truth.labels.enumerated().map { $0 % 3 == 0 ? $1 : 3 })),
    ])
    let fit = try await Mixture("y ~ x | 0 + label", gate: KnownGate(["label1", "label2", "label3"], of: DirichletGate())) {
      Block(3, LinearExpert(noise: .perExpert))
    }.fit(table, options: passes(20))
    let shares = try fit.responsibilities(table)
    #expect(stride(from: 0, to: 120, by: 3).allSatisfy { shares[$0][truth.labels[$0]] == 1 })
    try expectFileKeepsEverything(fit, table)
  }

  @Test func expertsComeAndGo() throws {
    let rows = try truth.observations(gate: labels(truth, every: 2))
    var mixture = try MixtureModel(gate: gate(), blocks: [Block(3, LinearExpert())])
      .fitBlocking(rows, from: truth.start(), options: passes(10)).mixture
    var larger = mixture
    try larger.add(Block(1, LinearExpert()))
    #expect((larger.gate as? KnownGate)?.columns == ["w1", "w2", "w3", nil])
    let all = try larger.fitBlocking(rows, from: .recipe(.kMeans), options: passes(5)).mixture.responsibilities(rows)
    #expect(stride(from: 0, to: 120, by: 2).allSatisfy { all[$0][truth.labels[$0]] == 1 })
    try mixture.drop("2")
    #expect((mixture.gate as? KnownGate)?.columns == ["w1", "w3"])
    let shares = try mixture.responsibilities(rows)
    for i in stride(from: 0, to: 120, by: 2) where truth.labels[i] != 1 {
      #expect(shares[i] == (truth.labels[i] == 0 ? [1, 0] : [0, 1]))
    }
    // Whoever was known to be the expert's is anybody's, and the refit does not take the column for a feature.
    #expect(shares.indices.contains { $0 % 2 == 0 && truth.labels[$0] == 1 && shares[$0][0] > 0 && shares[$0][1] > 0 })
    let refit = try mixture.fitBlocking(rows, from: .mixture(mixture), options: passes(5))
    #expect(refit.elbo.total.isFinite)
  }

  @Test func wrongColumnsAreNamed() throws {
    #expect(throws: ArgumentError.self) { try KnownGate(["w1", "w1"]) }
    #expect(throws: MixtureError.self) { try MixtureModel(gate: KnownGate(["w1"]), blocks: [Block(2, LinearExpert())]) }
    let mixture = try MixtureModel(gate: gate(), blocks: [Block(3, LinearExpert())])
    func message(_ rows: Observations) throws -> String? {
      #expect(throws: DataError.self) { try mixture.fitBlocking(rows, options: passes(2)) }?.description
    }
    #expect(try message(truth.observations())?.contains("after |") == true)
    var columns = labels(truth, every: 2)
    columns[1].column = "v2"
    #expect(try message(truth.observations(gate: columns)) == "no column w2 of known weights among the gate's: w1, v2, w3")
    columns[1] = ("w2", columns[1].values.map { $0 - 1 })
    #expect(try message(truth.observations(gate: columns)) == "column w2: known weights must be at least zero")
  }
}
