import Foundation

/// Reference values from the JSON files beside this one, which generate.py wrote.
package enum Reference {
  /// The content of `name`.json.
  package static func load<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
  }
}

/// The value of a formula, and the sum of the absolute values of its terms.
package struct Total: Decodable, Sendable {
  package let value: Double
  package let scale: Double

  /// Whether `computed` agrees to `tolerance` relative to the value, or to a few roundings of the formula's terms: where
  /// they cancel, no evaluation in doubles can do better.
  package func agrees(with computed: Double, tolerance: Double = 1e-13) -> Bool {
    abs(computed - value) <= max(tolerance * abs(value), 8 * Double.ulpOfOne * scale)
  }
}

/// |computed − expected| relative to |expected|; 0 where both are equal.
package func relativeError(_ computed: Double, _ expected: Double) -> Double {
  computed == expected ? 0 : abs(computed - expected) / abs(expected)
}

/// The largest |computed − expected| of an entry, relative to the largest |expected|.
package func relativeError(_ computed: [Double], _ expected: [Double]) -> Double {
  guard computed.count == expected.count else { return .infinity }
  let size = expected.reduce(0) { max($0, abs($1)) }
  let error = zip(computed, expected).reduce(0) { $1.0.isNaN ? .infinity : max($0, abs($1.0 - $1.1)) }
  return error == 0 ? 0 : error / size
}
