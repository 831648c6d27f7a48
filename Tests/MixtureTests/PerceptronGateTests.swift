import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import Gates
@testable import MixtureCore

/// The perceptron gate: its gradient, its updates, and what a mixture makes of it.
@Suite struct PerceptronGateTests {
  /// Two lines, y = ±(1 + x), in the quadrants where the signs of two gate features agree and differ: no linear gate tells them apart.
  struct Quadrants {
    let x, z1, z2, y: [Double]
    let labels: [Int]

    init(count: Int, seed: UInt64 = 3) {
      var source = RandomSource(seed: seed)
      func column() -> [Double] { (0..<count).map { _ in source.gaussian() } }
      (x, z1, z2) = (column(), column(), column())
      let noise = (0..<count).map { _ in source.gaussian(standardDeviation: 0.3) }
      labels = zip(z1, z2).map { $0 * $1 > 0 ? 0 : 1 }
      y = zip(zip(x, labels), noise).map { ($0.1 == 0 ? 1 : -1) * (1 + $0.0) + $1 }
    }

    /// Some of the rows, or all. Rows of a group have one value of each gate feature.
    func rows(
      z1 change: (Double) -> Double = { $0 }, weights: [Double]? = nil, groups: [Int]? = nil,
      gateHasIntercept: Bool = true, selecting indices: [Int]? = nil
    ) throws -> Observations {
      func pick(_ column: [Double]) -> [Double] { (indices ?? Array(column.indices)).map { column[$0] } }
      func pickForGate(_ column: [Double]) -> [Double] { groups.map { $0.map { column[$0] } } ?? pick(column) }
      return try Observations(
        features: [("x", pick(x))], gateFeatures: [("z1", pickForGate(z1.map(change))), ("z2", pickForGate(z2))],
        responses: [("y", pick(y))], rowWeights: weights, groups: groups, gateHasIntercept: gateHasIntercept)
    }
  }

  private func options(passes: Int, threads: Int = 1, isAccelerated: Bool = true) -> FitOptions {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.threads = threads
    options.isAccelerated = isAccelerated
    return options
  }

  private func mixture(
    _ gate: PerceptronGate, experts: Int = 2, noise: LinearNoise = .shared, prior: GaussianPrior = GaussianPrior()
  ) throws -> MixtureModel {
    try MixtureModel(gate: gate, blocks: [Block(experts, LinearExpert(prior: prior, noise: noise))])
  }

  // MARK: The gradient

  /// The sums' gradient against fourth-order differences of the sums' objective, at random weights.
  @Test(arguments: PerceptronGate.Activation.allCases, [[3], [4, 2]])
  func gradientEqualsDifferences(activation: PerceptronGate.Activation, hiddenUnits: [Int]) throws {
    let data = Quadrants(count: 90)
    let triples = (0..<90).map { $0 / 3 }
    let responsibilities = RandomResponsibilities(seed: 2, expertCount: 3)
    for (hasBiases, isWeighted, isGrouped) in [
      (true, false, false), (true, true, false), (true, true, true), (false, true, true), (false, false, false),
    ] {
      let weights = isWeighted ? triples.map { Double($0 % 4) } : nil
      let rows = try data.rows(weights: weights, groups: isGrouped ? triples : nil)
      var gate = try PerceptronGate(hiddenUnits: hiddenUnits, activation: activation, hasBiases: hasBiases)
      gate.select([nil, nil, nil])
      try gate.configure(for: DataSummary(rows))
      var source = RandomSource(seed: 6)
      gate.parameters = gate.parameters.map { _ in source.gaussian(standardDeviation: 0.7) }
      func sums(_ gate: PerceptronGate) throws -> [Double] {
        var mixture = try mixture(gate, experts: 3)
        mixture.gate = gate
        return try statistics(of: mixture, under: responsibilities, rows).part(1)
      }
      let here = try sums(gate)
      let rowWeight = (weights ?? data.x.map { _ in 1 }).reduce(0, +)
      #expect(abs(here[0] - (isGrouped ? rowWeight / 3 : rowWeight)) < 1e-10 && here.count == 2 + gate.parameters.count)
      for index in gate.parameters.indices {
        func objective(_ step: Double) throws -> Double {
          var moved = gate
          moved.parameters[index] += step
          return try sums(moved)[1]
        }
        let h = activation == .relu ? 1e-6 : 1e-3
        let slope = try (8 * (objective(h) - objective(-h)) - (objective(2 * h) - objective(-2 * h))) / (12 * h)
        #expect(abs(slope - here[2 + index]) <= 1e-7 * max(1, abs(slope)), "weight \(index), biases \(hasBiases)")
      }
    }
  }

