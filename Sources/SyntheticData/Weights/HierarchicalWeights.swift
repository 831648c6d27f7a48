import Foundation
import GSL
import MixtureCore

/// Weights by a binary tree over the experts (Jordan & Jacobs 1994): at each branch a row goes left with probability
/// 1 / (1 + exp(−v_0 − vᵀ x)), and π_k(x) is the product along the path to expert k.
///
/// Each branch has the experts of a range, the first half of which, and the one in the middle, are to the left.
public struct HierarchicalWeights: ExpertWeights {
  /// The number of experts.
  public let expertCount: Int
  /// v of each branch, the intercept first; the root first, and each branch before those below it, left before right.
  public let branches: [[Double]]

  /// Weights of at least one expert with the given coefficients, those of K − 1 branches.
  public init(expertCount: Int, branches: [[Double]]) {
    self.expertCount = expertCount
    self.branches = branches
  }

  /// Intercepts by which both sides have the shares of constant weights, and slopes from N(0, sharpness²).
  public init(features: Int, constant: ConstantWeights, sharpness: Double, using source: inout RandomSource) {
    let probabilities = constant.probabilities
    func drawn(_ experts: Range<Int>) -> [[Double]] {
      guard experts.count > 1 else { return [] }
      let (left, right) = Self.halves(experts)
      let odds = probabilities[left].reduce(0, +) / probabilities[right].reduce(0, +)
      let slopes = (0..<features).map { _ in source.gaussian(standardDeviation: sharpness) }
      return [[log(odds)] + slopes] + drawn(left) + drawn(right)
    }
    self.init(expertCount: probabilities.count, branches: drawn(probabilities.indices))
  }

  /// - Throws: `ArgumentError` unless there is a branch less than experts, and coefficients are finite.
  public func validate() throws {
    try Self.requireCount(expertCount, atLeast: 1, argument: "expertCount")
    try Self.require(
      branches.count + 1 == expertCount, argument: "branches", value: "\(branches.count) rows of coefficients",
      need: "\(expertCount - 1), one less than experts")
    try Self.requireFinite(branches.joined(), argument: "branches")
  }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each coefficient of a branch.
  public func validate(_ features: [ColumnSchema]) throws {
    for branch in branches {
      try features.validatePredictors(coefficientCount: branch.count, of: "hierarchical weights")
    }
  }

  /// Writes Σ ln of the probabilities along the path to expert k. Features beyond the coefficients do not count.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count {
      var branch = 0
      descend(0..<expertCount, &branch, 0, block, row, &terms)
    }
  }

  private func descend(
    _ experts: Range<Int>, _ branch: inout Int, _ logWeight: Double, _ block: RowBlock, _ row: Int, _ terms: inout Matrix
  ) {
    guard experts.count > 1 else {
      terms[row, experts.lowerBound] = logWeight
      return
    }
    let score = branches[branch].predictor(block, row: row)
    branch += 1
    // ln σ(s), where the exponential cannot overflow.
    func logSigmoid(_ s: Double) -> Double { min(s, 0) - log1p(exp(-abs(s))) }
    let (left, right) = Self.halves(experts)
    descend(left, &branch, logWeight + logSigmoid(score), block, row, &terms)
    descend(right, &branch, logWeight + logSigmoid(-score), block, row, &terms)
  }

  private static func halves(_ experts: Range<Int>) -> (Range<Int>, Range<Int>) {
    let middle = experts.lowerBound + (experts.count + 1) / 2
    return (experts.lowerBound..<middle, middle..<experts.upperBound)
  }
}
