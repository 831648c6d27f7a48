import Foundation
import GSL
import MixtureCore
import MixtureTestKit
import References
import Testing

/// The value after a way through JSON.
func throughJSON<Value: Codable>(_ value: Value) throws -> Value {
  try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
}

func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
  try JSONDecoder().decode(type, from: Data(json.utf8))
}

/// Checks that JSON keeps a factor to the bit: itself, and whatever `numbers` computes from it.
func expectSameThroughJSON<Factor: VariationalFactor>(
  _ factor: Factor, numbers: (Factor) -> [Double], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let decoded = try throughJSON(factor)
  #expect(decoded == factor, sourceLocation: sourceLocation)
  let (before, after) = (numbers(factor), numbers(decoded))
  #expect(before.map(\.bitPattern) == after.map(\.bitPattern), sourceLocation: sourceLocation)
}

/// Checks that the entropy of `factor` and its divergence from `prior` are the means, over the factor's own samples, that
/// they are defined as: within 5 standard errors, which for a right factor fails for 6 seeds in 10⁷.
func expectMonteCarloMeans<Factor: VariationalFactor>(
  _ factor: Factor, prior: Factor, seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation
) {
  var source = RandomSource(seed: seed)
  let sample = (0..<20_000).map { _ in factor.sample(using: &source) }
  let logDensities = sample.map { factor.logDensity(at: $0) }
  #expect(Sample(logDensities.map { -$0 }).hasMean(factor.entropy), sourceLocation: sourceLocation)
  let logRatios = zip(sample, logDensities).map { $1 - prior.logDensity(at: $0) }
  #expect(Sample(logRatios).hasMean(factor.divergence(from: prior)), sourceLocation: sourceLocation)
}

/// Checks that divergences are not negative, and zero exactly between equal laws; `rounding` is what cancellation leaves.
func expectDivergences<Factor: VariationalFactor>(
  of laws: [Factor], rounding: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  for (i, q) in laws.enumerated() {
    for (j, p) in laws.enumerated() {
      let divergence = q.divergence(from: p)
      let holds = i == j ? abs(divergence) <= rounding : divergence > rounding
      #expect(holds, "\(divergence) from \(q) to \(p)", sourceLocation: sourceLocation)
    }
  }
}
