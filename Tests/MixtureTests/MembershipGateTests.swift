import Foundation
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// Weights of each group of rows, of which each row has its own assignment.
@Suite struct MembershipGateTests {
  private let truth = LinearTruth(rows: 120, features: 2, experts: 3, noise: 0.5, seed: 51)

  /// Row i belongs to group i mod `count`; the first group has no column unless all have.
  private func columns(_ count: Int, rows: Int = 120, all: Bool = false) -> [(name: String, values: [Double])] {
    ((all ? 0 : 1)..<count).map { g in ("g\(g)", (0..<rows).map { $0 % count == g ? 1 : 0 }) }
  }

  private func gate(_ concentration: DirichletGate.Concentration = .same(1)) throws -> MembershipGate {
    var gate = try MembershipGate(concentration: concentration)
    try gate.select([nil, nil, nil])
    return gate
  }

  /// One group is a Dirichlet gate, and both codings of many are the same.
  @Test(arguments: [DirichletGate.Concentration.same(0.3), .each([3, 0.5, 1]), .learned(within: nil)])
  func oneGroupIsADirichletGate(concentration: DirichletGate.Concentration) throws {
    let experts: [any AnyExperts] = [Experts(3, LinearExpert())]
    let dirichlet =
      switch concentration {
      case .same(let value): try DirichletGate(concentration: value)
      case .each(let values): try DirichletGate(concentration: values)
      case .learned(let bounds): try DirichletGate(learningConcentrationWithin: bounds)
      }
    func bounds(_ gate: any Gate, _ rows: Observations) throws -> [Double] {
      try GatedExperts(gate: gate, blocks: experts).fit(rows, from: truth.start(), options: passes(10)).bounds.map(\.total)
    }
    let membership = try gate(concentration)
    let one = try bounds(membership, truth.observations(gate: []))
    #expect(zip(one, try bounds(dirichlet, truth.observations())).allSatisfy { isClose($0, $1, relative: 1e-12) })
    let (treatment, full) = (
      try bounds(membership, truth.observations(gate: columns(5))),
      try bounds(membership, truth.observations(gate: columns(5, all: true), gateHasIntercept: false))
    )
    #expect(zip(treatment, full).allSatisfy { isClose($0, $1, relative: 1e-12) })
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
    let model = try GatedExperts(
      gate: MembershipGate(concentration: .each(mu)),
      blocks: [
        Experts(2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .fixed(variance: 0.3)))
      ])
    let fit = try model.fit(truth.observations(gate: columns(2, rows: 8)), from: .recipe(.planes), options: passes(300))
    #expect(fit.bound.total < exact)
    #expect(fit.bound.total > exact - 12, "a bound far below is no check")
  }

  /// Groups with shares of their own are found, and said more of by the bound than common weights do.
  @Test func findsTheSharesOfEachGroup() throws {
    let shares = [[0.8, 0.2], [0.1, 0.9], [0.5, 0.5]]
    var truth = LinearTruth(rows: 900, features: 1, experts: 2, noise: 0.3, seed: 7)
    var source = RandomSource(seed: 8)
    for i in truth.labels.indices {
      truth.labels[i] = source.categorical(weights: shares[i % 3])
      let w = truth.coefficients[truth.labels[i]]
      truth.response[i] = w[0] + w[1] * truth.features[0][i] + source.gaussian(standardDeviation: 0.3)
    }
    let rows = try truth.observations(gate: columns(3, rows: 900))
    let experts: [any AnyExperts] = [Experts(2, LinearExpert())]
    let fit = try GatedExperts(gate: MembershipGate(), blocks: experts).fit(rows, from: truth.start(), options: passes(60))
    let gate = try #require(fit.mixture.gate as? MembershipGate)
    #expect(gate.groupNames == [MembershipGate.baseName, "g1", "g2"] && gate.statisticsCount == 6)
    for (posterior, share) in zip(gate.posteriors, shares) { #expect(abs(posterior.mean[0] - share[0]) < 0.07) }
    let common = try GatedExperts(gate: DirichletGate(), blocks: experts)
      .fit(truth.observations(), from: truth.start(), options: passes(60))
    #expect(fit.bound.total > common.bound.total + 50)
  }

  @Test(arguments: allNoises)
  func boundNeverFalls(noise: LinearNoise) throws {
    let rows = try truth.observations(gate: columns(4))
    try expectBoundNeverFalls(gate(), rows, noise: noise)
    try expectBoundNeverFalls(gate(.learned(within: nil)), rows, noise: noise)
  }

  @Test func aWeightOfTwoIsTheRowTwice() throws {
    try expectWeightsCount(gate(), truth, gateFeatures: columns(5))
  }

  /// Rows that share an assignment count once for their group.
  @Test func assignmentsCount() throws {
    let neighbours = truth.response.indices.map { $0 / 2 }
    let own = (1..<3).map { g in ("g\(g)", neighbours.map { $0 % 3 == g ? 1.0 : 0 }) }
    let fit = try GatedExperts(gate: gate(), blocks: [Experts(3, LinearExpert())])
      .fit(truth.observations(gate: own, groups: neighbours), from: .recipe(.localised), options: passes(10))
    let gate = try #require(fit.mixture.gate as? MembershipGate)
    #expect(gate.posteriors.allSatisfy { isClose($0.concentration.reduce(0, +), 23, relative: 1e-12) })
  }

  /// A row of none of the groups has the prior's weights.
  @Test func aNewGroupIsWeighedByThePrior() throws {
    let known = try truth.observations(gate: columns(4, all: true), gateHasIntercept: false)
    let fit = try GatedExperts(gate: gate(.each([1, 2, 5])), blocks: [Experts(3, LinearExpert())])
      .fit(known, from: truth.start(), options: passes(10))
    let unknown = try truth.observations(
      gate: (0..<4).map { ("g\($0)", Array(repeating: 0, count: 120)) }, gateHasIntercept: false)
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
      Experts(2, LinearExpert())
    }
    try expectFileKeepsEverything(try await model.fit(table, options: passes(20)), table)
  }

  @Test func expertsComeAndGo() throws {
    let rows = try truth.observations(gate: columns(4))
    var mixture = try GatedExperts(gate: gate(), blocks: [Experts(3, LinearExpert())])
      .fit(rows, from: truth.start(), options: passes(10)).mixture
    let before = try #require(mixture.gate as? MembershipGate).posteriors
    try mixture.drop("2")
    try mixture.add(Experts(1, LinearExpert(), named: "new"))
    let after = try #require(mixture.gate as? MembershipGate).posteriors
    for (a, b) in zip(before, after) { #expect(b.concentration == [a.concentration[0], a.concentration[2], 1]) }
  }

  @Test func otherFeaturesAreRefused() throws {
    let mixture = try GatedExperts(gate: gate(), blocks: [Experts(3, LinearExpert())])
    func message(_ rows: Observations) throws -> String? {
      #expect(throws: DataError.self) { try mixture.fit(rows, options: passes(2)) }?.description
    }
    let crossed = columns(2) + columns(3).map { ("h" + $0.name, $0.values) }
    for rows in [
      try truth.observations(), try truth.observations(gate: columns(3) + [("z", truth.features[0])]),
      try truth.observations(gate: crossed),
    ] { #expect(try message(rows)?.contains("does not tell the group of a row") == true) }
    #expect(
      try message(truth.observations(gate: columns(3), gateHasIntercept: false))
        == "some rows are of none of the groups g1, g2")
  }
}
