import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// Weights, groups, tiles, standardisation, summaries, and what is refused.
@Suite struct DataTests {
  private let options: FitOptions = {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = 30
    options.tolerance = .absolute(0)
    return options
  }()

  private func model(noise: LinearNoise = .perExpert) throws -> MixtureModel {
    try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert(noise: noise))])
  }

  private func start(_ truth: LinearTruth, rows: [Int]) throws -> Start {
    .responsibilities(try ResponsibilityTable(rows.map { truth.labels[$0] == 0 ? [0.7, 0.3] : [0.2, 0.8] }))
  }

  private func select(_ truth: LinearTruth, rows: [Int]) -> LinearTruth {
    var selected = truth
    selected.features = truth.features.map { column in rows.map { column[$0] } }
    selected.response = rows.map { truth.response[$0] }
    selected.labels = rows.map { truth.labels[$0] }
    return selected
  }

  @Test(arguments: allNoises)
  func weightsCountRows(noise: LinearNoise) throws {
    let truth = LinearTruth(rows: 500, features: 2, experts: 2, noise: 0.5, seed: 3)
    let counts = truth.response.indices.map { $0 % 4 }
    let repeated = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let weighted = try model(noise: noise).fitBlocking(
      truth.observations(weights: counts.map(Double.init)), from: start(truth, rows: Array(counts.indices)),
      options: options)
    let expanded = try model(noise: noise).fitBlocking(
      select(truth, rows: repeated).observations(), from: start(truth, rows: repeated), options: options)
    #expect(isClose(weighted.elbo.total, expanded.elbo.total, relative: 1e-11))
    for (a, b) in zip(weighted.mixture.linear.experts, expanded.mixture.linear.experts) {
      #expect(zip(a.coefficients.mean, b.coefficients.mean).allSatisfy { isClose($0, $1, relative: 1e-9) })
      #expect(isClose(a.noiseVariance, b.noiseVariance, relative: 1e-10))
    }
  }

  @Test func groupsShareOneAssignment() throws {
    let truth = LinearTruth(rows: 600, features: 1, experts: 2, noise: 0.5, seed: 3)
    let groups = truth.response.indices.map { $0 / 3 }
    let rows = try truth.observations(groups: groups)
    #expect(rows.assignmentCount == 200)
    let fit = try model().fitBlocking(rows, options: options)
    let responsibilities = try fit.mixture.responsibilities(rows)
    #expect(responsibilities.count == 200)
    // By hand: the rows' expected log-likelihoods add before the softmax.
    let logWeights = fit.mixture.dirichlet.posterior.meanLog
    for (group, shares) in responsibilities.enumerated() {
      let scores = (0..<2).map { k -> Double in
        let expert = fit.mixture.linear.experts[k]
        let distribution = expert.coefficients
        return (3 * group..<3 * group + 3).reduce(logWeights[k]) { sum, i in
          let x = [1, truth.features[0][i]]
          let residual = truth.response[i] - dot(distribution.mean, x)
          let squares = residual * residual + distribution.covariance.quadraticForm(x)
          return sum + 0.5 * (expert.noisePrecision.meanLog - log(2 * .pi) - expert.noisePrecision.mean * squares)
        }
      }
      let share = 1 / (1 + exp(scores[1] - scores[0]))
      #expect(abs(share - shares[0]) < 1e-10)
    }
    // The gate counts groups, the noise counts rows.
    #expect(isClose(fit.effectiveRows.reduce(0, +), 600, relative: 1e-12))
    #expect(isClose(fit.mixture.dirichlet.posterior.concentration.reduce(0, +), 202, relative: 1e-12))
    let single = try bound(of: fit.mixture, under: MixtureResponsibilities(mixture: fit.mixture), rows)
    #expect(isClose(single, fit.elbo.total, relative: 1e-12))
  }

  @Test func aGroupLargerThanATileStaysWhole() throws {
    let truth = LinearTruth(rows: 2000, features: 1, experts: 2, noise: 0.5, seed: 3)
    let groups = truth.response.indices.map { $0 < 900 ? 0 : $0 }
    let rows = try truth.observations(groups: groups)
    let tile = rows.makeTile()
    var seen = 0
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      #expect(tile.rowNumbers.lowerBound == seen)
      seen = tile.rowNumbers.upperBound
      #expect(tile.assignmentOfRow!.last! == tile.assignmentCount - 1)
    }
    #expect(seen == 2000 && rows.assignmentCount == 1101)
    #expect(try model().fitBlocking(rows, options: options).starts.contains { $0.iterations == 30 })
  }

  @Test func summaryIsAccurateFarFromTheOrigin() throws {
    let values = (0..<1000).map { 1e9 + Double($0 % 7) }
    let rows = try Observations(features: [("x", values)], responses: [("y", values.map { $0 * 1e-3 })])
    let summary = try DataSummary(rows)
    let offsets = (0..<1000).map { Double($0 % 7) }
    let mean = offsets.reduce(0, +) / 1000
    let variance = offsets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000
    #expect(abs(summary.features[0].mean - 1e9 - mean) < 1e-6)
    #expect(isClose(summary.features[0].variance, variance, relative: 1e-9))
    #expect(summary.rowCount == 1000 && summary.totalWeight == 1000)
  }

  @Test func shiftsAndScalesOfTheDataChangeNothingButUnits() throws {
    let truth = LinearTruth(rows: 400, features: 2, experts: 2, noise: 0.5, seed: 3)
    var moved = truth
    moved.features[0] = truth.features[0].map { $0 * 8 + 1e6 }
    moved.response = truth.response.map { $0 * 4 - 1e5 }
    let start = try start(truth, rows: Array(truth.response.indices))
    let a = try model().fitBlocking(truth.observations(), from: start, options: options)
    let b = try model().fitBlocking(moved.observations(), from: start, options: options)
    // The density of 4y is a quarter of that of y.
    #expect(isClose(a.elbo.total, b.elbo.total + 400 * log(4), relative: 1e-8))
    for (one, other) in zip(a.mixture.linear.experts, b.mixture.linear.experts) {
      #expect(isClose(one.coefficients.mean[1] * 0.5, other.coefficients.mean[1], relative: 1e-7))
      #expect(isClose(one.coefficients.mean[2] * 4, other.coefficients.mean[2], relative: 1e-7))
      #expect(isClose(16 * one.noiseVariance, other.noiseVariance, relative: 1e-7))
    }
  }

  @Test func coordinatesThereAndBack() throws {
    let coordinates = CoefficientCoordinates(
      Standardization(centres: [1e3, -4], scales: [20, 0.5], hasIntercept: true), centre: 7)
    let distribution = try Gaussian(
      mean: [1, 2, 3], precision: Matrix(rows: 3, columns: 3, elements: [4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2]))
    let original = coordinates.original(distribution)
    let back = coordinates.standardized(original)
    #expect(zip(back.mean, distribution.mean).allSatisfy { abs($0 - $1) < 1e-10 })
    #expect(zip(back.precision.matrix.elements, distribution.precision.matrix.elements).allSatisfy { abs($0 - $1) < 1e-10 })
    // Against the map written out as a matrix: c = T⁻¹ (w − t).
    let inverse = Matrix(rows: 3, columns: 3, elements: [1, -1e3 / 20, 4 / 0.5, 0, 1 / 20, 0, 0, 0, 1 / 0.5])
    let mean = inverse * [1 + 7, 2, 3]
    #expect(zip(original.mean, mean).allSatisfy { isClose($0, $1, relative: 1e-12) })
    let covariance = inverse * distribution.covariance * inverse.transposed
    #expect(zip(original.covariance.elements, covariance.elements).allSatisfy { isClose($0, $1, relative: 1e-9) })
  }

  @Test func badObservationsAreNamed() throws {
    func message(_ body: () throws -> Observations) -> String {
      do { _ = try body(); return "" } catch { return "\(error)" }
    }
    let good: [(column: ColumnSchema, values: [Double])] = [("y", [1, 2, 3])]
    #expect(message { try Observations(features: [("x", [1, .nan, 3])], responses: good) }.contains("column x, row 2"))
    #expect(message { try Observations(features: [("x", [1, 2])], responses: good) }.contains("column x has 2 rows"))
    #expect(message { try Observations(features: [], responses: []) }.contains("no response"))
    #expect(message { try Observations(features: [], responses: [("y", [])]) }.contains("no rows"))
    #expect(message { try Observations(features: [], responses: good, rowWeights: [1, -1, 1]) }.contains("row 2"))
    #expect(message { try Observations(features: [], responses: good, rowWeights: [0, 0, 0]) }.contains("zero"))
    #expect(message { try Observations(features: [], responses: good, groups: [1, 2, 1]) }.contains("row 3"))
  }

  @Test func badTablesOfResponsibilitiesAreNamed() throws {
    func message(_ rows: [[Double]]) -> String {
      do { _ = try ResponsibilityTable(rows); return "" } catch { return "\(error)" }
    }
    #expect(message([[0.5, 0.5], [1]]).contains("row 2"))
    #expect(message([[0.5, 0.5], [1, -1]]).contains("row 2"))
    #expect(message([[0, 0]]).contains("row 1"))
    #expect(message([[2, 1]]).isEmpty)
    let truth = LinearTruth(rows: 50, features: 1, experts: 2, noise: 0.5, seed: 3)
    let table = try ResponsibilityTable([[1, 0], [0, 1]])
    #expect(throws: DataError.self) {
      try model().fitBlocking(truth.observations(), from: .responsibilities(table), options: options)
    }
  }

  @Test func mixturesThatCannotBeAreRefused() throws {
    struct CountExpert: IndependentModel {
      static let measure = Measure.counting
      var statisticsCount: Int { 0 }
      var divergence: Double { 0 }
      func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {}
      func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
      mutating func update(from statistics: Span<Double>, resum: Resum<CountExpert>) {}
    }
    let linear = Block(2, LinearExpert())
    #expect(throws: MixtureError.self) {
      try MixtureModel(gate: DirichletGate(concentration: [1, 1, 1]), blocks: [linear])
    }
    let rows = try Observations(features: [], responses: [("y", [0, 1, 5])])
    let model = try MixtureModel(gate: DirichletGate(), blocks: [linear, Block([CountExpert()], named: "counts")])
    let message =
      "expert 1, a LinearExpert, has a density per unit of y, but expert counts, a CountExpert, has probabilities of the values of y"
    #expect { try model.fitBlocking(rows, options: options) } throws: { "\($0)".hasPrefix(message) }
    #expect(throws: MixtureError.self) { try MixtureModel(gate: DirichletGate(), blocks: []) }
  }
}

