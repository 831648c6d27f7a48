import Foundation
import GSL
import MixtureCore
import MixtureTestKit
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

/// Holds `factor` to the distributions that its entropy and its divergence from `prior` are means over its own samples.
func expectMonteCarloMeans<Factor: VariationalFactor>(
  _ factor: Factor, prior: Factor, sourceLocation: SourceLocation = #_sourceLocation
) {
  let subject = FactorSubject(factor, priors: [prior], coordinates: { _ in [] })
  for law in [FactorLaw.entropy, .relativeEntropy] { law.check(subject, sourceLocation: sourceLocation) }
}

/// Checks that divergences are not negative, and zero exactly between equal distributions; `rounding` is what cancellation leaves.
func expectDivergences<Factor: VariationalFactor>(
  of distributions: [Factor], rounding: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  for (i, q) in distributions.enumerated() {
    for (j, p) in distributions.enumerated() {
      let divergence = q.divergence(from: p)
      let holds = i == j ? abs(divergence) <= rounding : divergence > rounding
      #expect(holds, "\(divergence) from \(q) to \(p)", sourceLocation: sourceLocation)
    }
  }
}
