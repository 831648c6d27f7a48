import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import MixtureTestKit
import References
import Testing

struct GaussianReference: Decodable, Sendable, CustomTestStringConvertible {
  let mean, point, priorMean: [Double]
  let precision, covariance, secondMoment, priorPrecision: [[Double]]
  let entropy, logDensity, divergence: Total
  var testDescription: String { "N(\(mean), \(precision)⁻¹)" }

  static let all: [GaussianReference] = (try? Reference.load("gaussian")) ?? []
}

extension Matrix {
  init(_ entries: [[Double]]) { self.init(rows: entries.count, columns: entries.count, elements: entries.flatMap(\.self)) }
}

@Suite struct GaussianTests {
  static let distributions: [(mean: [Double], precision: [[Double]])] = [
    ([0, 0], [[1, 0], [0, 1]]), ([1, -2], [[2, 0.5], [0.5, 1]]), ([0.5, 3], [[40, 3], [3, 0.5]]),
    ([0, 0], [[9, 0], [0, 9]]),
  ]

  static func distribution(_ mean: [Double], _ precision: [[Double]]) throws -> Gaussian {
    try Gaussian(mean: mean, precision: Matrix(precision))
  }

  @Test func referencesAreThere() { #expect(GaussianReference.all.map(\.mean.count) == [1, 1, 1, 2, 2, 3, 3]) }

  /// The conditions of the precisions are below 2·10⁴; those of positive definite matrices whose rows differ much in scale
  /// do not show, as Cholesky's method scales with them.
  @Test(arguments: GaussianReference.all)
  func agrees(reference: GaussianReference) throws {
    let distribution = try Self.distribution(reference.mean, reference.precision)
    #expect(distribution.dimension == reference.mean.count && distribution.mean == reference.mean)
    #expect(relativeError(distribution.covariance.elements, reference.covariance.flatMap(\.self)) <= 1e-13)
    #expect(reference.entropy.agrees(with: distribution.entropy))
    #expect(reference.logDensity.agrees(with: distribution.logDensity(at: reference.point)))
    let moment = distribution.secondMoment(about: reference.point).elements
    #expect(relativeError(moment, reference.secondMoment.flatMap(\.self)) <= 1e-13)
    let deviations = reference.covariance.indices.map { reference.covariance[$0][$0].squareRoot() }
    #expect(relativeError(distribution.standardDeviations, deviations) <= 1e-13)
    let prior = try Self.distribution(reference.priorMean, reference.priorPrecision)
    #expect(reference.divergence.agrees(with: distribution.divergence(from: prior)))
  }

  @Test(arguments: GaussianReference.all)
  func covarianceGivesTheSameLaw(reference: GaussianReference) throws {
    let distribution = try Gaussian(mean: reference.mean, covariance: Matrix(reference.covariance))
    #expect(relativeError(distribution.precision.matrix.elements, reference.precision.flatMap(\.self)) <= 1e-12)
    #expect(relativeError(distribution.covariance.elements, reference.covariance.flatMap(\.self)) <= 1e-12)
  }

  @Test func divergencesAreNotNegative() throws {
    // Between a distribution and itself the trace leaves the rounding of a matrix and its inverse.
    expectDivergences(of: try Self.distributions.map { try Self.distribution($0.mean, $0.precision) }, rounding: 1e-14)
  }

  @Test(arguments: distributions)
  func samples(mean: [Double], precision: [[Double]]) throws {
    let distribution = try Self.distribution(mean, precision)
    expectMonteCarloMeans(distribution, prior: try Self.distribution([0.5, 0.5], [[1, -0.25], [-0.25, 2]]))
    var source = RandomSource(seed: 56)
    let sample = (0..<20_000).map { _ in distribution.sample(using: &source) }
    let determinant = precision[0][0] * precision[1][1] - precision[0][1] * precision[1][0]
    for k in 0..<2 {
      let deviation = (precision[1 - k][1 - k] / determinant).squareRoot()
      #expect(
        Sample(sample.map { ($0[k] - mean[k]) / deviation }).follows(standardNormalCumulative))
    }
    // (x − m)ᵀ Λ (x − m) has the χ² distribution with two degrees of freedom, and the product of the offsets the covariance's mean.
    let offsets = sample.map { zip($0, mean).map(-) }
    let forms = offsets.map { Matrix(precision).quadraticForm($0) }
    #expect(Sample(forms).follows { 1 - exp(-$0 / 2) })
    #expect(Sample(offsets.map { $0[0] * $0[1] }).hasMean(-precision[0][1] / determinant))
  }

