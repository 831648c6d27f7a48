import GSL
import MixtureCore
import MixtureTestKit
import SyntheticData
import Testing

/// Columns of several distributions side by side, independent given the features: of a user's own, for the package has none of mixed
/// columns.
private struct JoinedResponse: ResponseDistribution {
  let coded: [CodedByName<any ResponseDistribution>]
  private var distributions: [any ResponseDistribution] { coded.map(\.wrappedValue) }

  init(_ distributions: [any ResponseDistribution]) { coded = distributions.map { CodedByName(wrappedValue: $0) } }

  /// y1, y2, …, for each of the distributions calls its own y.
  var columns: [ColumnSchema] {
    distributions.enumerated().map { j, distribution in
      var column = distribution.columns[0]
      column.name += "\(j + 1)"
      return column
    }
  }

  func validate() throws { for distribution in distributions { try distribution.validate() } }
  func validate(_ features: [ColumnSchema]) throws {
    for distribution in distributions { try distribution.validate(features) }
  }

  func draw(_ rows: [Int], into block: inout RowBlock) {
    for (j, distribution) in distributions.enumerated() {
      var own = block.withResponse(j)
      distribution.draw(rows, into: &own)
      block.sources = own.sources
      for row in rows { block.response[row, j] = own.response[row, 0] }
    }
  }

  func logDensities(_ block: RowBlock, into terms: inout Matrix, column: Int) {
    var own = Matrix(rows: block.count, columns: 1)
    for row in 0..<block.count { terms[row, column] = 0 }
    for (j, distribution) in distributions.enumerated() {
      distribution.logDensities(block.withResponse(j), into: &own, column: 0)
      for row in 0..<block.count { terms[row, column] += own[row, 0] }
    }
  }
}

extension RowBlock {
  /// With one of the response's columns alone.
  fileprivate func withResponse(_ column: Int) -> RowBlock {
    var block = self
    block.response = Matrix(rows: count, columns: 1, elements: (0..<count).map { response[$0, column] })
    return block
  }
}

/// Generators with several columns, of counts among them, and what the law of responses finds of their faults.
@Suite struct JoinedResponseTests {
  /// Few or many counts, a number and, if wanted, a category.
  private static func generator(rate: Double, hasCategory: Bool = false) throws -> SyntheticMixture {
    let experts = [-1.0, 1].map { sign in
      JoinedResponse(
        [
          PoissonResponse(coefficients: [rate + 0.5 * sign, 0.3 * sign]),
          LinearResponse(coefficients: [sign, 2], noise: StudentNoise(scale: 0.5, degreesOfFreedom: 3)),
        ]
          + (hasCategory
            ? [MultinomialResponse(coefficients: Matrix(rows: 2, columns: 2, elements: [0, sign, 0, 1]))] : []))
    }
    return try SyntheticMixture(
      features: NormalFeatures(1),
      weights: SoftmaxWeights(coefficients: Matrix(rows: 2, columns: 2, elements: [0, 1, 0, 2])),
      experts: experts)
  }

  static let generators = Result {
    let few: [(String, any Generator)] = [("few", try generator(rate: 0.5)), ("many", try generator(rate: 5))]
    let mixed = try generator(rate: 1, hasCategory: true)
    let contaminated = try Contamination(generator(rate: 1), share: 0.1, seed: 3)
    return try few + [("category", mixed), ("contaminated", GroupedRows(contaminated, rowsPerAssignment: 3))]
  }

  @Test(arguments: GeneratorLaw.allCases, try generators.get())
  func keeps(law: GeneratorLaw, named: (name: String, generator: any Generator)) throws {
    try PartRegistry.register(JoinedResponse.self)
    law.check(GeneratorSubject(named.generator, named: named.name))
  }

  /// Counts of another rate, where all else is right.
  @Test(arguments: [0.5, 5])
  func countsOfAnotherRateAreFoundOut(rate: Double) throws {
    let misstated = Misstated(base: try Self.generator(rate: rate), stated: try Self.generator(rate: rate + 0.2))
    #expect(!GeneratorLaw.responses.violations(of: GeneratorSubject(misstated)).isEmpty)
  }
}