/// Tables in memory.
@Suite struct TableTests {
  @Test func columnsOfNumbersAndOfCategories() throws {
    let table = try Table([("x", .numbers([1, 2, 3])), ("g", .categories(levels: ["a", "b"], codes: [0, 1, 0]))])
    #expect(table.columnNames == ["x", "g"] && table.rowCount == 3)
    #expect(try table.numbers("x") == [1, 2, 3])
    #expect(try table.column("g") == .categories(levels: ["a", "b"], codes: [0, 1, 0]))
    #expect(throws: DataError("table: column \"g\" holds categories, not numbers")) { try table.numbers("g") }
    #expect(throws: DataError("table: no column \"y\"; there are x, g")) { try table.column("y") }
  }

  @Test func badColumnsAreNamed() {
    func message(_ columns: [(name: String, values: Table.Column)]) -> String {
      do { _ = try Table(columns); return "" } catch { return "\(error)" }
    }
    #expect(message([("x", .numbers([1])), ("y", .numbers([1, 2]))]).contains("column y has 2 rows"))
    #expect(message([("x", .numbers([1, .infinity]))]).contains("column x, row 2"))
    #expect(message([("g", .categories(levels: ["a"], codes: [0, 1]))]).contains("column g, row 2"))
    #expect(message([("x", .numbers([1])), ("x", .numbers([2]))]).contains("two columns are called \"x\""))
  }
}
