import ConjugateFamilies
import GSL
import MixtureCore
import MixtureTestKit
import References
import Testing

struct DirichletReference: Decodable, Sendable, CustomTestStringConvertible {
  let concentration, mean, point, prior: [Double]
  let meanLog: [Total]
  let entropy, logDensity, divergence: Total
  var testDescription: String { "Dirichlet(\(concentration))" }

  static let all: [DirichletReference] = (try? Reference.load("dirichlet")) ?? []
}

@Suite struct DirichletTests {
  static let distributions: [[Double]] = [[1, 1, 1], [0.4, 0.5, 2], [3, 8, 20], [0.7, 0.7, 0.7], [100, 1, 10]]

  @Test func referencesAreThere() { #expect(DirichletReference.all.count == 10) }

  @Test(arguments: DirichletReference.all)
  func agrees(reference: DirichletReference) throws {
    let distribution = try Dirichlet(concentration: reference.concentration)
    #expect(relativeError(distribution.mean, reference.mean) <= 1e-15)
    #expect(distribution.meanLog.count == reference.meanLog.count)
    for (computed, expected) in zip(distribution.meanLog, reference.meanLog) { #expect(expected.agrees(with: computed)) }
    #expect(reference.entropy.agrees(with: distribution.entropy))
    #expect(reference.logDensity.agrees(with: distribution.logDensity(at: reference.point)))
    let divergence = distribution.divergence(from: try Dirichlet(concentration: reference.prior))
    #expect(reference.divergence.agrees(with: divergence))
  }

  @Test func edgesOfTheSimplex() throws {
    #expect(try Dirichlet(concentration: [1, 2]).logDensity(at: [0, 1]).isFinite)
    #expect(try Dirichlet(concentration: [2, 1]).logDensity(at: [0, 1]) == -.infinity)
    #expect(try Dirichlet(concentration: [0.5, 1]).logDensity(at: [0, 1]) == .infinity)
  }

  @Test func divergencesAreNotNegative() throws {
    // The terms of the largest distribution are about 600.
    expectDivergences(of: try Self.distributions.map(Dirichlet.init(concentration:)), rounding: 600 * Double.ulpOfOne)
  }

  @Test(arguments: distributions)
  func samples(concentration: [Double]) throws {
    let distribution = try Dirichlet(concentration: concentration)
    expectMonteCarloMeans(distribution, prior: try Dirichlet(concentration: [1.5, 1, 3]))
    var source = RandomSource(seed: 54)
    let sample = (0..<20_000).map { _ in distribution.sample(using: &source) }
    let total = concentration.reduce(0, +)
    for (k, a) in concentration.enumerated() {
      #expect(Sample(sample.map { $0[k] }).follows { GoodnessOfFit.betaCumulative($0, alpha: a, beta: total - a) })
    }
  }

  @Test(arguments: [[1], [0.1, 1 / 3.0], [1e-300, 1e15, .pi, 7]] as [[Double]])
  func json(concentration: [Double]) throws {
    try expectSameThroughJSON(Dirichlet(concentration: concentration)) {
      $0.concentration + $0.mean + $0.meanLog + [$0.entropy]
    }
  }

  @Test(arguments: [[], [0, 1], [1, -2.5], [.nan, 1], [1, .infinity]] as [[Double]])
  func badParameters(concentration: [Double]) {
    let error = #expect(throws: ArgumentError.self) { try Dirichlet(concentration: concentration) }
    #expect(error?.part == "Dirichlet" && error?.value == "\(concentration)")
  }

  @Test(arguments: [#"{"concentration":[]}"#, #"{"concentration":[1,0]}"#, "{}"])
  func badJSON(json: String) { #expect(throws: (any Error).self) { try decode(Dirichlet.self, json) } }
}
