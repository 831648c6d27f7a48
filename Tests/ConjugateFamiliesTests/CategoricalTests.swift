import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import MixtureTestKit
import References
import Testing

struct CategoricalReference: Decodable, Sendable, CustomTestStringConvertible {
  let weights, probabilities, prior: [Double]
  let entropy, divergence: Total
  var testDescription: String { "Categorical(\(weights))" }

  static let all: [CategoricalReference] = (try? Reference.load("categorical")) ?? []
}

@Suite struct CategoricalTests {
  static let distributions: [[Double]] = [[1, 1, 1], [0.1, 0.2, 0.7], [5, 3, 1], [1, 0, 1]]

  @Test func referencesAreThere() { #expect(CategoricalReference.all.count == 5) }

  @Test(arguments: CategoricalReference.all)
  func agrees(reference: CategoricalReference) throws {
    let distribution = try Categorical(weights: reference.weights)
    #expect(relativeError(distribution.probabilities, reference.probabilities) <= 1e-15)
    #expect(distribution.mean == distribution.probabilities)
    #expect(reference.entropy.agrees(with: distribution.entropy))
    #expect(reference.divergence.agrees(with: distribution.divergence(from: try Categorical(weights: reference.prior))))
  }

  @Test func logDensities() throws {
    let distribution = try Categorical(weights: [1, 3, 0])
    #expect(distribution.logDensity(at: [1, 0, 0]) == log(0.25))
    #expect(distribution.logDensity(at: [0, 1, 0]) == log(0.75))
    #expect(distribution.logDensity(at: [0, 0, 1]) == -.infinity)
  }

  @Test func whatIsImpossibleUnderThePriorOnly() throws {
    let (all, some) = (try Categorical(weights: [1, 1]), try Categorical(weights: [1, 0]))
    #expect(all.divergence(from: some) == .infinity)
    #expect(relativeError(some.divergence(from: all), log(2)) <= 1e-15)
  }

  @Test func divergencesAreNotNegative() throws {
    expectDivergences(of: try Self.distributions.map(Categorical.init(weights:)), rounding: 0)
  }

  @Test(arguments: distributions)
  func samples(weights: [Double]) throws {
    let distribution = try Categorical(weights: weights)
    expectMonteCarloMeans(distribution, prior: try Categorical(weights: [2, 1, 1]))
    var source = RandomSource(seed: 59)
    var counts = [Int](repeating: 0, count: 3)
    for _ in 0..<20_000 {
      let value = distribution.sample(using: &source)
      #expect(value.sorted() == [0, 0, 1])
      counts[value.firstIndex(of: 1) ?? 0] += 1
    }
    let possible = weights.indices.filter { weights[$0] > 0 }
    #expect(possible.reduce(0) { $0 + counts[$1] } == 20_000)
    #expect(
      GoodnessOfFit.chiSquare(possible.map { counts[$0] }, probabilities: possible.map { distribution.probabilities[$0] }))
  }

  @Test(arguments: [[1.0], [0.1, 0.2, 0.7], [1, 3, 1 / 3.0, 0], [1e-300, 1]] as [[Double]])
  func json(weights: [Double]) throws {
    try expectSameThroughJSON(Categorical(weights: weights)) { $0.probabilities + [$0.entropy] }
  }

  @Test(arguments: [[], [0, 0], [1, -0.5], [.nan, 1], [1, .infinity]] as [[Double]])
  func badParameters(weights: [Double]) {
    let error = #expect(throws: ArgumentError.self) { try Categorical(weights: weights) }
    #expect(error?.part == "Categorical" && error?.value == "\(weights)")
  }

  @Test(arguments: [
    #"{"probabilities":[]}"#, #"{"probabilities":[0,0]}"#, #"{"probabilities":[1.5,-0.5]}"#,
    #"{"probabilities":[1,1]}"#, "{}",
  ])
  func badJSON(json: String) { #expect(throws: (any Error).self) { try decode(Categorical.self, json) } }
}

@Suite struct PointMassTests {
  @Test func conventions() {
    let mass = PointMass([1.0, 2.0])
    #expect(mass.mean == [1, 2] && mass.entropy == 0)
    #expect(mass.logDensity(at: [1, 2]) == 0 && mass.logDensity(at: [1, 2.5]) == -.infinity)
    #expect(mass.divergence(from: mass) == 0 && mass.divergence(from: PointMass([1, 2.5])) == .infinity)
    var source = RandomSource(seed: 60)
    let before = source
    #expect(mass.sample(using: &source) == [1, 2])
    var untouched = before
    #expect(source.next() == untouched.next(), "no random number is used")
  }

  @Test func divergenceFromAnotherFamilyIsMinusItsLogDensity() throws {
    // Gamma(1, 3) has density 3 exp(−3 x).
    #expect(relativeError(PointMass(0.5).divergence(from: try Gamma(shape: 1, rate: 3)), 1.5 - log(3)) <= 1e-14)
    let normal = try Gaussian(mean: [0, 0], precision: .identity(2))
    #expect(relativeError(PointMass([1.0, 2.0]).divergence(from: normal), log(2 * .pi) + 2.5) <= 1e-15)
  }

  @Test func json() throws {
    try expectSameThroughJSON(PointMass([0.1, 1 / 3.0, -1e-300])) { $0.mean }
    try expectSameThroughJSON(PointMass(Double.pi)) { [$0.mean] }
  }
}
