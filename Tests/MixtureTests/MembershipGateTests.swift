import Foundation
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// Weights of each group of rows, of which each row has its own assignment.
@Suite struct MembershipGateTests {
  private let truth = LinearTruth(rows: 120, features: 2, experts: 3, noise: 0.5, seed: 51)

  /// Row i belongs to group i mod `count`.
  private func column(_ count: Int, rows: Int = 120) -> [(column: ColumnSchema, values: [Double])] {
    [("g", (0..<rows).map { Double($0 % count) })]
  }

  /// The levels of such a column.
  private func levels(_ count: Int) -> [String: [String]] { ["g": (0..<count).map { "g\($0)" }] }

  private func gate(_ concentration: DirichletGate.Concentration = .same(1)) throws -> MembershipGate {
    var gate = try MembershipGate(concentration: concentration)
    try gate.select([nil, nil, nil])
    return gate
  }

  /// One group is a Dirichlet gate, and groups without rows say nothing.
  @Test(arguments: [DirichletGate.Concentration.same(0.3), .each([3, 0.5, 1]), .learned(within: nil)])
  func oneGroupIsADirichletGate(concentration: DirichletGate.Concentration) throws {
    let experts: [any AnyBlock] = [Block(3, LinearExpert())]
    let dirichlet =
      switch concentration {
      case .same(let value): try DirichletGate(concentration: value)
      case .each(let values): try DirichletGate(concentration: values)
      case .learned(let bounds): try DirichletGate(learningConcentrationWithin: bounds)
      }
    func bounds(_ gate: any Gate, _ rows: Observations) throws -> [Double] {
      try MixtureModel(gate: gate, blocks: experts).fitBlocking(rows, from: truth.start(), options: passes(10)).elboTrace
        .map(
          \.total)
    }
    let membership = try gate(concentration)
    let one = try bounds(membership, truth.observations(gate: column(1), levels: levels(1)))
    #expect(zip(one, try bounds(dirichlet, truth.observations())).allSatisfy { isClose($0, $1, relative: 1e-12) })
    guard case .same = concentration else { return }
    let five = try bounds(membership, truth.observations(gate: column(5), levels: levels(5)))
    let more = try bounds(membership, truth.observations(gate: column(5), levels: levels(9)))
    #expect(zip(five, more).allSatisfy { isClose($0, $1, relative: 1e-12) })
  }

