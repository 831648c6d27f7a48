import Foundation
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// Clusters of features, in whole mixtures.
@Suite struct GaussianGateTests {
  /// Rows that lie in one of two clusters of features, each with its own level of the response.
  private struct Clusters {
    var features: [[Double]] = [[], []]
    var response: [Double] = []
    var labels: [Int] = []

    init(rows: Int, seed: UInt64) {
      var source = RandomSource(seed: seed)
      for _ in 0..<rows {
        let label = source.integer(below: 2)
        let first = source.gaussian(mean: label == 0 ? 10 : 13)
        features[0].append(first)
        features[1].append(source.gaussian(mean: (label == 0 ? 300 : 200) + 20 * first, standardDeviation: 15))
        response.append(source.gaussian(mean: label == 0 ? 1 : -1, standardDeviation: 0.5))
        labels.append(label)
      }
    }

    func observations(
      _ features: [[Double]]? = nil, weights: [Double]? = nil, groups: [Int]? = nil
    ) throws -> Observations {
      try Observations(
        features: [],
        gateFeatures: (features ?? self.features).enumerated().map { (ColumnSchema("z\($0.offset + 1)"), $0.element) },
        responses: [("y", response)], rowWeights: weights, groups: groups)
    }

    /// The columns z1, z2 and y.
    func table() throws -> Table {
      try Table([("z1", .numbers(features[0])), ("z2", .numbers(features[1])), ("y", .numbers(response))])
    }
  }

