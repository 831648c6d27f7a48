import Foundation
import GSL

/// What somebody who knows the distribution of rows says of their assignments, having seen features and response.
public struct AssignmentPosterior: Sendable {
  /// ln π_k: a row for each row, a column for each expert. Rows that share an assignment have the weights of the first of them.
  public private(set) var logWeights: Matrix
  /// ln p(y_i | x_i) = ln Σ_k π_k p_k(y_i | x_i): one an assignment, for all its rows together.
  public private(set) var logDensities: [Double] = []
  /// p(z_i = k | x_i, y_i): a row for each assignment, a column for each expert.
  public private(set) var responsibilities: Matrix

  /// The posterior of the rows of a block.
  ///
  /// - Complexity: O(rows × experts) beside the generator's work.
  public init(_ generator: some Generator, of block: RowBlock) {
    let (shared, count) = (generator.rowsPerAssignment, generator.expertCount)
    logWeights = Matrix(rows: block.count, columns: count)
    var densities = logWeights
    generator.logWeights(block, into: &logWeights)
    if shared > 1 {
      for row in 0..<block.count { for k in 0..<count { logWeights[row, k] = logWeights[row / shared * shared, k] } }
    }
    generator.logDensities(block, into: &densities)
    responsibilities = Matrix(rows: block.count / shared, columns: count)
    logDensities.reserveCapacity(responsibilities.rows)
    var terms = [Double](repeating: 0, count: count)
    for i in 0..<responsibilities.rows {
      for k in 0..<count {
        terms[k] = ((i * shared)..<((i + 1) * shared)).reduce(logWeights[i * shared, k]) { $0 + densities[$1, k] }
      }
      let total = logSumOfExponentials(terms)
      logDensities.append(total)
      for k in 0..<count { responsibilities[i, k] = exp(terms[k] - total) }
    }
  }

  /// The probabilities of the experts for one assignment.
  public func responsibilities(ofAssignment i: Int) -> ArraySlice<Double> {
    let count = responsibilities.columns
    return responsibilities.elements[(i * count)..<((i + 1) * count)]
  }

  /// The number of the most probable expert of one assignment.
  public func mostProbable(ofAssignment i: Int) -> Int {
    let shares = responsibilities(ofAssignment: i)
    return (shares.indices.max { shares[$0] < shares[$1] } ?? shares.startIndex) - shares.startIndex
  }

  /// The mean weight of each expert over the assignments.
  public var meanWeights: [Double] {
    let (count, step) = (responsibilities.rows, logWeights.rows / max(1, responsibilities.rows))
    return (0..<responsibilities.columns).map { k in
      (0..<count).reduce(0) { $0 + exp(logWeights[$1 * step, k]) } / Double(max(1, count))
    }
  }

  /// The posteriors of blocks that follow one another.
  init(joining parts: [AssignmentPosterior], experts: Int) {
    func joined(_ matrix: KeyPath<AssignmentPosterior, Matrix>) -> Matrix {
      Matrix(
        rows: parts.reduce(0) { $0 + $1[keyPath: matrix].rows }, columns: experts,
        elements: parts.flatMap { $0[keyPath: matrix].elements })
    }
    logWeights = joined(\.logWeights)
    responsibilities = joined(\.responsibilities)
    logDensities = parts.flatMap(\.logDensities)
  }
}
