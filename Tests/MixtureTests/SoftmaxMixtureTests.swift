import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import Gates
@testable import MixtureCore

/// Mixtures of linear experts under a softmax gate: whole fits.
@Suite struct SoftmaxMixtureTests {
  /// Maximised log-likelihoods (R: flexmix 2.3.18 with a multinomial logit gate, polished to a stationary point).
  struct Reference: Sendable, CustomTestStringConvertible {
    var set: String
    var experts: Int
    var noise: LinearNoise
    var logLikelihood: Double
    var seeds: [UInt64] = [1]
    var testDescription: String { "\(set), K = \(experts), \(noise)" }
  }

  static let references = [
    Reference(set: "tonedata", experts: 2, noise: .shared, logLikelihood: 107.873481),
    Reference(set: "tonedata", experts: 2, noise: .perExpert, logLikelihood: 142.848014),
    Reference(set: "tonedata", experts: 3, noise: .shared, logLikelihood: 137.111846),
    Reference(set: "mcycle", experts: 2, noise: .shared, logLikelihood: -643.400067),
    Reference(set: "mcycle", experts: 2, noise: .perExpert, logLikelihood: -614.536742),
    // A gate of a step between two rows, one of many.
    Reference(set: "mcycle", experts: 3, noise: .shared, logLikelihood: -620.713823, seeds: [1, 2, 3, 4, 5]),
    Reference(set: "mcycle", experts: 3, noise: .perExpert, logLikelihood: -580.517101),
    Reference(set: "mcycle", experts: 4, noise: .shared, logLikelihood: -598.668325),
  ]

  @Test(arguments: references)
  func reachesReference(_ reference: Reference) throws {
    let rows = try FitTests.rows(reference.set)
    let model = try MixtureModel(
      gate: SoftmaxGate(estimate: .maximumLikelihood),
      blocks: [Block(reference.experts, LinearExpert(estimate: .maximumLikelihood, noise: reference.noise))])
    for seed in reference.seeds {
      var options = FitOptions()
      options.seed = seed
      let fit = try model.fitBlocking(rows, options: options)
      #expect(fit.mixture.linear.collapsedExperts.isEmpty && fit.stopReason == .converged)
      #expect(fit.elbo.total > reference.logLikelihood - 1e-4, "seed \(seed)")
      // The ELBO is the log-likelihood, but for the ridge.
      #expect(abs(fit.elbo.total - (try fit.mixture.logLikelihood(rows))) < 1e-4)
    }
  }

  /// Over every noise × prior × estimate of the gate, no single update lowers the ELBO.
  @Test(arguments: allNoises, [Estimate.variational, .maximumAPosteriori, .maximumLikelihood])
  func neverFallsAfterAnySingleUpdate(noise: LinearNoise, estimate: Estimate) throws {
    let rows = try LinearTruth(rows: 60, features: 2, experts: 3, noise: 0.5, seed: 21).observations()
    for kind in PriorKind.allCases {
      var mixture = try linearMixture(rows, experts: 3, noise: noise, prior: kind.make(dimension: 3))
      mixture.gate = try SoftmaxGate(penalty: 0.3, estimate: estimate)
      mixture.softmax.select([nil, nil, nil])
      try mixture.softmax.configure(for: DataSummary(rows))
      var source: any ResponsibilitySource = RandomResponsibilities(seed: 5, expertCount: 3)
      var last = -Double.infinity
      func check(_ update: String) throws {
        let value = try bound(of: mixture, under: source, rows)
        #expect(value >= last - 1e-10 * abs(last), "\(update), \(kind)")
        last = value
      }
      for _ in 0..<10 {
        let sums = try statistics(of: mixture, under: source, rows)
        let fixed = mixture
        func resum(_ trial: SoftmaxGate) throws -> [Double] {
          var moved = fixed
          moved.gate = trial
          return try statistics(of: moved, under: source, rows).part(1)
        }
        let (experts, gate) = (sums.part(0), sums.part(1))
        var block = mixture.linear
        try LinearExpert.update(&block.experts, sharing: &block.shared, from: experts.span, resum: Resum { _ in [] })
        mixture.linear = block
        try check("experts")
        try mixture.softmax.update(from: gate.span, resum: Resum(resum))
        try check("gate")
        source = MixtureResponsibilities(mixture: mixture)
        try check("q(Z)")
      }
    }
  }