  private func options(passes: Int) -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    options.threads = 1
    return options
  }

  private func model(_ count: Int, _ gate: GaussianGate) throws -> MixtureModel {
    try MixtureModel(gate: gate, blocks: [Block(count, LinearExpert())])
  }

  /// ln of the evidence of points under a Normal–Wishart distribution: the quotient of its normalisers after and before
  /// (Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution").
  private func logEvidence(
    of points: [[Double]], _ location: [Double], _ meanPrecision: Double, _ freedom: Double, _ inverseScale: Matrix
  ) throws -> Double {
    let (count, d) = (Double(points.count), location.count)
    guard count > 0 else { return 0 }
    let centre = (0..<d).map { j in points.reduce(0) { $0 + $1[j] } / count }
    var after = inverseScale
    for i in 0..<d {
      for j in 0..<d {
        after[i, j] += points.reduce(0) { $0 + ($1[i] - centre[i]) * ($1[j] - centre[j]) }
        after[i, j] +=
          meanPrecision * count / (meanPrecision + count) * (centre[i] - location[i]) * (centre[j] - location[j])
      }
    }
    let logGammas = (0..<d).reduce(0.0) {
      $0 + lgamma(0.5 * (freedom + count - Double($1))) - lgamma(0.5 * (freedom - Double($1)))
    }
    let (before, later) = (try Cholesky(inverseScale).logDeterminant, try Cholesky(after).logDeterminant)
    return logGammas - 0.5 * count * Double(d) * log(.pi) + 0.5 * Double(d) * log(meanPrecision / (meanPrecision + count))
      + 0.5 * (freedom * before - (freedom + count) * later)
  }

  /// With one expert the ELBO is the evidence of the expert and that of the features, here under a given prior and under that which
  /// follows from the data.
  @Test(arguments: [true, false])
  func oneExpertEqualsClosedForm(isGiven: Bool) throws {
    let truth = Clusters(rows: 50, seed: 3)
    let points = (0..<50).map { [truth.features[0][$0], truth.features[1][$0]] }
    var location = (0..<2).map { truth.features[$0].reduce(0, +) / 50 }
    var scale = Matrix(rows: 2, columns: 2)
    for i in 0..<2 {
      for j in 0..<2 {
        scale[i, j] = points.reduce(0) { $0 + ($1[i] - location[i]) * ($1[j] - location[j]) } / 50
      }
    }
    var (prior, meanPrecision, freedom) = (ClusterPrior(), 0.01, 4.0)
    if isGiven {
      (location, meanPrecision, freedom) = ([9, 450], 0.3, 5.5)
      scale = Matrix(rows: 2, columns: 2, elements: [2, 10, 10, 900])
      prior = ClusterPrior(
        location: location, meanPrecision: meanPrecision, degreesOfFreedom: freedom, inverseScale: scale)
    }
    let background = UniformExpert(range: -10...10)
    let mixture = try MixtureModel(gate: GaussianGate(clusters: prior), blocks: [Block(1, background)])
    let fit = try mixture.fitBlocking(truth.observations(), options: options(passes: 2))
    let exact = try logEvidence(of: points, location, meanPrecision, freedom, scale) - 50 * log(20)
    #expect(isClose(fit.elbo.total, exact, relative: 1e-10))
  }

  /// The exact evidence of eight rows by enumeration of their assignments: no bound exceeds it.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func neverExceedsExactEvidence(seed: UInt64) throws {
    let truth = LinearTruth(rows: 8, features: 1, experts: 2, noise: 0.5, seed: seed)
    let prior = ClusterPrior(
      location: [0.2], meanPrecision: 0.5, degreesOfFreedom: 3, inverseScale: Matrix(diagonal: [0.7]))
    func logEvidence(of members: [[Int]]) throws -> Double {
      var sum = lgamma(3.0) - lgamma(11.0)
      for rows in members {
        sum += lgamma(1.5 + Double(rows.count)) - lgamma(1.5)
        sum += try self.logEvidence(of: rows.map { [truth.features[0][$0]] }, [0.2], 0.5, 3, Matrix(diagonal: [0.7]))
      }
      return sum
    }
    let exact = try ExactEvidence.log(of: truth, noiseVariance: 0.3, logWeight: logEvidence)
    let experts = Block(
      2, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 5)), noise: .fixed(variance: 0.3)))
    let fit = try MixtureModel(gate: GaussianGate(concentration: 1.5, clusters: prior), blocks: [experts])
      .fitBlocking(truth.observations(), options: options(passes: 200))
    #expect(fit.elbo.total < exact)
    #expect(fit.elbo.total > exact - 15, "a bound far below is no check")
  }

  @Test(arguments: allNoises, [true, false])
  func boundsNeverFall(noise: LinearNoise, isAccelerated: Bool) throws {
    let rows = try LinearTruth(rows: 60, features: 2, experts: 3, noise: 0.5, seed: 22).observations()
    var options = options(passes: 25)
    options.isAccelerated = isAccelerated
    for kind in [PriorKind.fixed, .isotropic, .diagonal, .commonMean] {
      for concentration in [0.1, 1, 10] {
        let model = try MixtureModel(
          gate: GaussianGate(concentration: concentration),
          blocks: [Block(3, LinearExpert(prior: kind.make(dimension: 3), noise: noise))])
        let fit = try model.fitBlocking(rows, from: .recipe(.localised), options: options)
        for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
          #expect(after.total >= before.total - max(before.rounding, after.rounding), "\(kind), \(concentration)")
        }
      }
    }
  }

  @Test func findsClustersAndPredictsByThem() throws {
    let truth = Clusters(rows: 400, seed: 5)
    let fit = try model(2, GaussianGate()).fitBlocking(truth.observations())
    let gate = try #require(fit.mixture.gate as? GaussianGate)
    let order = try #require(try gate.cluster(ofExpert: 0)).location[0] < 11.5 ? [0, 1] : [1, 0]
    for (label, k) in order.enumerated() {
      let distribution = try #require(try gate.cluster(ofExpert: k))
      let covariance = try #require(distribution.meanCovariance)
      #expect(
        abs(distribution.location[0] - [10, 13][label]) < 0.3 && abs(distribution.location[1] - [500, 460][label]) < 6)
      // Var z1 = 1, Cov = 20, Var z2 = 400 + 225.
      #expect(abs(covariance[0, 0] - 1) < 0.3 && abs(covariance[0, 1] - 20) < 6 && abs(covariance[1, 1] - 625) < 150)
      #expect(abs(gate.weights[k] - 0.5) < 0.1)
    }
    // At new places of the features.
    let new = try Observations(
      features: [], gateFeatures: [("z1", [9, 14]), ("z2", [480, 480])], responses: [("y", [0, 0])])
    let distributions = try fit.mixture.predict(new)
    #expect(distributions[0].weights[order[0]] > 0.99 && distributions[1].weights[order[1]] > 0.99)
    #expect(abs(distributions[0].mean - 1) < 0.2 && abs(distributions[1].mean + 1) < 0.2)
  }

  /// Mixed, shifted and scaled features leave weights and predictions as they are; the density is per unit of the features.
  @Test func affineChangesOfTheFeatures() throws {
    let truth = Clusters(rows: 150, seed: 8)
    let changed = [
      zip(truth.features[0], truth.features[1]).map { 5e4 + 3 * $0 - 0.01 * $1 },
      zip(truth.features[0], truth.features[1]).map { 1e-3 * $0 + 2e-3 * $1 },
    ]
    let start = try Start.responsibilities(ResponsibilityTable(labels: truth.labels, expertCount: 2))
    func fit(_ features: [[Double]]) throws -> (fit: Fit, rows: Observations) {
      let rows = try truth.observations(features)
      return (try model(2, GaussianGate()).fitBlocking(rows, from: start), rows)
    }
    let (a, b) = (try fit(truth.features), try fit(changed))
    let (lawsA, lawsB) = (try a.fit.mixture.predict(a.rows), try b.fit.mixture.predict(b.rows))
    for (first, second) in zip(lawsA, lawsB) {
      #expect(abs(first.weights[0] - second.weights[0]) < 1e-8 && abs(first.mean - second.mean) < 1e-8)
    }
    let determinant = 3 * 2e-3 + 0.01 * 1e-3
    #expect(abs(a.fit.elbo.total - b.fit.elbo.total - 150 * log(determinant)) < 1e-6)
  }

  @Test func aWeightOfTwoIsTheRowTwice() throws {
    let truth = Clusters(rows: 60, seed: 9)
    var twice = truth
    for i in 0..<20 {
      for j in 0..<2 { twice.features[j].append(truth.features[j][i]) }
      twice.response.append(truth.response[i])
      twice.labels.append(truth.labels[i])
    }
    func bound(_ clusters: Clusters, weights: [Double]? = nil) throws -> Double {
      let start = try Start.responsibilities(ResponsibilityTable(labels: clusters.labels, expertCount: 2))
      return try model(2, GaussianGate()).fitBlocking(clusters.observations(weights: weights), from: start).elbo.total
    }
    let weighted = try bound(truth, weights: (0..<60).map { $0 < 20 ? 2 : 1 })
    #expect(isClose(try bound(twice), weighted, relative: 1e-10))
  }

  /// A group counts as one point of the features.
  @Test func groupsAreOnePointEach() throws {
    let truth = Clusters(rows: 40, seed: 10)
    var rows = truth
    for j in 0..<2 { rows.features[j] = truth.features[j].flatMap { [$0, $0, $0] } }
    rows.response = truth.response.flatMap { [$0, $0 + 0.1, $0 - 0.1] }
    let start = try Start.responsibilities(ResponsibilityTable(labels: truth.labels, expertCount: 2))
    let fit = try model(2, GaussianGate()).fitBlocking(rows.observations(groups: (0..<120).map { $0 / 3 }), from: start)
    let gate = try #require(fit.mixture.gate as? GaussianGate)
    #expect(isClose(gate.posterior.concentration.reduce(0, +), 42, relative: 1e-12))
    let freedom = try (0..<2).reduce(0) { try $0 + #require(try gate.cluster(ofExpert: $1)).degreesOfFreedom }
    #expect(isClose(freedom, 48, relative: 1e-12))
  }

  /// A constant, and a sum of others, change nothing but the warnings.
  @Test func featuresThatSayNothingNewAreLeftOut() throws {
    let truth = Clusters(rows: 80, seed: 11)
    let more = [
      truth.features[0], Array(repeating: 7, count: 80), truth.features[1],
      zip(truth.features[0], truth.features[1]).map { 2 * $0 + $1 },
    ]
    let start = try Start.responsibilities(ResponsibilityTable(labels: truth.labels, expertCount: 2))
    func given(_ count: Int) -> ClusterPrior {
      // Of four features, the two that are left have two degrees of freedom less.
      count == 2
        ? ClusterPrior(location: [11, 450], degreesOfFreedom: 4, inverseScale: Matrix(diagonal: [1, 900]))
        : ClusterPrior(location: [11, 5, 450, 9], degreesOfFreedom: 6, inverseScale: Matrix(diagonal: [1, 3, 900, 2]))
    }
    for isGiven in [false, true] {
      func fit(_ features: [[Double]]) throws -> Fit {
        let gate = try GaussianGate(clusters: isGiven ? given(features.count) : ClusterPrior())
        return try model(2, gate).fitBlocking(truth.observations(features), from: start)
      }
      let (few, all) = (try fit(truth.features), try fit(more))
      #expect(isClose(few.elbo.total, all.elbo.total, relative: 1e-12))
      #expect((all.mixture.gate as? GaussianGate)?.featureNames == ["z1", "z3"])
      #expect(few.warnings.count { $0.contains("leaves out") } == 0)
      #expect(all.warnings.contains("the gate leaves out z2, which is constant"))
      #expect(all.warnings.contains("the gate leaves out z4, which follows from z1 and z3"))
    }
  }

  @Test func theBoundIsSaidToBeThatOfFeaturesToo() throws {
    let fit = try model(2, GaussianGate()).fitBlocking(Clusters(rows: 60, seed: 12).observations())
    #expect(fit.warnings.contains { $0.contains("p(y, x)") && $0.contains("do not compare") })
  }

  @Test func gatesWithoutFeaturesAreRefused() throws {
    for features in [[], [Array(repeating: 3.0, count: 60)]] {
      let error = #expect(throws: MixtureError.self) {
        try model(2, GaussianGate()).fitBlocking(Clusters(rows: 60, seed: 13).observations(features))
      }
      #expect(error?.description.contains("no feature that varies") == true)
    }
  }

  @Test func priorsMustFit() throws {
    let rows = try Clusters(rows: 60, seed: 14).observations()
    for prior in [ClusterPrior(location: [1]), ClusterPrior(inverseScale: .identity(3))] {
      let error = #expect(throws: ArgumentError.self) { try model(2, GaussianGate(clusters: prior)).fitBlocking(rows) }
      #expect(error?.part == "ClusterPrior" && error?.need.contains("2") == true)
    }
    let impossible = [
      ClusterPrior(meanPrecision: 0), ClusterPrior(degreesOfFreedom: 1),
      ClusterPrior(inverseScale: Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 1])),
    ]
    for prior in impossible {
      #expect(throws: ArgumentError.self) { try model(2, GaussianGate(clusters: prior)).fitBlocking(rows) }
    }
    #expect(throws: ArgumentError.self) { try GaussianGate(concentration: 0) }
  }

  @Test func expertsComeAndGo() throws {
    let rows = try Clusters(rows: 200, seed: 15).observations()
    let fit = try model(3, GaussianGate()).fitBlocking(rows, options: options(passes: 50))
    var mixture = fit.mixture
    try mixture.drop("2")
    let (before, after) = (fit.mixture.gate as? GaussianGate, mixture.gate as? GaussianGate)
    #expect(try after?.cluster(ofExpert: 1) == before?.cluster(ofExpert: 2))
    #expect(try mixture.predict(rows).allSatisfy { isClose($0.weights.reduce(0, +), 1, relative: 1e-12) })
    #expect(try mixture.fitBlocking(rows, from: .mixture(mixture)).mixture.expertCount == 2)
    try mixture.add(Block(1, LinearExpert(), named: "new"))
    let wide = try #require(try (mixture.gate as? GaussianGate)?.cluster(ofExpert: 2))
    #expect(wide.meanPrecision == 0.01 && wide.degreesOfFreedom == 4)
    #expect(try mixture.fitBlocking(rows).mixture.expertCount == 3)
  }

  @Test func formulasFilesAndReports() async throws {
    let truth = Clusters(rows: 120, seed: 16)
    let table = try truth.table()
    let fit = try await Mixture("y ~ 1 | z1 + z2", gate: GaussianGate()) { Block(2, LinearExpert()) }.fit(table)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try fit.write(to: url)
    let read = try FittedMixture(contentsOf: url)
    let (gate, readGate) = (fit.mixture.gate as? GaussianGate, read.mixture.gate as? GaussianGate)
    #expect(gate != nil && gate == readGate)
    #expect(try read.responsibilities(table) == fit.responsibilities(table))
    #expect(try read.predict(table).map(\.weights) == fit.predict(table).map(\.weights))
    #expect("\(fit)".contains("p(y, x)"))
    // Without |, the gate sees what the experts see, and shares their design.
    let shared = try await Mixture("y ~ z1 + z2", gate: GaussianGate()) { Block(2, LinearExpert()) }.fit(table)
    #expect((shared.mixture.gate as? GaussianGate)?.featureNames == ["z1", "z2"])
  }
}
