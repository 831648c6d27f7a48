import Foundation
import GSL
import MixtureCore

/// The same weights in every row.
public struct ConstantWeights: ExpertWeights, Equatable {
  /// The weights π_k.
  public let probabilities: [Double]

  /// Weights in proportion to the given numbers.
  ///
  /// - Throws: ``SyntheticDataError`` unless they are finite, none negative and one positive.
  public init(_ weights: [Double]) throws {
    let total = weights.reduce(0, +)
    guard weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
      throw SyntheticDataError("weights \(weights): give finite numbers, none negative and one positive")
    }
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

  /// - Throws: ``SyntheticDataError`` unless there are weights, none is negative, and they sum to one.
  public func validate() throws {
    if let k = probabilities.firstIndex(where: { !($0 >= 0) }) {
      throw SyntheticDataError("weight \(k + 1) is \(probabilities[k]): give a number from 0 to 1")
    }
    let total = probabilities.reduce(0, +)
    // Numbers that were divided by their sum.
    guard abs(total - 1) <= 1e-9 else {
      throw SyntheticDataError("\(expertCount) weights sum to \(total): divide each by it, so that they sum to 1")
    }
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
