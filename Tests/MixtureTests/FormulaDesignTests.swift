import Foundation
import Mixtures
import Testing

/// Designs: order and names of features, what `.` stands for, response, offset, gate, and what is refused.
@Suite struct FormulaDesignTests {
  private let table: Table

  init() throws {
    table = try Table([
      ("y", .numbers([1, 2, 3, 4, 5, 6])), ("x", .numbers([0, 1, 2, 3, 4, 5])), ("z", .numbers([1, 2, 1, 2, 4, 8])),
      ("g", .categories(levels: ["unused", "a", "b"], codes: [1, 2, 1, 2, 1, 2])),
      ("one", .categories(levels: ["only"], codes: [0, 0, 0, 0, 0, 0])), ("w", .numbers([1, 1, 2, 2, 3, 3])),
      ("two words", .numbers([1, 0, 0, 1, 0, 0])),
    ])
  }

  private func design(_ text: String, weights: String? = nil) throws -> Design {
    try Design(Formula(text), for: table, rowWeights: weights)
  }

  @Test(arguments: [
    ("y ~ 1", []),
    ("y ~ x:z + poly(x, 1) + x + g", ["poly(x, 1)", "x", "gb", "x:z"]),
    ("y ~ g:poly(x, 2)", ["ga:poly(x, 2)1", "gb:poly(x, 2)1", "ga:poly(x, 2)2", "gb:poly(x, 2)2"]),
    ("y ~ x + g:x - 1", ["x", "gb:x"]),
    ("y ~ x + factor(z) + g - 1", ["x", "factor(z)1", "factor(z)2", "factor(z)4", "factor(z)8", "gb"]),
    (
      "y ~ g:factor(w)",
      ["ga:factor(w)1", "gb:factor(w)1", "ga:factor(w)2", "gb:factor(w)2", "ga:factor(w)3", "gb:factor(w)3"]
    ),
    ("y ~ `two words` + log(`two words` + 1)", ["two words", "log(`two words` + 1)"]),
  ])
  func orderAndNames(text: String, expected: [String]) throws { #expect(try design(text).featureNames == expected) }

  @Test(arguments: [
    ("y ~ . - one", ["x", "z", "gb", "two words"]),
    ("y ~ . + I(x^2) - one - `two words`", ["x", "z", "gb", "I(x^2)"]),
    ("log(y) ~ . - one - g - `two words` + offset(z)", ["x"]),
    ("y ~ x:. - x:one - x:`two words`", ["x", "x:z", "x:gb"]),
    (
      "y ~ (. + x)^2 - one - one:x - one:z - g:one - one:`two words` - z:`two words` - `two words` - x:z - g:z",
      ["x", "z", "gb", "x:gb", "x:two words", "ga:two words", "gb:two words"]
    ),
  ])
  func others(text: String, expected: [String]) throws {
    #expect(try design(text, weights: "w").featureNames == expected)
  }

  @Test func othersStayThoseOfTheFit() throws {
    let design = try design("y ~ . - one", weights: "w")
    #expect(design.others == ["x", "z", "g", "one", "two words"])
    #expect(try self.design("y ~ x").others == [])
    let later = try Table([
      ("two words", .numbers([1])), ("g", .categories(levels: ["b"], codes: [0])), ("new", .numbers([0])),
      ("z", .numbers([2])), ("x", .numbers([3])),
    ])
    let row = try design.features(of: later).map { $0.values }
    #expect(row == [[3], [2], [1], [1]])
    #expect(try design.predictors(of: later).rowCount == 1)
  }

  @Test func response() throws {
    #expect(try design("y ~ x").response(of: table).map(\.column.name) == ["y"])
    let transformed = try design("log(y) ~ x").response(of: table)
    #expect(transformed[0].column.name == "log(y)")
    #expect(transformed[0].values == [1, 2, 3, 4, 5, 6].map { log($0) })
    let pair = try design("mvbind(y, 10 - y) ~ x").observations(of: table)
    #expect(pair.shape.responses == ["y", "10 - y"])
    let successes = try design("cbind(y, 10 - y) ~ x").observations(of: table)
    #expect(successes.shape.responses == [ResponseColumn("y", hasTrials: true)])
    #expect(try DataSummary(successes).responses[0].trials?.total == 60)
  }

  @Test(arguments: [("y ~ x", true), ("y ~ x - 1", false)])
  func observationsKnowWhetherThereIsAnIntercept(formula: String, hasIntercept: Bool) throws {
    let design = try design(formula)
    #expect(try design.observations(of: table).shape.hasIntercept == hasIntercept)
    #expect(try design.predictors(of: table).shape.hasIntercept == hasIntercept)
  }

  @Test func offsetsAdd() throws {
    #expect(try design("y ~ x").offset(of: table) == nil)
    #expect(try design("y ~ x + offset(x) + offset(2 * w)").offset(of: table) == [2, 3, 6, 7, 10, 11])
  }

  @Test func gate() throws {
    #expect(try design("y ~ x").gateFeatures(of: table) == nil)
    let design = try design("y ~ x | g + I(z / 2) - 1")
    #expect(design.featureNames == ["x"])
    #expect(design.gateFeatureNames == ["ga", "gb", "I(z / 2)"])
    let features = try #require(try design.gateFeatures(of: table))
    #expect(features.map(\.values) == [[1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1], [0.5, 1, 0.5, 1, 2, 4]])
  }

  @Test func weightsAndGroups() throws {
    let design = try Design(Formula("y ~ . - one"), for: table, rowWeights: "w", groups: "g")
    #expect(design.featureNames == ["x", "z", "two words"])
    #expect(try design.assignments(of: table) == [0, 1, 0, 1, 0, 1])
    let rows = try Design(Formula("y ~ x"), for: table, rowWeights: "w", groups: "w").observations(of: table)
    #expect((rows.rowCount, rows.assignmentCount) == (6, 3))
    #expect(try Design(Formula("y ~ x"), for: table, groups: "g").observations(of: table).assignmentCount == 2)
  }

  /// A regression on a formula's features finds the coefficients that made the response.
  @Test func fitAndPrediction() throws {
    var source = RandomSource(seed: 5)
    let x = (0..<200).map { _ in source.uniform() }
    let codes = x.indices.map { $0 % 3 }
    let y = zip(x, codes).map { x, code in
      1 + 2 * x * x + [0, 1, -1][code] * x + source.gaussian(standardDeviation: 0.01)
    }
    let levels = ["a", "b", "c"]
    let rows = try Table([("x", .numbers(x)), ("g", .categories(levels: levels, codes: codes)), ("y", .numbers(y))])
    let design = try Design(Formula("y ~ I(x^2) + x:g"), for: rows)
    let model = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block(1, LinearExpert(estimate: .maximumLikelihood))])
    let fit = try model.fitBlocking(design.observations(of: rows))
    let saved = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(design))
    let later = try Table([("x", .numbers([0.5, 0.25])), ("g", .categories(levels: ["c", "b"], codes: [0, 1]))])
    let distributions = try fit.mixture.predict(saved.predictors(of: later))
    #expect(abs(distributions[0].mean - 1) < 0.01)
    #expect(abs(distributions[1].mean - 1.375) < 0.01)
  }

  @Test(arguments: [
    ("y ~ q", "no column \"q\"; there are y, x, z, g"),
    ("y ~ log(g)", "column \"g\" holds categories"),
    ("log(g) ~ x", "column \"g\" holds categories"),
    ("y ~ x + log(x)", "row 1: log(x) has no value, because x is 0"),
    ("y ~ sqrt(x - 2.5)", "row 1: sqrt(x - 2.5) has no value, because x - 2.5 is -2.5"),
    ("y ~ I(z / x)", "row 1: z / x is not a finite number"),
    ("y ~ exp(1000 * x)", "row 2: exp(1000 * x) is not a finite number"),
    ("y ~ one", "one is always \"only\""),
    ("y ~ factor(one)", "factor(one) is always \"only\""),
    ("y ~ poly(z, 4)", "poly(z, 4): z has 4 different values"),
    ("y ~ bs(`two words`, df = 6)", "bs(`two words`, df = 6): two of its knots coincide"),
    ("y ~ . - q", "there is no term q to take away"),
    ("y ~ . - x - z - g - one - w - `two words` - 1", "there is neither a term nor an intercept"),
  ])
  func refused(text: String, message: String) throws {
    let error = try #require(throws: DataError.self) {
      try design(text).observations(of: table)
    }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func tooManyProducts() throws {
    let wide = try Table([("y", .numbers([1]))] + (0..<60).map { ("x\($0)", .numbers([1])) })
    #expect(try Design(Formula("y ~ .^2"), for: wide).featureNames.count == 60 + 60 * 59 / 2)
    #expect(throws: DataError.self) { try Design(Formula("y ~ .^9"), for: wide) }
  }

  @Test func newRowsMustBeKnown() throws {
    let design = try design("y ~ x + g + factor(z)")
    func refusal(_ columns: [(name: String, values: Table.Column)]) throws -> String {
      try #require(throws: DataError.self) { try design.predictors(of: Table(columns)) }.description
    }
    let (x, z) = (Table.Column.numbers([1, 2]), Table.Column.numbers([1, 8]))
    let g = Table.Column.categories(levels: ["a", "c"], codes: [0, 1])
    #expect(
      try refusal([("x", x), ("z", z), ("g", g)])
        == "table, row 2, column \"g\": \"c\" is none of the levels of the fit, a, b")
    #expect(try refusal([("x", x), ("z", x), ("g", z)]).contains("row 1, column \"g\": \"1\""))
    let known = Table.Column.categories(levels: ["b"], codes: [0, 0])
    #expect(
      try refusal([("x", x), ("z", .numbers([1, 3])), ("g", known)]).contains("row 2, column \"z\": \"3\" is none of"))
    #expect(try refusal([("x", x), ("z", z)]).contains("no column \"g\""))
    #expect(try refusal([("x", known), ("z", z), ("g", known)]).contains("column \"x\" holds categories"))
  }

  @Test func savedDesignsMustFitTogether() throws {
    let text = try String(decoding: JSONEncoder().encode(design("y ~ poly(x, 2) + g + bs(x, df = 4)")), as: UTF8.self)
    #expect(try JSONDecoder().decode(Design.self, from: Data(text.utf8)).featureNames.count == 7)
    for (old, new) in [("+ g", "+ z"), ("poly(x, 2)", "poly(x, 3)"), ("df = 4", "df = 5"), ("y ~", "~"), ("\"a\",", "")] {
      #expect(text.contains(old))
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Design.self, from: Data(text.replacing(old, with: new).utf8))
      }
    }
  }
}