  /// The exact evidence of eight rows in two groups by enumeration of their assignments: no bound exceeds it.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func neverExceedsExactEvidence(seed: UInt64) throws {
    let truth = LinearTruth(rows: 8, features: 1, experts: 2, noise: 0.5, seed: seed)
    let (mu, design) = ([0.8, 1.5], truth.design())
    let terms = try (0..<256).map { code -> Double in
      var value = 0.0
      for group in 0..<2 {
        let members = (0..<8).filter { $0 % 2 == group }
        value += lgamma(mu[0] + mu[1]) - lgamma(mu[0] + mu[1] + 4)
        for k in 0..<2 {
          value += lgamma(mu[k] + Double(members.count { (code >> $0) & 1 == k })) - lgamma(mu[k])
        }
      }
      for k in 0..<2 {
        let members = (0..<8).filter { (code >> $0) & 1 == k }
        value += try logEvidence(
          of: members.map { truth.response[$0] }, design: members.map { design[$0] }, noiseVariance: 0.3, priorVariance: 5)
      }
      return value
    }
    let largest = terms.max()!
    let exact = largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
    let model = try MixtureModel(
      gate: MembershipGate(concentration: .each(mu)),
      blocks: [
        Block(2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .fixed(variance: 0.3)))
      ])
    let fit = try model.fitBlocking(
      truth.observations(gate: column(2, rows: 8), levels: levels(2)), from: .recipe(.planes), options: passes(300))
    #expect(fit.elbo.total < exact)
    #expect(fit.elbo.total > exact - 12, "a bound far below is no check")
  }

  /// Groups with shares of their own are found, and said more of by the ELBO than common weights do.
  @Test func findsTheSharesOfEachGroup() throws {
    let shares = [[0.8, 0.2], [0.1, 0.9], [0.5, 0.5]]
    var truth = LinearTruth(rows: 900, features: 1, experts: 2, noise: 0.3, seed: 7)
    var source = RandomSource(seed: 8)
    for i in truth.labels.indices {
      truth.labels[i] = source.categorical(weights: shares[i % 3])
      let w = truth.coefficients[truth.labels[i]]
      truth.response[i] = w[0] + w[1] * truth.features[0][i] + source.gaussian(standardDeviation: 0.3)
    }
    let rows = try truth.observations(gate: column(3, rows: 900), levels: levels(3))
    let experts: [any AnyBlock] = [Block(2, LinearExpert())]
    let fit = try MixtureModel(gate: MembershipGate(), blocks: experts).fitBlocking(
      rows, from: truth.start(), options: passes(60))
    let gate = try #require(fit.mixture.gate as? MembershipGate)
    #expect(gate.groupNames == ["g0", "g1", "g2"] && gate.statisticsCount == 6)
    for (counts, share) in zip(gate.concentrations, shares) {
      #expect(abs(counts[0] / counts.reduce(0, +) - share[0]) < 0.07)
    }
    let common = try MixtureModel(gate: DirichletGate(), blocks: experts)
      .fitBlocking(truth.observations(), from: truth.start(), options: passes(60))
    #expect(fit.elbo.total > common.elbo.total + 50)
  }

  @Test(arguments: allNoises)
  func boundNeverFalls(noise: LinearNoise) throws {
    let rows = try truth.observations(gate: column(4), levels: levels(4))
    try expectBoundNeverFalls(gate(), rows, noise: noise)
    try expectBoundNeverFalls(gate(.learned(within: nil)), rows, noise: noise)
  }

  @Test func aWeightOfTwoIsTheRowTwice() throws {
    try expectWeightsCount(gate(), truth, gateFeatures: column(5), levels: levels(5))
  }

  /// Rows that share an assignment count once for their group.
  @Test func assignmentsCount() throws {
    let neighbours = truth.response.indices.map { $0 / 2 }
    let own: [(column: ColumnSchema, values: [Double])] = [("g", neighbours.map { Double($0 % 3) })]
    let fit = try MixtureModel(gate: gate(), blocks: [Block(3, LinearExpert())])
      .fitBlocking(
        truth.observations(gate: own, levels: levels(3), groups: neighbours), from: .recipe(.localised), options: passes(10)
      )
    let gate = try #require(fit.mixture.gate as? MembershipGate)
    #expect(gate.concentrations.allSatisfy { isClose($0.reduce(0, +), 23, relative: 1e-12) })
  }

  /// A row of none of the groups has the prior's weights.
  @Test func aNewGroupIsWeighedByThePrior() throws {
    let known = try truth.observations(gate: column(4), levels: levels(4))
    let fit = try MixtureModel(gate: gate(.each([1, 2, 5])), blocks: [Block(3, LinearExpert())])
      .fitBlocking(known, from: truth.start(), options: passes(10))
    let unknown = try truth.observations(gate: [("g", Array(repeating: -1, count: 120))], levels: levels(4))
    #expect(
      zip(try weights(fit.mixture, unknown)[0], [0.125, 0.25, 0.625]).allSatisfy { isClose($0, $1, relative: 1e-12) })
    #expect(try weights(fit.mixture, known)[0] != weights(fit.mixture, unknown)[0])
  }

  @Test func goesThroughTablesAndFiles() async throws {
    let table = try Table([
      ("x", .numbers(truth.features[0])), ("y", .numbers(truth.response)),
      ("patient", .categories(levels: ["a", "b", "c"], codes: (0..<120).map { $0 % 3 })),
    ])
    let model = try Mixture("y ~ x | patient", gate: MembershipGate(concentration: .learned(within: nil))) {
      Block(2, LinearExpert())
    }
    try expectFileKeepsEverything(try await model.fit(table, options: passes(20)), table)
  }

  @Test func expertsComeAndGo() throws {
    let rows = try truth.observations(gate: column(4), levels: levels(4))
    var mixture = try MixtureModel(gate: gate(), blocks: [Block(3, LinearExpert())])
      .fitBlocking(rows, from: truth.start(), options: passes(10)).mixture
    let before = try #require(mixture.gate as? MembershipGate).concentrations
    try mixture.drop("2")
    try mixture.add(Block(1, LinearExpert(), named: "new"))
    let after = try #require(mixture.gate as? MembershipGate).concentrations
    for (a, b) in zip(before, after) { #expect(b == [a[0], a[2], 1]) }
  }

  @Test func otherFeaturesAreRefused() throws {
    let mixture = try MixtureModel(gate: gate(), blocks: [Block(3, LinearExpert())])
    func message(_ rows: Observations) throws -> String? {
      #expect(throws: DataError.self) { try mixture.fitBlocking(rows, options: passes(2)) }?.description
    }
    let other: [(column: ColumnSchema, values: [Double])] = [("z", truth.features[0])]
    for (rows, name) in [
      (try truth.observations(), "x1"), (try truth.observations(gate: other), "z"),
      (try truth.observations(gate: column(3) + other, levels: levels(3)), "z"),
      (try truth.observations(gate: column(3)), "g"),
    ] { #expect(try message(rows)?.hasSuffix("nothing else after |; \(name) is something else") == true) }
    #expect(try message(truth.observations(gate: []))?.hasSuffix("it sees no feature") == true)
  }

  /// Codes are the numbers of levels, or −1.
  @Test(arguments: [-2, 3, 0.5])
  func otherCodesAreRefused(code: Double) throws {
    let error = #expect(throws: DataError.self) {
      try truth.observations(gate: [("g", [code] + Array(repeating: 1, count: 119))], levels: levels(3))
    }
    #expect(error?.description == "column g, row 1: \(code) is not the number of a level")
  }

  /// Thousands of groups, of four rows each: their columns of zeros and ones would take gigabytes, and their covariances too.
  @Test func thousandsOfGroups() async throws {
    var source = RandomSource(seed: 3)
    let codes = (0..<20_000).map { _ in source.integer(below: 5000) }
    let x = codes.map { _ in source.gaussian() }
    let y = zip(codes, x).map { code, x in (code % 2 == 0 ? 3 + x : -3 - x) + source.gaussian(standardDeviation: 0.2) }
    let names = (0..<5000).map { "s\($0)" }
    let table = try Table([
      ("x", .numbers(x)), ("y", .numbers(y)), ("g", .categories(levels: names, codes: codes)),
    ])
    var options = passes(10)
    options.starts = 1
    for formula in ["y ~ x | g", "y ~ x | factor(g)"] {
      let fit = try await Mixture(formula, gate: MembershipGate()) { Block(2, LinearExpert()) }
        .fit(table, from: .recipe(.localised), options: options)
      #expect(fit.data.gateFeatures.count == 1 && fit.data.gateCovariance.rows == 1)
      let weights = try fit.weights(table)
      let (even, odd) = (weights[codes.firstIndex { $0 % 2 == 0 }!], weights[codes.firstIndex { $0 % 2 == 1 }!])
      #expect((even[0] > 0.5) != (odd[0] > 0.5))
      let told = try #require(try FitReport(fit).gate)
      #expect(told.count < 2000 && told.contains("levels; shown are those that speak most"), "\(told)")
    }
  }
}
