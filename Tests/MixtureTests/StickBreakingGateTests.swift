import Foundation
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// Sticks: their order, the evidence, and whole fits.
@Suite struct StickBreakingGateTests {
  private static let concentrations: [StickBreakingGate.Concentration] = [
    .fixed(0.2), .fixed(1), .fixed(5), .gamma(shape: 2, rate: 1),
  ]

  private func options(passes: Int) -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    options.threads = 1
    return options
  }

  /// ln of the probability of labels under sticks, in the order of the counts: Π_s B(1 + N_s, α + N_(>s)) / B(1, α).
  private func logEvidence(ofCounts counts: [Double], _ concentration: Double) -> Double {
    func logBeta(_ a: Double, _ b: Double) -> Double { lgamma(a) + lgamma(b) - lgamma(a + b) }
    return (0..<(counts.count - 1)).reduce(0) { sum, stick in
      sum + logBeta(1 + counts[stick], concentration + counts[(stick + 1)...].reduce(0, +)) - logBeta(1, concentration)
    }
  }

  private func permutations<Value>(_ values: [Value]) -> [[Value]] {
    guard let first = values.first else { return [[]] }
    return permutations(Array(values.dropFirst())).flatMap { rest in
      (0...rest.count).map { rest[..<$0] + [first] + rest[$0...] }
    }
  }

  /// With known labels the ELBO is the evidence of the labels, in the best of all orders.
  @Test(
    arguments: [0.2, 1, 2.5, 20],
    [[3, 40, 12, 0.5], [5, 5, 5, 5], [0, 0, 9, 1], [100, 2, 30, 31]] as [[Double]])
  func theOrderIsTheBestOfAll(concentration: Double, counts: [Double]) throws {
    var gate = try StickBreakingGate(concentration: .fixed(concentration))
    try gate.select([nil, nil, nil, nil])
    try gate.update(from: counts.span, resum: Resum { _ in counts })
    let bound = zip(counts, gate.meanLogWeights).reduce(-gate.divergence) { $0 + $1.0 * $1.1 }
    let evidences = permutations(counts).map { logEvidence(ofCounts: $0, concentration) }
    #expect(evidences.count == 24)
    #expect(isClose(bound, evidences.max()!, relative: 1e-12))
    #expect(gate.order.sorted() == [0, 1, 2, 3])
  }

  @Test func amongEqualExpertsTheOrderStays() throws {
    var gate = try StickBreakingGate(concentration: .fixed(1))
    try gate.select([nil, nil, nil])
    try gate.select([2, 0, 1])
    #expect(gate.order == [1, 2, 0])
    let counts = [7.0, 7, 7]
    try gate.update(from: counts.span, resum: Resum { _ in counts })
    #expect(gate.order == [1, 2, 0])
  }

  /// By hand: α = 1, N = (6, 2, 1) and sticks of Beta(7, 4), Beta(3, 2).
  @Test func weightsAreThoseOfTheSticks() throws {
    var gate = try StickBreakingGate(concentration: .fixed(1))
    try gate.select([nil, nil, nil])
    let counts = [6.0, 2, 1]
    try gate.update(from: counts.span, resum: Resum { _ in counts })
    #expect(gate.order == [0, 1, 2])
    let expected = [7 / 11.0, 4 / 11.0 * 3 / 5, 4 / 11.0 * 2 / 5]
    #expect(zip(gate.weights, expected).allSatisfy { isClose($0, $1, relative: 1e-14) })
    let entropy = -expected.reduce(0) { $0 + $1 * log($1) }
    #expect(isClose(gate.effectiveExpertCount, exp(entropy), relative: 1e-13))
  }

  /// The exact evidence of eight rows by enumeration of their assignments: no bound exceeds it.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func neverExceedsExactEvidence(seed: UInt64) throws {
    let truth = LinearTruth(rows: 8, features: 1, experts: 2, noise: 0.5, seed: seed)
    func exact(_ concentration: Double) throws -> Double {
      try ExactEvidence.log(of: truth, noiseVariance: 0.3) { members in
        logEvidence(ofCounts: members.map { Double($0.count) }, concentration)
      }
    }
    func bound(_ concentration: StickBreakingGate.Concentration) throws -> Double {
      let experts = Block(
        2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .fixed(variance: 0.3)))
      return try MixtureModel(gate: StickBreakingGate(concentration: concentration), blocks: [experts])
        .fitBlocking(truth.observations(), options: options(passes: 200)).elbo.total
    }
    let (evidence, best) = (try exact(0.8), try bound(.fixed(0.8)))
    #expect(best < evidence && best > evidence - 10, "a bound far below is no check")
    // Where α has a distribution the evidence is an integral over it.
    let prior = try Gamma(shape: 2, rate: 1.5)
    let integral = ExactEvidence.logSum(
      try stride(from: -8.0, through: 4, by: 0.2).map { u in
        try exact(exp(u)) + prior.logDensity(at: exp(u)) + u + log(0.2)
      })
    let bestOfGamma = try bound(.gamma(shape: 2, rate: 1.5))
    #expect(bestOfGamma < integral && bestOfGamma > integral - 10)
  }

  @Test(arguments: allNoises, [true, false])
  func boundsNeverFall(noise: LinearNoise, isAccelerated: Bool) throws {
    let rows = try LinearTruth(rows: 60, features: 2, experts: 3, noise: 0.5, seed: 22).observations()
    var options = options(passes: 25)
    options.isAccelerated = isAccelerated
    for kind in [PriorKind.fixed, .isotropic, .diagonal, .commonMean] {
      for concentration in Self.concentrations {
        let model = try MixtureModel(
          gate: StickBreakingGate(concentration: concentration),
          blocks: [Block(4, LinearExpert(prior: kind.make(dimension: 3), noise: noise))])
        let fit = try model.fitBlocking(rows, from: .recipe(.localised), options: options)
        for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
          #expect(after.total >= before.total - max(before.rounding, after.rounding), "\(kind), \(concentration)")
        }
      }
    }
  }

  /// Three lines that are far apart, and ten experts: three of them keep at least one row, in 19 of 20 seeds.
  @Test func findsTheNumberOfSeparatedLines() throws {
    var found = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      var source = RandomSource(seed: seed)
      let lines = [(-6.0, 1.0), (0, -2), (6, 0.5)]
      let x = (0..<90).map { _ in source.gaussian() }
      let y = x.map { x in
        let line = lines[source.integer(below: 3)]
        return line.0 + line.1 * x + source.gaussian(standardDeviation: 0.2)
      }
      let rows = try Observations(features: [("x", x)], responses: [("y", y)])
      var options = FitOptions()
      options.starts = 1
      options.seed = seed
      options.tolerance = .relative(1e-8)
      let fit = try MixtureModel(gate: StickBreakingGate(), blocks: [Block(10, LinearExpert())]).fitBlocking(
        rows, options: options)
      if fit.effectiveRows.count(where: { $0 >= 1 }) == 3 { found += 1 }
    }
    #expect(found >= 19, "three experts in \(found) of 20 seeds")
  }

  /// Half of the rows' pairs fall to each expert: sums are over groups, and weights count.
  @Test func groupsAndWeightsCount() throws {
    let truth = LinearTruth(rows: 60, features: 1, experts: 2, noise: 0.3, seed: 5)
    let model = try MixtureModel(gate: StickBreakingGate(concentration: .fixed(1)), blocks: [Block(3, LinearExpert())])
    func total(_ rows: Observations) throws -> Double {
      let fit = try model.fitBlocking(rows, options: options(passes: 20))
      let gate = try #require(fit.mixture.gate as? StickBreakingGate)
      // The first fraction has all rows behind it or in it.
      return gate.fractions[0].concentration.reduce(0, +) - 2
    }
    #expect(isClose(try total(truth.observations()), 60, relative: 1e-12))
    #expect(isClose(try total(truth.observations(groups: (0..<60).map { $0 / 3 })), 20, relative: 1e-12))
    #expect(isClose(try total(truth.observations(weights: (0..<60).map { Double($0 % 3) })), 60, relative: 1e-12))
  }

  /// What an expert knows of its stick stays with it; a new one has no rows.
  @Test func expertsComeAndGo() throws {
    var gate = try StickBreakingGate(concentration: .fixed(1))
    try gate.select([nil, nil, nil])
    let counts = [2.0, 6, 1]
    try gate.update(from: counts.span, resum: Resum { _ in counts })
    let before = gate.weights
    try gate.select([0, 1, 2, nil])
    #expect(gate.order == [1, 0, 2, 3])
    #expect(gate.fractions.map(\.concentration) == [[7, 4], [3, 2], [2, 1]])
    try gate.select([0, 1, 2])
    #expect(gate.weights == before)
    try gate.select([2, 1])
    #expect(gate.order == [1, 0] && gate.fractions.map(\.concentration) == [[7, 2]])
  }

  @Test func fittedExpertsComeAndGo() throws {
    let rows = try LinearTruth(rows: 80, features: 2, experts: 2, noise: 0.5, seed: 3).observations()
    let fit = try MixtureModel(gate: StickBreakingGate(), blocks: [Block(4, LinearExpert())]).fitBlocking(rows)
    var mixture = fit.mixture
    let idle = try #require(fit.effectiveRows.firstIndex { $0 < 1 })
    try mixture.drop(mixture.expertNames[idle])
    let fewer = try mixture.fitBlocking(rows, from: .mixture(mixture))
    #expect(fewer.mixture.expertCount == 3)
    for k in 0..<4 where k != idle {
      #expect(abs(fewer.effectiveRows[k > idle ? k - 1 : k] - fit.effectiveRows[k]) < 3)
    }
    try mixture.add(Block(1, LinearExpert(), named: "new"))
    #expect(try mixture.fitBlocking(rows).mixture.expertCount == 4)
  }

  @Test func filesAndReports() async throws {
    let table = try LinearTruth(rows: 80, features: 2, experts: 2, noise: 0.5, seed: 3).table()
    let fit = try await Mixture("y ~ x1 + x2", gate: StickBreakingGate()) { Block(4, LinearExpert()) }.fit(table)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try fit.write(to: url)
    let read = try FittedMixture(contentsOf: url)
    let (gate, readGate) = (fit.mixture.gate as? StickBreakingGate, read.mixture.gate as? StickBreakingGate)
    #expect(gate != nil && gate == readGate)
    #expect(try read.responsibilities(table) == fit.responsibilities(table))
    #expect(try read.predict(table)[0].weights == gate?.weights)
    let report = FitReport(fit)
    #expect(report.model.contains("effective number of experts = 2."))
    #expect(report.experts.map(\.weight) == gate?.weights)
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func impossibleNumbersAreRefused(value: Double) {
    #expect(throws: ArgumentError.self) { try StickBreakingGate(concentration: .fixed(value)) }
    #expect(throws: ArgumentError.self) { try StickBreakingGate(concentration: .gamma(shape: value, rate: 1)) }
    #expect(throws: ArgumentError.self) { try StickBreakingGate(concentration: .gamma(shape: 1, rate: value)) }
  }
}
