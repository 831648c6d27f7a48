import ConjugateFamilies
import Foundation
import GSL
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
  static let laws: [(mean: [Double], precision: [[Double]])] = [
    ([0, 0], [[1, 0], [0, 1]]), ([1, -2], [[2, 0.5], [0.5, 1]]), ([0.5, 3], [[40, 3], [3, 0.5]]),
    ([0, 0], [[9, 0], [0, 9]]),
  ]

  static func law(_ mean: [Double], _ precision: [[Double]]) throws -> Gaussian {
    try Gaussian(mean: mean, precision: Matrix(precision))
  }

  @Test func referencesAreThere() { #expect(GaussianReference.all.map(\.mean.count) == [1, 1, 1, 2, 2, 3, 3]) }

  /// The conditions of the precisions are below 2·10⁴; those of positive definite matrices whose rows differ much in scale
  /// do not show, as Cholesky's method scales with them.
  @Test(arguments: GaussianReference.all)
  func agrees(reference: GaussianReference) throws {
    let law = try Self.law(reference.mean, reference.precision)
    #expect(law.dimension == reference.mean.count && law.mean == reference.mean)
    #expect(relativeError(law.covariance.elements, reference.covariance.flatMap(\.self)) <= 1e-13)
    #expect(reference.entropy.agrees(with: law.entropy))
    #expect(reference.logDensity.agrees(with: law.logDensity(at: reference.point)))
    let moment = law.secondMoment(about: reference.point).elements
    #expect(relativeError(moment, reference.secondMoment.flatMap(\.self)) <= 1e-13)
    let deviations = reference.covariance.indices.map { reference.covariance[$0][$0].squareRoot() }
    #expect(relativeError(law.standardDeviations, deviations) <= 1e-13)
    let prior = try Self.law(reference.priorMean, reference.priorPrecision)
    #expect(reference.divergence.agrees(with: law.divergence(from: prior)))
  }

  @Test(arguments: GaussianReference.all)
  func covarianceGivesTheSameLaw(reference: GaussianReference) throws {
    let law = try Gaussian(mean: reference.mean, covariance: Matrix(reference.covariance))
    #expect(relativeError(law.precision.matrix.elements, reference.precision.flatMap(\.self)) <= 1e-12)
    #expect(relativeError(law.covariance.elements, reference.covariance.flatMap(\.self)) <= 1e-12)
  }

  @Test func divergencesAreNotNegative() throws {
    // Between a law and itself the trace leaves the rounding of a matrix and its inverse.
    expectDivergences(of: try Self.laws.map { try Self.law($0.mean, $0.precision) }, rounding: 1e-14)
  }

  @Test(arguments: laws)
  func samples(mean: [Double], precision: [[Double]]) throws {
    let law = try Self.law(mean, precision)
    expectMonteCarloMeans(law, prior: try Self.law([0.5, 0.5], [[1, -0.25], [-0.25, 2]]))
    var source = RandomSource(seed: 56)
    let sample = (0..<20_000).map { _ in law.sample(using: &source) }
    let determinant = precision[0][0] * precision[1][1] - precision[0][1] * precision[1][0]
    for k in 0..<2 {
      let deviation = (precision[1 - k][1 - k] / determinant).squareRoot()
      #expect(
        Sample(sample.map { ($0[k] - mean[k]) / deviation }).follows(standardNormalCumulative))
    }
    // (x − m)ᵀ Λ (x − m) has the χ² law with two degrees of freedom, and the product of the offsets the covariance's mean.
    let offsets = sample.map { zip($0, mean).map(-) }
    let forms = offsets.map { Matrix(precision).quadraticForm($0) }
    #expect(Sample(forms).follows { 1 - exp(-$0 / 2) })
    #expect(Sample(offsets.map { $0[0] * $0[1] }).hasMean(-precision[0][1] / determinant))
  }

  @Test(arguments: GaussianReference.all)
  func json(reference: GaussianReference) throws {
    try expectSameThroughJSON(Self.law(reference.mean, reference.precision)) {
      $0.mean + $0.precision.lower.elements + $0.covariance.elements + [$0.entropy]
    }
  }

  @Test(
    arguments: [
      [[1, 2], [2, 1]], [[-1, 0], [0, 1]], [[.nan, 0], [0, 1]], [[1, 0], [.nan, 1]], [[0, 0], [0, 0]],
    ] as [[[Double]]])
  func badParameters(matrix: [[Double]]) {
    #expect(throws: GSLError.self) { try Gaussian(mean: [0, 0], precision: Matrix(matrix)) }
    #expect(throws: GSLError.self) { try Gaussian(mean: [0, 0], covariance: Matrix(matrix)) }
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
    let law = NormalDistribution(mean: 1.5, variance: 4)
    #expect(relativeError(law.logDensity(at: 1.5), -0.5 * log(8 * .pi)) <= 1e-15)
    // One standard deviation off the mean costs half a nat.
    #expect(abs(law.logDensity(at: 1.5) - law.logDensity(at: 3.5) - 0.5) <= 1e-15)
    #expect(law.cumulative(at: 1.5) == 0.5)
    #expect(relativeError(law.cumulative(at: -0.5), 0.15865525393145705) <= 1e-14)
    // The density is the derivative of the distribution function; central differences err by h² / 24 · φ″.
    let slope = (law.cumulative(at: 2.001) - law.cumulative(at: 1.999)) / 0.002
    #expect(relativeError(slope, exp(law.logDensity(at: 2))) <= 1e-6)
  }

  @Test(arguments: [(0.0, 1.0), (-20.0, 1e-4), (3, 1e6)])
  func samples(mean: Double, variance: Double) {
    let law = NormalDistribution(mean: mean, variance: variance)
    var source = RandomSource(seed: 57)
    let sample = (0..<20_000).map { _ in law.sample(using: &source) }
    #expect(Sample(sample).follows { law.cumulative(at: $0) })
    #expect(Sample(sample).hasMean(mean))
    #expect(Sample(sample.map { ($0 - mean) * ($0 - mean) }).hasMean(variance))
  }
}