  /// Whole fits, plain and accelerated, with more experts than Newton's step is for too.
  @Test(arguments: [Estimate.variational, .maximumAPosteriori, .maximumLikelihood], [true, false])
  func neverFallsFromPassToPass(estimate: Estimate, isAccelerated: Bool) throws {
    let rows = try LinearTruth(rows: 200, features: 2, experts: 3, noise: 0.5, seed: 22).observations()
    for experts in [1, 3, 12] {
      var options = FitOptions()
      options.starts = 1
      options.maximumIterations = 25
      options.tolerance = .absolute(0)
      options.isAccelerated = isAccelerated
      let fit = try MixtureModel(
        gate: SoftmaxGate(penalty: 2, estimate: estimate),
        blocks: [Block(experts, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5))))]
      ).fitBlocking(rows, from: .recipe(.regions), options: options)
      for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
        #expect(after.total >= before.total - max(before.rounding, after.rounding))
      }
    }
  }

  /// N = 10,000, n = 10, K = 4, z = argmax of a random linear map, w ~ N(0, 4 I), noise sd 0.5: weight RMSE below 0.02.
  /// The benchmark of gates does the same for twenty seeds.
  @Test(arguments: [1, 2] as [UInt64])
  func recoversExpertsBehindALinearMap(seed: UInt64) throws {
    let truth = LinearTruth(rows: 10_000, features: 10, experts: 4, noise: 0, intercept: false, seed: seed)
    var source = RandomSource(seed: 1000 + seed)
    let map = (0..<4).map { _ in (0..<10).map { _ in source.gaussian() } }
    let design = truth.design(intercept: false)
    let response = design.map { x in
      let label = map.indices.max { dot(map[$0], x) < dot(map[$1], x) }!
      return dot(truth.coefficients[label], x) + source.gaussian(standardDeviation: 0.5)
    }
    let rows = try Observations(
      features: truth.features.enumerated().map { (ColumnSchema("x\($0.offset + 1)"), $0.element) },
      responses: [("y", response)])
    var options = FitOptions()
    options.starts = 1
    options.tolerance = .relative(1e-8)
    options.seed = seed
    let fit = try MixtureModel(gate: SoftmaxGate(), blocks: [Block(4, LinearExpert(hasIntercept: false))])
      .fitBlocking(rows, options: options)
    let found = fit.mixture.linear.experts.map(\.coefficients.mean)
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let nearest = truth.coefficients.map { w in found.indices.min { distance(found[$0], w) < distance(found[$1], w) }! }
    let squares = zip(nearest, truth.coefficients).reduce(0) { $0 + distance(found[$1.0], $1.1) }
    #expect(Set(nearest).count == 4 && (squares / 40).squareRoot() < 0.02)
  }

  /// Predictions weigh the experts by the gate at the new rows, as its coefficients in the units of the data say.
  @Test func predictsWithTheGateAtNewRows() async throws {
    let table = try Table(csv: dataFolder.appendingPathComponent("mcycle.csv"))
    let fit = try await Mixture("accel ~ times | times", gate: SoftmaxGate(estimate: .maximumLikelihood)) {
      Block(2, LinearExpert(estimate: .maximumLikelihood))
    }.fit(table)
    let gate = try #require(fit.mixture.gate as? SoftmaxGate)
    let new: [Double] = [3, 21.3, 24, 70]
    let distributions = try fit.predict(Table([("times", .numbers(new))]))
    let difference = gate.coefficients(ofExpert: 1, lessThoseOf: 0).map(\.value)
    for (time, distribution) in zip(new, distributions) {
      let expected = 1 / (1 + exp(-difference[0] - difference[1] * time))
      #expect(isClose(distribution.weights[1], expected, relative: 1e-9))
    }
  }

  @Test(arguments: Estimate.allCases)
  func aFileKeepsEveryBit(estimate: Estimate) async throws {
    let table = try LinearTruth(rows: 80, features: 2, experts: 3, noise: 0.5, seed: 3).table()
    var options = FitOptions()
    options.starts = 2
    let fit = try await Mixture("y ~ x1 + x2 | x2", gate: SoftmaxGate(estimate: estimate)) {
      Block(2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5))))
    }.fit(table, options: options)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try fit.write(to: file)
    let read = try FittedMixture(contentsOf: file)
    #expect(read.mixture.softmax == fit.mixture.softmax && read.elboTrace == fit.elboTrace)
    #expect(try read.responsibilities(table) == fit.responsibilities(table))
    #expect(try read.predict(table).map(\.weights) == fit.predict(table).map(\.weights))
    // Without one of its experts a fit goes on from where it was.
    var fewer = fit.mixture
    try fewer.drop("2")
    #expect(fewer.softmax.expertCount == 1 && fewer.softmax.node.coefficients.allSatisfy { $0 == 0 })
  }

  /// Regions follow what the gate sees; mixed starts have them only for gates that see something.
  @Test func startsFromRegionsAreForGatesThatSee() throws {
    let z = (0..<300).map { Double($0 % 10) }
    let y = z.enumerated().map { sin(Double($0)) + ($1 < 5 ? 0 : 3) }
    let rows = try Observations(features: [], gateFeatures: [("z", z)], responses: [("y", y)])
    let sample = try RowSample(rows, data: DataSummary(rows))
    let reader = try StartRecipe.regions.source(sample, expertCount: 2, seed: 3).makeReader(for: rows)
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    var values = [Double](repeating: 0, count: 2 * tile.capacity)
    var span = values.mutableSpan
    _ = try reader.read(tile, into: &span)
    for i in tile.rows { #expect(values[i] == values[i % 10]) }
    #expect(Set(values.prefix(10)).count == 2)
    var options = FitOptions()
    options.starts = 1
    let seeing = try MixtureModel(gate: SoftmaxGate(), blocks: [Block(2, LinearExpert())]).fitBlocking(
      rows, options: options)
    let blind = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert())]).fitBlocking(
      rows, options: options)
    #expect(seeing.starts.map(\.recipe) == StartRecipe.allCases + [.planes, .regions])
    #expect(blind.starts.map(\.recipe) == [.random, .localised, .kMeans, .planes, .planes])
  }
}

extension MixtureModel {
  /// The softmax gate.
  fileprivate var softmax: SoftmaxGate {
    get { gate as! SoftmaxGate }
    set { gate = newValue }
  }
}
