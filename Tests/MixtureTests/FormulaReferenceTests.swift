import Foundation
import Mixtures
import References
import Testing

/// Design matrices against those of patsy, scipy and mpmath (Tests/References/generate_formula.py).
@Suite struct FormulaReferenceTests {
  struct Content: Decodable {
    var fit: Rows
    var new: Rows
    var designs: [Matrices]
    var splinesBeyond: Splines
  }

  struct Rows: Decodable {
    var x, z, u: [Double]
    var g, h: [String]

    func table() throws -> Table {
      try Table([
        ("x", .numbers(x)), ("z", .numbers(z)), ("u", .numbers(u)), ("g", categories(g)), ("h", categories(h)),
        ("y", .numbers(x.map { $0 + 1 })),
      ])
    }
  }

  struct Matrices: Decodable, CustomTestStringConvertible {
    var formula: String
    var fit: [String: [Double]]
    var new: [String: [Double]]
    var testDescription: String { formula }
  }

  struct Splines: Decodable {
    var points: [Double]
    var columns: [[Double]]
  }

  static let content: Result<Content, any Error> = Result { try Reference.load("formula") }

  @Test(arguments: (try? content.get().designs) ?? [])
  func designMatrices(expected: Matrices) throws {
    let content = try Self.content.get()
    let design = try Design(Formula(expected.formula), for: content.fit.table())
    try compare(design.features(of: content.fit.table()), expected.fit)
    let saved = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(design))
    #expect(saved == design)
    try compare(saved.features(of: content.new.table()), expected.new)
  }

  private func compare(_ features: [(column: ColumnSchema, values: [Double])], _ expected: [String: [Double]]) throws {
    #expect(Set(features.map(\.column.name)) == Set(expected.keys))
    for (column, values) in features {
      #expect(relativeError(values, try #require(expected[column.name])) <= 1e-12, "\(column.name)")
    }
  }

  @Test func referencesAreThere() throws { #expect(try Self.content.get().designs.count == 27) }

  @Test func splinesGoOnBeyondTheBoundary() throws {
    let content = try Self.content.get()
    let design = try Design(Formula("y ~ bs(x, df = 5)"), for: content.fit.table())
    let beyond = try Table([("x", .numbers(content.splinesBeyond.points))])
    let features = try design.features(of: beyond)
    for (feature, expected) in zip(features, content.splinesBeyond.columns) {
      #expect(relativeError(feature.values, expected) <= 1e-12)
    }
  }

  @Test func polynomialsAreOrthonormal() throws {
    let table = try Self.content.get().fit.table()
    let features = try Design(Formula("y ~ poly(x, 8)"), for: table).features(of: table).map(\.values)
    for i in features.indices {
      #expect(abs(features[i].reduce(0, +)) <= 1e-12)
      for j in 0...i {
        let product = zip(features[i], features[j]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) <= 1e-12)
      }
    }
  }
}

/// A column of categories, its levels in the order of the alphabet.
func categories(_ values: [String]) -> Table.Column {
  let levels = Set(values).sorted()
  return .categories(levels: levels, codes: values.map { value in levels.firstIndex(of: value) ?? -1 })
}
