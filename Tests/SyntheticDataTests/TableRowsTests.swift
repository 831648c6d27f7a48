import Foundation
import GSL
import MixtureCore
import MixtureData
import SyntheticData
import Testing

/// What a generator says of rows of a table is what it says of the rows that it drew.
@Suite struct TableRowsTests {
  /// Two experts that draw a letter; the letter "b" of a feature makes the second expert likely. Its levels look like numbers.
  private struct Letters: Generator {
    var features: [ColumnSchema] { [ColumnSchema("size", .category(levels: ["10", "20"]))] }
    var response: [ColumnSchema] { [ColumnSchema("letter", .category(levels: ["c", "a", "b"]))] }
    var expertCount: Int { 2 }
    private var probabilities: [[Double]] { [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]] }

    func drawFeatures(_ block: inout RowBlock) {
      for row in 0..<block.count { block.features[row, 0] = Double(block.sources[row].integer(below: 2)) }
    }

    func logWeights(_ block: RowBlock, into terms: inout Matrix) {
      for row in 0..<block.count {
        let second = block.features[row, 0] == 1 ? 0.9 : 0.2
        (terms[row, 0], terms[row, 1]) = (log(1 - second), log(second))
      }
    }

    func drawResponse(_ block: inout RowBlock) {
      for row in 0..<block.count {
        block.response[row, 0] = Double(block.sources[row].categorical(weights: probabilities[block.assignments[row]]))
      }
    }

    func logDensities(_ block: RowBlock, into terms: inout Matrix) {
      for row in 0..<block.count {
        for k in 0..<2 { terms[row, k] = log(probabilities[k][Int(block.response[row, 0])]) }
      }
    }
  }

  /// Noise that cannot be greater than one.
  private struct BoundedNoise: NoiseDistribution {
    var parameters: [ParameterEstimate] { [] }
    func draw(using source: inout RandomSource) -> Double { 2 * source.uniform() - 1 }
    func replaceByLogDensities(_ values: inout Matrix, column: Int) {
      for row in 0..<values.rows { values[row, column] = abs(values[row, column]) <= 1 ? -log(2) : -.infinity }
    }
  }

  /// Rows in pairs.
  private struct Pairs: GeneratorModifier {
    @CodedByName private(set) var base: any Generator
    var rowsPerAssignment: Int { 2 }
    init(_ base: any Generator) { _base = CodedByName(wrappedValue: base) }
  }

  private func posterior(ofDrawn data: SyntheticDataSet) throws -> (densities: [Double], shares: [Double]) {
    var result: (densities: [Double], shares: [Double]) = ([], [])
    try data.forEachBlock {
      AssignmentPosterior(data.generator, of: $0)
    } consume: {
      result.densities += $0.logDensities
      result.shares += $0.responsibilities.elements
    }
    return result
  }

  @Test(arguments: [false, true])
  func tablesSayWhatBlocksSay(areInPairs: Bool) throws {
    for base in [try Recipe("linear+softmax+irrelevant").generator(), Letters()] as [any Generator] {
      let data = try SyntheticDataSet(areInPairs ? Pairs(base) : base, rows: 3000, seed: 8)
      let drawn = try posterior(ofDrawn: data)
      let rows = try TableRows(data.table(), of: data.generator)
      let read = try rows.posterior()
      #expect(read.logDensities == drawn.densities && read.responsibilities.elements == drawn.shares)
      let figures = try BayesFigures(data)
      #expect(abs(read.logDensities.reduce(0, +) / 3000 - figures.logDensity.mean) < 1e-12)
      for i in [0, 700, 1499] { #expect(abs(read.responsibilities(ofAssignment: i).reduce(0, +) - 1) < 1e-12) }
      let truth = try Truth(data)
      #expect(try truth.assignments(of: rows, threads: 2) == data.assignments())
      #expect(try truth.assignments(of: TableRows(truth.unseenRows(3000).table(), of: data.generator)) == nil)
    }
  }

  /// By hand: p(b | 20) = 0.1 · 0.1 + 0.9 · 0.8, p(c | 10) = 0.8 · 0.7 + 0.2 · 0.1.
  @Test func levelsGoByTheirNames() throws {
    let letters = Table.Column.categories(levels: ["b", "c"], codes: [0, 1])
    let expected = [log(0.73), log(0.58)]
    for size in [Table.Column.numbers([20, 10]), .categories(levels: ["20", "10"], codes: [0, 1])] {
      let rows = try TableRows(Table([("letter", letters), ("size", size)]), of: Letters())
      for (value, right) in zip(try rows.posterior().logDensities, expected) { #expect(abs(value - right) < 1e-14) }
    }
    let error = #expect(throws: DataError.self) {
      try TableRows(Table([("letter", letters), ("size", .numbers([20, 30]))]), of: Letters())
    }
    #expect(
      error?.description == "table, row 2, column \"size\": \"30\" is none of the levels of the truth, 10, 20")
    for other in [Table.Column.categories(levels: ["d", "c"], codes: [0, 1]), .numbers([1, 3])] {
      #expect(throws: DataError.self) {
        try TableRows(Table([("letter", other), ("size", .numbers([20, 10]))]), of: Letters())
      }
    }
  }

  @Test func groupsAreGathered() throws {
    let data = try SyntheticDataSet(Pairs(Recipe("linear").generator()), rows: 200, seed: 8)
    let table = try data.table()
    let order = (0..<100).map { 2 * $0 } + (0..<100).map { 2 * $0 + 1 }
    let shuffled = try Table(
      table.columnNames.map { name in
        let values = try table.numbers(name)
        return (name, .numbers(order.map { values[$0] }))
      })
    let rows = try TableRows(shuffled, of: data.generator)
    #expect(try rows.posterior().logDensities == posterior(ofDrawn: data).densities)
  }

  @Test func impossibleRowsAreErrors() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: ConstantWeights([1]),
      experts: [LinearResponse(coefficients: [0, 0], noise: BoundedNoise())])
    let rows = try TableRows(Table([("x1", .numbers([0, 0])), ("y", .numbers([0.5, 1.5]))]), of: generator)
    let error = #expect(throws: DataError.self) { try rows.posterior() }
    #expect(error?.description.hasPrefix("table, row 2: its density under the truth is zero") == true)
  }
}
