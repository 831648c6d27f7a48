import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import MixtureTestKit
import References
import Testing

struct GammaReference: Decodable, Sendable, CustomTestStringConvertible {
  struct Point: Decodable, Sendable {
    let x: Double
    let density: Total
    private enum CodingKeys: CodingKey { case x }
    init(from decoder: any Decoder) throws {
      x = try decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .x)
      density = try Total(from: decoder)
    }
  }
  struct Divergence: Decodable, Sendable {
    let shape, rate: Double
    let divergence: Total
    private enum CodingKeys: CodingKey { case shape, rate }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      shape = try container.decode(Double.self, forKey: .shape)
      rate = try container.decode(Double.self, forKey: .rate)
      divergence = try Total(from: decoder)
    }
  }
  let shape, rate, mean, variance: Double
  let meanLog, entropy: Total
  let logDensities: [Point]
  let divergences: [Divergence]
  var testDescription: String { "Gamma(\(shape), \(rate))" }

  static let all: [GammaReference] = (try? Reference.load("gamma")) ?? []
}

@Suite struct GammaTests {
  static let distributions: [(shape: Double, rate: Double)] = [
    (0.3, 2), (1, 1), (1, 0.2), (2.5, 0.75), (12, 40), (300, 1e-3),
  ]

  @Test func referencesAreThere() { #expect(GammaReference.all.count == 11) }

  @Test(arguments: GammaReference.all)
  func moments(reference: GammaReference) throws {
    let distribution = try Gamma(shape: reference.shape, rate: reference.rate)
    #expect(relativeError(distribution.mean, reference.mean) <= 1e-15)
    #expect(relativeError(distribution.variance, reference.variance) <= 1e-15)
    #expect(reference.meanLog.agrees(with: distribution.meanLog))
    #expect(reference.entropy.agrees(with: distribution.entropy))
  }

  @Test(arguments: GammaReference.all)
  func logDensities(reference: GammaReference) throws {
    let distribution = try Gamma(shape: reference.shape, rate: reference.rate)
    #expect(reference.logDensities.count == 3)
    for point in reference.logDensities { #expect(point.density.agrees(with: distribution.logDensity(at: point.x))) }
    #expect(distribution.logDensity(at: 0) == -.infinity && distribution.logDensity(at: -1) == -.infinity)
  }

  @Test(arguments: GammaReference.all)
  func divergences(reference: GammaReference) throws {
    let distribution = try Gamma(shape: reference.shape, rate: reference.rate)
    #expect(reference.divergences.count == 11)
    for prior in reference.divergences {
      let divergence = distribution.divergence(from: try Gamma(shape: prior.shape, rate: prior.rate))
      #expect(prior.divergence.agrees(with: divergence), "from Gamma(\(prior.shape), \(prior.rate))")
    }
  }

  @Test func divergencesAreNotNegative() throws {
    expectDivergences(of: try Self.distributions.map { try Gamma(shape: $0.shape, rate: $0.rate) }, rounding: 0)
  }

  @Test(arguments: distributions)
  func samples(shape: Double, rate: Double) throws {
    let distribution = try Gamma(shape: shape, rate: rate)
    expectMonteCarloMeans(distribution, prior: try Gamma(shape: 1.5, rate: 0.5))
    var source = RandomSource(seed: 52)
    let sample = (0..<20_000).map { _ in distribution.sample(using: &source) }
    #expect(Sample(sample).follows { GoodnessOfFit.gammaCumulative($0, shape: shape, rate: rate) })
  }

  @Test(arguments: [(0.1, 1 / 3.0), (1e-300, 1e300), (Double.pi, 1e-17), (1e6, 2e6)])
  func json(shape: Double, rate: Double) throws {
    try expectSameThroughJSON(Gamma(shape: shape, rate: rate)) {
      [$0.shape, $0.rate, $0.mean, $0.meanLog, $0.entropy, $0.logDensity(at: 0.7)]
    }
  }

  @Test(
    arguments: [
      (0.0, 1.0), (1, 0), (-1.5, 1), (1, -2.5), (.nan, 1), (1, .nan), (.infinity, 1), (1, .infinity), (-0.0, 1),
    ] as [(Double, Double)])
  func badParameters(shape: Double, rate: Double) {
    let error = #expect(throws: ArgumentError.self) { try Gamma(shape: shape, rate: rate) }
    #expect(error?.part == "Gamma" && ["\(shape)", "\(rate)"].contains(error?.value))
  }

  @Test(arguments: [#"{"shape":0,"rate":1}"#, #"{"shape":1,"rate":-1}"#, #"{"shape":1}"#])
  func badJSON(json: String) { #expect(throws: (any Error).self) { try decode(Gamma.self, json) } }
}