  // MARK: Fits

  /// Whole fits, over noise × prior × kind of gate, plain and accelerated: the ELBO never falls.
  @Test(arguments: allNoises, PerceptronGate.Activation.allCases)
  func theBoundNeverFalls(noise: LinearNoise, activation: PerceptronGate.Activation) throws {
    let rows = try Quadrants(count: 120).rows()
    let priors: [GaussianPrior] = [
      GaussianPrior(), GaussianPrior(covariance: .fixed(variance: 5), mean: .common), GaussianPrior(covariance: .diagonal),
    ]
    for prior in priors {
      for (hiddenUnits, penalty, isAccelerated) in [([3], 0.1, true), ([3, 2], 0, false)] {
        let gate = try PerceptronGate(hiddenUnits: hiddenUnits, activation: activation, penalty: penalty, innerSteps: 4)
        let fit = try mixture(gate, experts: 3, noise: noise, prior: prior)
          .fitBlocking(rows, from: .recipe(.localised), options: options(passes: 15, isAccelerated: isAccelerated))
        #expect(fit.elboTrace.count > 5)
        for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
          #expect(after.total >= before.total - max(before.rounding, after.rounding), "\(prior), \(hiddenUnits)")
        }
      }
    }
  }

  /// A linear gate can do no better than one half; the perceptron finds each row's line.
  @Test(arguments: PerceptronGate.Activation.allCases)
  func learnsQuadrants(activation: PerceptronGate.Activation) throws {
    let gate = try PerceptronGate(activation: activation, penalty: 0.1)
    let fit = try mixture(gate).fitBlocking(
      try Quadrants(count: 400).rows(), from: .recipe(.localised), options: options(passes: 12))
    let new = Quadrants(count: 300, seed: 4)
    let distributions = try fit.mixture.predict(try new.rows())
    let first = distributions.map { $0.weights[0] > 0.5 }
    let hits = zip(first, new.labels).count { $0 == ($1 == 0) }
    #expect(max(hits, 300 - hits) >= 270, "\(hits) of 300")
  }

  /// From labels that a network drew, the weights π(x) of that network.
  @Test func recoversKnownWeights() throws {
    var source = RandomSource(seed: 5)
    let z = (0..<4000).map { _ in source.uniform() * 6 - 3 }
    let truth = z.map { 1 / (1 + exp(-(3 * tanh(2 * $0 + 2) - 3 * tanh(2 * $0 - 2) - 3))) }
    let labels = truth.map { source.uniform() < $0 ? 1 : 0 }
    let rows = try Observations(features: [], gateFeatures: [("z", z)], responses: [("y", z)])
    var gate = try PerceptronGate(hiddenUnits: [4], penalty: 0.01, innerSteps: 200)
    gate.select([nil, nil])
    try gate.configure(for: DataSummary(rows))
    let table = try ResponsibilityTable(labels: labels, expertCount: 2)
    var mixture = try mixture(gate)
    try mixture.configure(for: DataSummary(rows))
    let engine = try PassEngine(rows: rows, for: mixture, threads: 1)
    let sums = try engine.statistics(of: mixture, under: table).part(1)
    try gate.update(
      from: sums.span,
      resum: Resum { trial in
        mixture.gate = trial
        return try engine.statistics(of: mixture, under: table, part: 1).part(1)
      })
    mixture.gate = gate
    let weights = try mixture.predict(rows).map { $0.weights[1] }
    let distance = zip(weights, truth).reduce(0) { $0 + abs($1.0 - $1.1) } / 4000
    #expect(distance < 0.02, "off by \(distance) in the mean")
  }

  /// Extrapolated sums are those of no responsibilities, under which the gate could not make its passes: all steps are plain.
  @Test func accelerationChangesNothing() throws {
    let rows = try Quadrants(count: 200).rows()
    let model = try mixture(PerceptronGate(hiddenUnits: [4], innerSteps: 3))
    let fits = try [true, false].map {
      try model.fitBlocking(rows, from: .recipe(.random), options: options(passes: 40, isAccelerated: $0))
    }
    #expect(fits[0].elboTrace == fits[1].elboTrace && fits[0].elboTrace.count > 10)
  }

  @Test func sameBitsOnOneThreadAndOnTwo() throws {
    let rows = try Quadrants(count: 3000).rows()
    let model = try mixture(PerceptronGate(hiddenUnits: [4, 3], innerSteps: 4))
    let one = try model.fitBlocking(rows, from: .recipe(.random), options: options(passes: 12, threads: 1))
    let two = try model.fitBlocking(rows, from: .recipe(.random), options: options(passes: 12, threads: 2))
    #expect(one.elboTrace == two.elboTrace)
    #expect(one.mixture.gate as? PerceptronGate == two.mixture.gate as? PerceptronGate)
  }

  /// z1 in other units and from another origin: the same search, but for rounding, which a search of many steps would amplify.
  @Test(arguments: [true, false])
  func affineChangesLeavePredictions(gateHasIntercept: Bool) throws {
    let data = Quadrants(count: 500)
    let start = Start.responsibilities(try ResponsibilityTable(labels: data.labels, expertCount: 2))
    func weights(_ change: (Double) -> Double) throws -> [[Double]] {
      let rows = try data.rows(z1: change, gateHasIntercept: gateHasIntercept)
      let fit = try mixture(PerceptronGate(innerSteps: 8)).fitBlocking(rows, from: start, options: options(passes: 4))
      return try fit.mixture.predict(rows).map(\.weights)
    }
    let (plain, changed) = (try weights { $0 }, try weights { 70 * $0 + (gateHasIntercept ? 500 : 0) })
    let spread = plain.map { abs($0[0] - 0.5) }.max() ?? 0
    #expect(spread > 0.05, "weights that are all alike tell nothing")
    let difference = zip(plain.joined(), changed.joined()).map { abs($0 - $1) }.max() ?? .nan
    #expect(difference <= 1e-6)
  }

  /// The weights in the units of the data give the π of the gate, computed here from the raw features.
  @Test(arguments: [true, false])
  func weightsAreInTheUnitsOfTheData(hasBiases: Bool) throws {
    let data = Quadrants(count: 300)
    let rows = try data.rows(z1: { 50 + 7 * $0 })
    let gate = try PerceptronGate(hiddenUnits: [3], hasBiases: hasBiases)
    let fit = try mixture(gate).fitBlocking(
      rows, from: .responsibilities(try ResponsibilityTable(labels: data.labels, expertCount: 2)),
      options: options(passes: 5))
    let weights = try #require(fit.mixture.gate as? PerceptronGate).weights
    let bias = hasBiases ? [1.0] : []
    #expect(weights.map(\.rows) == [2 + bias.count, 3 + bias.count] && weights.map(\.columns) == [3, 2])
    for (i, distribution) in try fit.mixture.predict(rows).enumerated() {
      let hidden = (weights[0].transposed * (bias + [50 + 7 * data.z1[i], data.z2[i]])).map { tanh($0) }
      let scores = (weights[1].transposed * (bias + hidden)).map { exp($0) }
      #expect(abs(distribution.weights[0] - scores[0] / (scores[0] + scores[1])) <= 1e-10)
    }
  }

  /// A row of weight two is the row twice.
  @Test func weightsCount() throws {
    let data = Quadrants(count: 200)
    let twice = (0..<200).flatMap { $0 % 4 == 0 ? [$0, $0] : [$0] }
    func fit(_ rows: Observations, _ labels: [Int]) throws -> Fit {
      try mixture(PerceptronGate(hiddenUnits: [3], innerSteps: 3)).fitBlocking(
        rows, from: .responsibilities(try ResponsibilityTable(labels: labels, expertCount: 2)), options: options(passes: 6))
    }
    let weighted = try fit(data.rows(weights: (0..<200).map { $0 % 4 == 0 ? 2 : 1 }), data.labels)
    let repeated = try fit(data.rows(selecting: twice), twice.map { data.labels[$0] })
    #expect(isClose(weighted.elbo.total, repeated.elbo.total, relative: 1e-8))
  }

  // MARK: Experts that come and go

  @Test func selectKeepsWhatItKnows() throws {
    let data = Quadrants(count: 200)
    let rows = try data.rows()
    var gate = try PerceptronGate(hiddenUnits: [3])
    gate.select([nil, nil, nil])
    try gate.configure(for: DataSummary(rows))
    var source = RandomSource(seed: 9)
    gate.parameters = gate.parameters.map { _ in source.gaussian() }
    func logWeights(_ gate: PerceptronGate) throws -> [[Double]] {
      var mixture = try mixture(PerceptronGate(), experts: gate.expertCount)
      mixture.gate = gate
      return try mixture.predict(rows).map { $0.weights.map { log($0) } }
    }
    let before = try logWeights(gate)
    var changed = gate
    changed.select([2, 0, nil])
    for (old, new) in zip(before, try logWeights(changed)) {
      // Ratios of the experts that stay are as they were; the new one is between them.
      #expect(abs((new[0] - new[1]) - (old[2] - old[0])) < 1e-12)
      #expect(abs(new[2] - (new[0] + new[1]) / 2) < 1e-12)
    }
    changed.select([nil, nil])
    #expect(try logWeights(changed).joined().allSatisfy { abs($0 - log(0.5)) < 1e-15 })
  }

  @Test func expertsOfAFitComeAndGo() throws {
    let rows = try Quadrants(count: 300).rows()
    let fit = try mixture(PerceptronGate(hiddenUnits: [4], innerSteps: 4), experts: 3).fitBlocking(
      rows, options: options(passes: 20))
    var model = fit.mixture
    try model.drop("2")
    let fewer = try model.fitBlocking(rows, from: .mixture(model), options: options(passes: 20))
    #expect(fewer.mixture.gate.expertCount == 2)
    try model.add(Block(1, LinearExpert(), named: "new"))
    #expect(try model.fitBlocking(rows, options: options(passes: 20)).mixture.gate.expertCount == 3)
  }

  // MARK: Files and errors

  @Test func modelFilesKeepEveryBit() async throws {
    let data = Quadrants(count: 300)
    let table = try Table([
      ("x", .numbers(data.x)), ("z1", .numbers(data.z1)), ("z2", .numbers(data.z2)), ("y", .numbers(data.y)),
    ])
    let fit = try await Mixture("y ~ x | z1 + z2", gate: PerceptronGate(innerSteps: 4)) { Block(2, LinearExpert()) }
      .fit(table, options: options(passes: 10))
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try fit.write(to: file)
    let read = try FittedMixture(contentsOf: file)
    #expect(read.mixture.gate as? PerceptronGate == fit.mixture.gate as? PerceptronGate)
    #expect(try read.responsibilities(table) == fit.responsibilities(table))
    #expect(try read.predict(table).map(\.weights) == fit.predict(table).map(\.weights))
  }

  @Test func refusesWhatHasNoMeaning() throws {
    #expect(throws: ArgumentError.self) { try PerceptronGate(hiddenUnits: []) }
    #expect(throws: ArgumentError.self) { try PerceptronGate(hiddenUnits: [3, 0]) }
    #expect(throws: ArgumentError.self) { try PerceptronGate(penalty: -1) }
    #expect(throws: ArgumentError.self) { try PerceptronGate(penalty: .infinity) }
    #expect(throws: ArgumentError.self) { try PerceptronGate(innerSteps: 0) }
    let rows = try Observations(features: [], responses: [("y", [1, 2, 4])])
    #expect(throws: DataError.self) {
      try mixture(PerceptronGate(hasBiases: false)).fitBlocking(rows, options: options(passes: 3))
    }
  }
}
