import GSL
import MixtureTestKit
import References
import Testing

/// The samplers' distributions. Each comparison has the false-alarm rate that `GoodnessOfFit` states (1e-6 for the tests of a
/// distribution, 6e-7 for those of a mean), but seeds are fixed: a failure is a change of the sampler.
@Suite struct SamplerTests {
  static let count = 100_000

  private func sample<Value>(seed: UInt64, _ draw: (inout RandomSource) -> Value) -> [Value] {
    var source = RandomSource(seed: seed)
    return (0..<Self.count).map { _ in draw(&source) }
  }

  @Test func uniform() {
    let drawn = sample(seed: 1) { $0.uniform() }
    #expect(drawn.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(Sample(drawn).follows { $0 })
    #expect(Sample(drawn).hasMean(0.5))
  }

  @Test(arguments: [1, 2, 3, 10, 97])
  func integers(bound: Int) {
    var counts = [Int](repeating: 0, count: bound)
    for value in sample(seed: 2, { $0.integer(below: bound) }) { counts[value] += 1 }
    let probabilities = [Double](repeating: 1 / Double(bound), count: bound)
    #expect(bound == 1 ? counts == [Self.count] : GoodnessOfFit.chiSquare(counts, probabilities: probabilities))
  }

  @Test func largeIntegers() {
    // A bound that is no power of two and beyond 32 bits: as uniform as the numbers below one.
    let bound = 3 << 60
    let drawn = sample(seed: 3) { $0.integer(below: bound) }
    #expect(drawn.allSatisfy { (0..<bound).contains($0) })
    #expect(Sample(drawn.map { Double($0) / Double(bound) }).follows { $0 })
  }

  @Test(arguments: [(0.0, 1.0), (-3.0, 0.01), (100.0, 25.0)])
  func gaussian(mean: Double, deviation: Double) {
    let drawn = sample(seed: 4) { $0.gaussian(mean: mean, standardDeviation: deviation) }
    #expect(Sample(drawn).follows { standardNormalCumulative(($0 - mean) / deviation) })
    let scaled = drawn.map { ($0 - mean) / deviation }
    for (power, moment) in [(1, 0.0), (2, 1), (3, 0), (4, 3)] {
      let powers = scaled.map { value in (0..<power).reduce(1.0) { product, _ in product * value } }
      #expect(Sample(powers).hasMean(moment), "moment \(power)")
    }
  }

  @Test(arguments: [(0.1, 1.0), (0.5, 4.0), (1.0, 0.01), (1.5, 1.0), (20.0, 1e3), (1e4, 1.0)])
  func gamma(shape: Double, rate: Double) {
    let drawn = sample(seed: 5) { $0.gamma(shape: shape, rate: rate) }
    #expect(Sample(drawn).follows { GoodnessOfFit.gammaCumulative($0, shape: shape, rate: rate) })
    #expect(Sample(drawn).hasMean(shape / rate))
    let squares = drawn.map { ($0 - shape / rate) * ($0 - shape / rate) }
    #expect(Sample(squares).hasMean(shape / (rate * rate)))
  }

  @Test(arguments: [[1.0, 1, 1], [0.2, 0.5, 3], [40, 1, 0.9, 7], [0.5, 0.5]])
  func dirichlet(concentration: [Double]) {
    let drawn = sample(seed: 6) { $0.dirichlet(concentration: concentration) }
    #expect(drawn.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-14 && $0.allSatisfy { $0 >= 0 } })
    let total = concentration.reduce(0, +)
    for (k, a) in concentration.enumerated() {
      // The marginals are Beta distributions.
      #expect(Sample(drawn.map { $0[k] }).follows { GoodnessOfFit.betaCumulative($0, alpha: a, beta: total - a) })
    }
    // E π₀ π₁ = a₀ a₁ / (A (A + 1)).
    let expected = concentration[0] * concentration[1] / (total * (total + 1))
    #expect(Sample(drawn.map { $0[0] * $0[1] }).hasMean(expected))
  }

  @Test func dirichletOfTinyConcentrations() {
    // The Gamma numbers underflow here; the vectors must still be probabilities, each index as likely as the others.
    var counts = [0, 0, 0]
    for drawn in sample(seed: 7, { $0.dirichlet(concentration: [1e-4, 1e-4, 1e-4]) }) {
      #expect(drawn.allSatisfy { $0 >= 0 && $0.isFinite } && abs(drawn.reduce(0, +) - 1) < 1e-14)
      counts[drawn.firstIndex(of: drawn.max() ?? .nan) ?? 0] += 1
    }
    #expect(GoodnessOfFit.chiSquare(counts, probabilities: [1 / 3.0, 1 / 3.0, 1 / 3.0]))
  }

  @Test(arguments: [[1.0, 1], [0.5, 2.5, 4, 1], [1e-300, 3e-300], [1e300, 2e300, 4e300]])
  func categorical(weights: [Double]) {
    var counts = [Int](repeating: 0, count: weights.count)
    for index in sample(seed: 8, { $0.categorical(weights: weights) }) { counts[index] += 1 }
    let total = weights.reduce(0, +)
    #expect(GoodnessOfFit.chiSquare(counts, probabilities: weights.map { $0 / total }))
  }

  /// A distribution of scipy's, by the probabilities between edges.
  struct ReferenceDistribution: Decodable, Sendable, CustomTestStringConvertible {
    var sampler: String
    var parameters: [Double]
    var edges: [Double]
    var probabilities: [Double]
    var testDescription: String { "\(sampler)\(parameters)" }

    struct File: Decodable { var samplers: [ReferenceDistribution] }
    static func all() throws -> [ReferenceDistribution] { try Reference.load("synthetic", as: File.self).samplers }
  }

  @Test(arguments: try ReferenceDistribution.all())
  func drawsFollowSciPy(distribution: ReferenceDistribution) throws {
    var counts = [Int](repeating: 0, count: distribution.probabilities.count)
    let drawn = sample(seed: 10) { source -> Double in
      switch distribution.sampler {
      case "studentT": source.studentT(degreesOfFreedom: distribution.parameters[0])
      case "poisson": Double(source.poisson(mean: distribution.parameters[0]))
      default: Double(source.binomial(trials: Int(distribution.parameters[0]), probability: distribution.parameters[1]))
      }
    }
    for value in drawn { counts[distribution.edges.firstIndex { value <= $0 } ?? distribution.edges.count] += 1 }
    #expect(GoodnessOfFit.chiSquare(counts, probabilities: distribution.probabilities))
  }

  @Test func countsAtTheEdges() {
    #expect(sample(seed: 11) { $0.poisson(mean: 0) }.allSatisfy { $0 == 0 })
    #expect(sample(seed: 11) { $0.binomial(trials: 0, probability: 0.5) }.allSatisfy { $0 == 0 })
    #expect(sample(seed: 11) { $0.binomial(trials: 7, probability: 1) }.allSatisfy { $0 == 7 })
    let many = sample(seed: 11) { Double($0.poisson(mean: 1e9)) }
    #expect(Sample(many).hasMean(1e9))
  }

  @Test func categoricalNeverGivesWhatHasNoWeight() {
    let drawn = Set(sample(seed: 9) { $0.categorical(weights: [0, 2, 0, 1, 0]) })
    #expect(drawn == [1, 3])
  }
}
