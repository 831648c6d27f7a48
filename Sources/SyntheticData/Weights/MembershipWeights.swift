import Foundation
import GSL
import MixtureCore

/// Weights of their own for each level of a category among the features: π_k(x) = θ_gk in level g (mixed membership).
public struct MembershipWeights: ExpertWeights {
  /// The name of the category's column.
  public let category: String
  /// The number of that column among the features.
  public let column: Int
  /// θ: the weights of each level.
  public let levels: [ConstantWeights]

  /// Weights for each level of a column.
  ///
  /// - Parameters:
  ///   - category: the name of the column.
  ///   - column: its number among the features.
  ///   - levels: the weights of each of its levels, of which there is at least one.
  public init(category: String, column: Int, levels: [ConstantWeights]) {
    self.category = category
    self.column = column
    self.levels = levels
  }

  /// As many as each level has.
  public var expertCount: Int { levels.first?.expertCount ?? 0 }

  /// - Throws: `ArgumentError` without levels, for faulty weights, or for levels with different numbers of them.
  public func validate() throws {
    try Self.require(
      !levels.isEmpty, argument: "levels", value: "empty", need: "weights for one level of \"\(category)\" at least")
    for (g, level) in levels.enumerated() {
      try SyntheticDataError.at("level \(g + 1) of \"\(category)\"") {
        try level.validate()
        try Self.require(
          level.expertCount == expertCount, argument: "levels", value: "of \(level.expertCount) weights",
          need: "of \(expertCount), as level 1 has")
      }
    }
  }

  /// - Throws: ``SyntheticDataError`` unless the column is a category with as many levels as there are weights.
  public func validate(_ features: [ColumnSchema]) throws {
    guard features.indices.contains(column), features[column].name == category,
      features[column].levels?.count == levels.count
    else {
      throw SyntheticDataError(
        "weights for \(levels.count) levels of \"\(category)\", but the feature of number \(column), counted from 0, is no such category"
      )
    }
  }

  /// Writes ln θ_gk.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    let logProbabilities = levels.map(\.logProbabilities)
    for row in 0..<block.count {
      let level = Int(block.features[row, column])
      for k in 0..<expertCount { terms[row, k] = logProbabilities[level][k] }
    }
  }
}
