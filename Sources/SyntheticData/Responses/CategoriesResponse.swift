import Foundation
import GSL
import MixtureCore

/// Several categories, independent within the class (Lazarsfeld & Henry 1968): p(y) = Π_j θ_j(y_j).
public struct CategoriesResponse: ResponseDistribution {
  /// θ_j: for each column the probabilities of its levels.
  public let probabilities: [ConstantWeights]

  /// A class with the given probabilities of the levels of each column.
  public init(probabilities: [ConstantWeights]) { self.probabilities = probabilities }

  /// item1, item2, …, with the levels c1, c2, ….
  public var columns: [ColumnSchema] {
    probabilities.enumerated().map { j, distribution in
      ColumnSchema("item\(j + 1)", .category(levels: ColumnSchema.levels("c", distribution.expertCount)))
    }
  }

  /// - Throws: `ArgumentError` for faulty probabilities.
  public func validate() throws {
    for (j, distribution) in probabilities.enumerated() { try SyntheticDataError.at("item\(j + 1)", distribution.validate) }
  }

  /// Draws a level of each column.
  public func draw(_ rows: [Int], into block: inout RowBlock) {
    for row in rows {
      for (j, distribution) in probabilities.enumerated() {
        block.response[row, j] = Double(block.sources[row].categorical(weights: distribution.probabilities))
      }
    }
  }

  /// Writes Σ_j ln θ_j(y_j).
  public func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    let logProbabilities = probabilities.map(\.logProbabilities)
    for row in 0..<block.count {
      var sum = 0.0
      for j in logProbabilities.indices { sum += logProbabilities[j][Int(block.response[row, j])] }
      terms[row, column] = sum
    }
  }

  /// θ by column and level: `item1: c2`.
  public func parameters(features: [String]) -> [ParameterEstimate] {
    zip(columns, probabilities).flatMap { column, distribution in
      zip(column.levels ?? [], distribution.probabilities).map { ParameterEstimate("\(column.name): \($0)", value: $1) }
    }
  }
}

extension ColumnSchema {
  /// The number of the assignment, in data of which rows share assignments.
  static let group: ColumnSchema = "group"

  /// The levels c1, c2, … for a prefix c.
  static func levels(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)\($0 + 1)" } }
}
