import Foundation
import GSL
import MixtureCore

/// The same weights in every row.
public struct ConstantWeights: ExpertWeights, Equatable {
  /// The weights π_k.
  public let probabilities: [Double]

  /// Weights in proportion to the given numbers.
  ///
  /// - Throws: `ArgumentError` unless they are finite, none negative and one positive.
  public init(_ weights: [Double]) throws {
    let total = weights.reduce(0, +)
    try Self.require(
      weights.allSatisfy { $0 >= 0 } && total > 0 && total.isFinite, argument: "weights", value: weights,
      need: "finite numbers, none negative and one positive")
    probabilities = weights.map { $0 / total }
  }

  /// π ~ Dir(1 / imbalance, …, 1 / imbalance), or equal weights where the imbalance is zero.
  public init(expertCount: Int, imbalance: Double, using source: inout RandomSource) {
    let equal = [Double](repeating: 1 / Double(expertCount), count: expertCount)
    if imbalance > 0 {
      self.init(concentration: equal.map { _ in 1 / imbalance }, using: &source)
    } else {
      self.init(probabilities: equal)
    }
  }

  /// π ~ Dir(concentration), all of them positive.
  public init(concentration: [Double], using source: inout RandomSource) {
    // Small concentrations let probabilities underflow, whose logarithms would be infinite.
    self.init(probabilities: source.dirichlet(concentration: concentration).map { max($0, .leastNormalMagnitude) })
  }

  private init(probabilities: [Double]) { self.probabilities = probabilities }

  /// - Throws: `ArgumentError` unless there are weights, none is negative, and they sum to one.
  public func validate() throws {
    try Self.require(
      probabilities.allSatisfy { $0 >= 0 }, argument: "probabilities", value: probabilities, need: "numbers from 0 to 1")
    let total = probabilities.reduce(0, +)
    // Numbers that were divided by their sum.
    try Self.require(
      abs(total - 1) <= 1e-9, argument: "the sum of the probabilities", value: total, need: "1; divide each by it")
  }

  /// How many weights there are.
  public var expertCount: Int { probabilities.count }

  var logProbabilities: [Double] { probabilities.map { log($0) } }

  /// Writes ln π_k.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for (k, value) in logProbabilities.enumerated() {
      for row in 0..<block.count { terms[row, k] = value }
    }
  }
}
