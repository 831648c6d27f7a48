import Foundation
import GSL
import SyntheticData

/// One expert of a generator at the features of one row: draws of the response, and its density wherever it is asked for.
struct ExpertExamination {
  let generator: any Generator
  let expert: Int
  /// The features.
  let features: [Double]
  /// What was drawn: a row each, with the columns of the response.
  let draws: [[Double]]

  /// What messages begin with.
  var name: String { "expert \(expert) at features \(features)" }

  /// p(y | x) of this expert, for each of many responses.
  func densities(_ responses: [[Double]]) -> [Double] {
    let sources = Array(repeating: RandomSource(seed: 0), count: responses.count)
    var block = RowBlock(rows: 0..<responses.count, of: generator, sources: sources)
    for (row, response) in responses.enumerated() {
      for (j, value) in features.enumerated() { block.features[row, j] = value }
      for (j, value) in response.enumerated() { block.response[row, j] = value }
    }
    var terms = Matrix(rows: block.count, columns: generator.expertCount)
    generator.logDensities(block, into: &terms)
    return (0..<block.count).map { exp(terms[$0, expert]) }
  }

  /// Median, and a scale that is the standard deviation of a normal distribution, of a column of the draws; one where they
  /// are equal.
  func location(ofColumn column: Int) -> (centre: Double, spread: Double) {
    let sorted = draws.map { $0[column] }.sorted()
    let spread = (sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / 1.349
    return (sorted[sorted.count / 2], spread > 0 ? spread : 1)
  }
}

extension GeneratorSubject {
  /// Each of the first eight experts at the features of four rows.
  ///
  /// The rows of one block have these features in turn, so that an expert that reads another row's features is found out.
  ///
  /// - Parameter count: the number of draws at the features of each row.
  func examinations(draws count: Int, seed: UInt64) throws -> [ExpertExamination] {
    var patterns: [[Double]] = []
    try rows(4 * generator.rowsPerAssignment, seed: seed).forEachBlock(threads: 1, { $0.features }) { features in
      for row in stride(from: 0, to: features.rows, by: generator.rowsPerAssignment) {
        patterns.append((0..<features.columns).map { features[row, $0] })
      }
    }
    patterns = Array(Set(patterns)).sorted { $0.lexicographicallyPrecedes($1) }
    return (0..<min(8, generator.expertCount)).flatMap { k in
      let source = RandomSource(seed: seed).split(UInt64(k))
      let sources = (0..<(count * patterns.count)).map { source.split(UInt64($0)) }
      var block = RowBlock(rows: sources.indices, of: generator, sources: sources)
      for row in 0..<block.count {
        block.assignments[row] = k
        for (j, value) in patterns[row % patterns.count].enumerated() { block.features[row, j] = value }
      }
      generator.drawResponse(&block)
      return patterns.indices.map { pattern in
        let draws = stride(from: pattern, to: block.count, by: patterns.count).map { row in
          (0..<block.response.columns).map { block.response[row, $0] }
        }
        return ExpertExamination(generator: generator, expert: k, features: patterns[pattern], draws: draws)
      }
    }
  }
}