  @Test(arguments: GaussianReference.all)
  func json(reference: GaussianReference) throws {
    try expectSameThroughJSON(Self.distribution(reference.mean, reference.precision)) {
      $0.mean + $0.precision.lower.elements + $0.covariance.elements + [$0.entropy]
    }
  }

  @Test(
    arguments: [
      [[1, 2], [2, 1]], [[-1, 0], [0, 1]], [[.nan, 0], [0, 1]], [[1, 0], [.nan, 1]], [[0, 0], [0, 0]],
    ] as [[[Double]]])
  func badParameters(matrix: [[Double]]) {
    #expect(throws: ArgumentError.self) { try Gaussian(mean: [0, 0], precision: Matrix(matrix)) }
    #expect(throws: ArgumentError.self) { try Gaussian(mean: [0, 0], covariance: Matrix(matrix)) }
  }

  @Test(arguments: [
    #"{"mean":[0],"precisionFactor":{"rows":1,"columns":1,"elements":[0]}}"#,
    #"{"mean":[0],"precisionFactor":{"rows":1,"columns":1,"elements":[-1]}}"#,
    #"{"mean":[0,0],"precisionFactor":{"rows":1,"columns":1,"elements":[1]}}"#,
    #"{"mean":[0,0],"precisionFactor":{"rows":2,"columns":1,"elements":[1,1]}}"#,
    #"{"mean":[0,0],"precisionFactor":{"rows":2,"columns":2,"elements":[1]}}"#,
    #"{"mean":[],"precisionFactor":{"rows":-1,"columns":-1,"elements":[1]}}"#,
    #"{"mean":[0]}"#,
  ])
  func badJSON(json: String) { #expect(throws: DecodingError.self) { try decode(Gaussian.self, json) } }
}

@Suite struct NormalDistributionTests {
  @Test func densityAndCumulative() {
    let distribution = NormalDistribution(mean: 1.5, variance: 4)
    #expect(relativeError(distribution.logDensity(at: 1.5), -0.5 * log(8 * .pi)) <= 1e-15)
    // One standard deviation off the mean costs half a nat.
    #expect(abs(distribution.logDensity(at: 1.5) - distribution.logDensity(at: 3.5) - 0.5) <= 1e-15)
    #expect(distribution.cumulative(at: 1.5) == 0.5)
    #expect(relativeError(distribution.cumulative(at: -0.5), 0.15865525393145705) <= 1e-14)
    // The density is the derivative of the distribution function; central differences err by h² / 24 · φ″.
    let slope = (distribution.cumulative(at: 2.001) - distribution.cumulative(at: 1.999)) / 0.002
    #expect(relativeError(slope, exp(distribution.logDensity(at: 2))) <= 1e-6)
  }

  @Test(arguments: [(0.0, 1.0), (-20.0, 1e-4), (3, 1e6)])
  func samples(mean: Double, variance: Double) {
    let distribution = NormalDistribution(mean: mean, variance: variance)
    var source = RandomSource(seed: 57)
    let sample = (0..<20_000).map { _ in distribution.sample(using: &source) }
    #expect(Sample(sample).follows { distribution.cumulative(at: $0) })
    #expect(Sample(sample).hasMean(mean))
    #expect(Sample(sample.map { ($0 - mean) * ($0 - mean) }).hasMean(variance))
  }
}
