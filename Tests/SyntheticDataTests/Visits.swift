import Foundation
import GSL
import MixtureCore
import SyntheticData

/// A generator that is none of the package's: a number, a category, and rows that share an assignment.
struct Visits: Generator {
  var rowsPerAssignment = 3
  var levels = ["low", "say \"high\"", "mid,dle"]

  var features: [ColumnSchema] { ["x", ColumnSchema("kind", .category(levels: levels))] }
  var response: [ColumnSchema] { [ColumnSchema("answer", .category(levels: ["no", "yes"]))] }
  var expertCount: Int { 2 }

  func drawFeatures(_ block: inout RowBlock) {
    for row in 0..<block.count {
      block.features[row, 0] = block.sources[row].gaussian()
      block.features[row, 1] = Double(block.sources[row].integer(below: levels.count))
    }
  }

  func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count { (terms[row, 0], terms[row, 1]) = (log(0.25), log(0.75)) }
  }

  private func probabilityOfYes(_ expert: Int) -> Double { expert == 0 ? 0.9 : 0.2 }

  func drawResponse(_ block: inout RowBlock) {
    for row in 0..<block.count {
      block.response[row, 0] = block.sources[row].uniform() < probabilityOfYes(block.assignments[row]) ? 1 : 0
    }
  }

  func logDensities(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count {
      for k in 0..<2 { terms[row, k] = log(block.response[row, 0] == 1 ? probabilityOfYes(k) : 1 - probabilityOfYes(k)) }
    }
  }
}
