import Foundation
import GSL
import MixtureCore

/// The distribution of an index 0, …, K − 1, one-hot coded where it has a mean.
public struct Categorical: VariationalFactor {
  /// The probability of each index; they sum to one.
  public let probabilities: [Double]

  /// The distribution with probabilities proportional to `weights`.
  ///
  /// - Throws: `ArgumentError` unless the weights are finite and non-negative, and one is positive.
  public init(weights: [Double]) throws {
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite, weights.allSatisfy({ $0 >= 0 }) else {
      throw ArgumentError(
        Categorical.self, argument: "weights", value: weights, need: "finite numbers of at least 0, one of them above 0")
    }
    probabilities = weights.map { $0 / total }
  }

  /// The mean of the one-hot vector: the probabilities.
  public var mean: [Double] { probabilities }

  /// The entropy −Σ p ln p.
  public var entropy: Double { probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } }

  /// ln of the probability of the index whose entry in the one-hot `value` is one.
  public func logDensity(at value: [Double]) -> Double {
    precondition(value.count == probabilities.count, "one entry a probability")
    return zip(probabilities, value).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.1 * log($1.0) }
  }

  /// Σ p ln(p / p₀); infinite where an index is impossible under the prior only.
  public func divergence(from prior: Categorical) -> Double {
    precondition(probabilities.count == prior.probabilities.count, "both distributions must have one number of indices")
    return zip(probabilities, prior.probabilities).reduce(0) { $1.0 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 }
  }

  /// A one-hot vector.
  public func sample(using source: inout RandomSource) -> [Double] {
    var value = [Double](repeating: 0, count: probabilities.count)
    value[sampleIndex(using: &source)] = 1
    return value
  }

  /// An index.
  public func sampleIndex(using source: inout RandomSource) -> Int { source.categorical(weights: probabilities) }
}

extension Categorical {
  private enum CodingKeys: CodingKey { case probabilities }

  /// Decodes the probabilities as they are, so that they come back to the bit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    probabilities = try container.decode([Double].self, forKey: .probabilities)
    guard probabilities.allSatisfy({ $0 >= 0 }), abs(probabilities.reduce(0, +) - 1) < 1e-9 else {
      throw DecodingError.dataCorruptedError(
        forKey: .probabilities, in: container, debugDescription: "not probabilities: \(probabilities)")
    }
  }
}
