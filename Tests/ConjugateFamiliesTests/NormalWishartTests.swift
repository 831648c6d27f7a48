import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import MixtureTestKit
import References
import Testing

struct NormalWishartReference: Decodable, Sendable, CustomTestStringConvertible {
  struct Distribution: Decodable, Sendable {
    let location: [Double]
    let meanPrecision, degreesOfFreedom: Double
    let inverseScale: [[Double]]
  }
  let location, point: [Double]
  let meanPrecision, degreesOfFreedom: Double
  let inverseScale, meanOfPrecision, pointPrecision: [[Double]]
  let meanLogDeterminant, entropy, logDensity, expectedLogDensity, logPredictiveDensity, divergence: Total
  let prior: Distribution
  var testDescription: String { "NormalWishart(\(location), \(meanPrecision), \(degreesOfFreedom), \(inverseScale))" }

  static let all: [NormalWishartReference] = (try? Reference.load("normal-wishart")) ?? []

  func distribution() throws -> NormalWishart {
    try NormalWishart(
      location: location, meanPrecision: meanPrecision, degreesOfFreedom: degreesOfFreedom,
      inverseScale: Matrix(inverseScale))
  }

  func priorLaw() throws -> NormalWishart {
    try NormalWishart(
      location: prior.location, meanPrecision: prior.meanPrecision, degreesOfFreedom: prior.degreesOfFreedom,
      inverseScale: Matrix(prior.inverseScale))
  }
}

@Suite struct NormalWishartTests {
  @Test func referencesAreThere() { #expect(NormalWishartReference.all.map(\.location.count) == [1, 1, 2, 2, 3]) }

  @Test(arguments: NormalWishartReference.all)
  func agrees(reference: NormalWishartReference) throws {
    let distribution = try reference.distribution()
    #expect(distribution.mean.mean == reference.location)
    #expect(relativeError(distribution.mean.precision.elements, reference.meanOfPrecision.flatMap(\.self)) <= 1e-13)
    #expect(reference.meanLogDeterminant.agrees(with: distribution.meanLogDeterminant))
    #expect(reference.entropy.agrees(with: distribution.entropy))
    let value = NormalWishart.Value(mean: reference.point, precision: Matrix(reference.pointPrecision))
    #expect(reference.logDensity.agrees(with: distribution.logDensity(at: value)))
    #expect(reference.divergence.agrees(with: distribution.divergence(from: try reference.priorLaw())))
    #expect(reference.expectedLogDensity.agrees(with: distribution.expectedLogDensity(of: reference.point)))
    #expect(reference.logPredictiveDensity.agrees(with: distribution.logPredictiveDensity(of: reference.point)))
  }

  @Test func divergencesAreNotNegative() throws {
    let distributions = try NormalWishartReference.all.filter { $0.location.count == 2 }.flatMap {
      [try $0.distribution(), try $0.priorLaw()]
    }
    expectDivergences(of: distributions, rounding: 1e-11)
  }

  /// With few degrees of freedom samples of Λ are singular to rounding.
  @Test(arguments: NormalWishartReference.all.filter { $0.degreesOfFreedom > Double($0.location.count) })
  func samples(reference: NormalWishartReference) throws {
    let distribution = try reference.distribution()
    let subject = FactorSubject(
      distribution, priors: [try reference.priorLaw()], coordinates: { $0.mean + $0.precision.elements })
    for kind in [FactorLaw.entropy, .relativeEntropy, .mean] { kind.check(subject) }
    // One entry of Λ, in units of its W, has the χ² distribution of ν degrees of freedom.
    var source = RandomSource(seed: 61)
    let draws = (0..<20_000).map { _ in distribution.sample(using: &source) }
    let scale = distribution.mean.precision[0, 0] / distribution.degreesOfFreedom
    #expect(
      Sample(draws.map { $0.precision[0, 0] / scale }).follows {
        GoodnessOfFit.gammaCumulative($0, shape: 0.5 * distribution.degreesOfFreedom, rate: 0.5)
      })
    // β (μ − m)ᵀ Λ (μ − m) has the χ² distribution of d degrees of freedom.
    let forms = draws.map {
      distribution.meanPrecision * $0.precision.quadraticForm(zip($0.mean, distribution.location).map(-))
    }
    #expect(
      Sample(forms).follows { GoodnessOfFit.gammaCumulative($0, shape: 0.5 * Double(distribution.dimension), rate: 0.5) })
  }

  /// The posterior after rows, one by one or together; and the product of predictive densities is the quotient of normalisers.
  @Test func rowsOneByOneOrTogether() throws {
    let prior = try #require(NormalWishartReference.all.last).distribution()
    let rows = [[1.0, 2, 0.5], [-1, 0.5, 3], [0.25, 0.75, -2], [2, 2, 2]]
    func products(_ row: [Double], _ weight: Double = 1) -> Matrix {
      weight * Matrix(row.map { a in row.map { a * $0 } })
    }
    var stepwise = prior
    var evidence = 0.0
    for row in rows {
      evidence += stepwise.logPredictiveDensity(of: row)
      stepwise = try stepwise.updated(weight: 1, sums: row, products: products(row))
    }
    let sums = (0..<3).map { j in rows.reduce(0) { $0 + $1[j] } }
    let together = try prior.updated(
      weight: 4, sums: sums, products: rows.dropFirst().reduce(products(rows[0])) { $0 + products($1) })
    #expect(relativeError(stepwise.location, together.location) <= 1e-13)
    #expect(relativeError(stepwise.inverseScale.matrix.elements, together.inverseScale.matrix.elements) <= 1e-13)
    #expect(stepwise.degreesOfFreedom == together.degreesOfFreedom && stepwise.meanPrecision == together.meanPrecision)
    // ln p(X) = E ln p(X | μ, Λ) − KL(posterior ‖ prior).
    let bound = rows.reduce(-together.divergence(from: prior)) { $0 + together.expectedLogDensity(of: $1) }
    #expect(relativeError(bound, evidence) <= 1e-13)
    let none = try prior.updated(weight: 0, sums: [0, 0, 0], products: Matrix(rows: 3, columns: 3))
    #expect(none.location == prior.location && abs(none.divergence(from: prior)) < 1e-13)
  }

  @Test func meanCovariances() throws {
    let distribution = try #require(NormalWishartReference.all.dropFirst(2).first).distribution()
    #expect(relativeError(try #require(distribution.meanCovariance).elements, [1, 0.25, 0.25, 0.5]) <= 1e-14)
    #expect(try #require(NormalWishartReference.all.last).distribution().meanCovariance == nil)
  }

  @Test(arguments: NormalWishartReference.all)
  func json(reference: NormalWishartReference) throws {
    try expectSameThroughJSON(reference.distribution()) {
      $0.location + $0.inverseScale.lower.elements + [$0.meanLogDeterminant, $0.entropy]
        + [$0.logPredictiveDensity(of: reference.point)]
    }
  }

  @Test(arguments: [(0, 3), (-1, 3), (.nan, 3), (1, 1), (1, 0.5), (1, .infinity)] as [(Double, Double)])
  func badParameters(meanPrecision: Double, degreesOfFreedom: Double) {
    #expect(throws: ArgumentError.self) {
      try NormalWishart(
        location: [0, 0], meanPrecision: meanPrecision, degreesOfFreedom: degreesOfFreedom, inverseScale: .identity(2))
    }
  }

  @Test func indefiniteScalesAreErrors() {
    #expect(throws: ArgumentError.self) {
      try NormalWishart(location: [0, 0], meanPrecision: 1, degreesOfFreedom: 3, inverseScale: Matrix([[1, 2], [2, 1]]))
    }
  }

  @Test(arguments: [
    #"{"location":[0],"meanPrecision":1,"degreesOfFreedom":2,"inverseScaleFactor":{"rows":1,"columns":1,"elements":[0]}}"#,
    #"{"location":[0,1],"meanPrecision":1,"degreesOfFreedom":2,"inverseScaleFactor":{"rows":1,"columns":1,"elements":[1]}}"#,
    #"{"location":[0],"meanPrecision":0,"degreesOfFreedom":2,"inverseScaleFactor":{"rows":1,"columns":1,"elements":[1]}}"#,
    #"{"location":[0]}"#,
  ])
  func badJSON(json: String) { #expect(throws: (any Error).self) { try decode(NormalWishart.self, json) } }
}
