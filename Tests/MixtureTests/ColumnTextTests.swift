import Foundation
import MixtureData
import Mixtures
import Testing

/// What text means in a formula: categories, codes, identifiers, and splines beyond their range.
@Suite struct ColumnTextTests {
  private func design(_ formula: String, _ table: Table, gateReadsCodes: Bool = false) throws -> Design {
    try Design(Formula(formula), for: table, gateReadsCodes: gateReadsCodes)
  }

  private func refusal(_ formula: String, _ table: Table) -> String {
    (#expect(throws: DataError.self) { try design(formula, table) })?.description ?? ""
  }

  /// Text of more levels than max(20, rows / 5) is refused, unless it is called a factor, or only its codes are used.
  @Test(arguments: [(40, 20), (40, 21), (200, 40), (200, 41)])
  func textOfManyLevels(rows: Int, levels: Int) throws {
    let table = try pipedTable("y,id\n" + (0..<rows).map { "\($0),p\($0 % levels)\n" }.joined())
    #expect(try design("y ~ factor(id)", table).featureNames.count == levels - 1)
    #expect(try design("y ~ 1 | id", table, gateReadsCodes: true).gateFeatureNames == ["id"])
    if levels <= max(20, rows / 5) {
      #expect(try design("y ~ .", table).featureNames.count == levels - 1)
    } else {
      let message = refusal("y ~ .", table)
      #expect(message.contains("is text with \(levels) different values in \(rows) rows, such as \"p0\""))
      #expect(message.contains(". - id") && message.contains("factor(id)") && !message.contains("--group"))
      #expect(refusal("y ~ 1 | id", table).contains("--group id"))
    }
  }

  /// Where most cells look like numbers, a factor takes all of them for what they are.
  @Test func factorsOfNumbersAndText() throws {
    let table = try pipedTable("y,code\n1,10\n2,9\n3,A1\n4,9\n5,10\n")
    #expect(refusal("y ~ code", table).contains("row 3, column \"code\": \"A1\""))
    let design = try design("y ~ factor(code)", table)
    #expect(design.featureNames == ["factor(code)10", "factor(code)A1"])
    #expect(try design.features(of: table).map(\.values) == [[1, 0, 0, 0, 1], [0, 0, 1, 0, 0]])
    let new = try pipedTable("code\nA1\n9\nB\n")
    let error = #expect(throws: DataError.self) { try design.features(of: new) }
    #expect(error?.description == "data, row 3, column \"code\": \"B\" is none of the levels of the fit, 9, 10, A1")
  }

  /// Levels that are numbers are told from others by value.
  @Test func numbersAmongLevels() throws {
    let design = try design("y ~ factor(code)", try pipedTable("y,code\n1,10\n2,9\n3,A1\n4,9\n5,10\n"))
    #expect(
      try design.features(of: pipedTable("code\n9.0\nA1\n1e1\nA1\nA1\n")).map(\.values) == [
        [0, 0, 1, 0, 0], [0, 1, 0, 1, 1],
      ])
  }

  /// A column of decimal commas that holds text says which cell is none, and why.
  @Test func pointsAmongDecimalCommas() throws {
    let table = try pipedTable("x\n1.000\n2.500\n", format: Table.Format(decimal: .comma))
    let error = #expect(throws: DataError.self) { try table.numbers("x") }
    #expect(error?.description.contains("row 1, column \"x\": \"1.000\" looks like a number whose thousands") == true)
  }

  /// Where cells are missing, and what stands there.
  @Test func missingCellsAreListed() throws {
    let table = try pipedTable("x,g\n1,a\nNA,None\n,b\n2,a\n")
    #expect(try table.missingCells(in: ["x", "g"]) == "x (2: empty, \"NA\"), g (1: \"None\")")
    #expect(try table.missingCells(in: []) == "")
  }

  /// A code with a leading zero far down is no number either.
  @Test func leadingZerosFarDown() throws {
    let table = try pipedTable("y,zip\n" + (0..<1500).map { "\($0),\(90000 + $0 % 3)\n" }.joined() + "1,01234\n")
    #expect(refusal("y ~ zip", table).contains("row 1501, column \"zip\": \"01234\" has a leading zero"))
    #expect(try design("y ~ factor(zip)", table).featureNames == ["90001", "90002", "01234"].map { "factor(zip)\($0)" })
  }

  @Test func splinesBeyondTheirRangeAreTold() throws {
    let table = try Table([("x", .numbers((0...20).map(Double.init))), ("y", .numbers((0...20).map { Double($0 % 7) }))])
    let new = try Table([("x", .numbers([3, 25, -1, 20])), ("y", .numbers([0, 0, 0, 0]))])
    for (formula, course) in [("y ~ bs(x, df = 4)", "a steep polynomial"), ("y ~ ns(x, df = 3)", "a straight line")] {
      let design = try design(formula, table)
      #expect(try design.warnings(for: table).isEmpty)
      let warnings = try design.warnings(for: new)
      #expect(warnings.count == 1 && warnings[0].contains("in 2 of 4 rows, the first of them row 2, x lies beyond 0 to 20"))
      #expect(warnings[0].contains(course))
    }
    #expect(try design("y ~ x + poly(x, 2)", table).warnings(for: new).isEmpty)
  }

  /// A model with natural splines comes back from its file.
  @Test func naturalSplinesAreKept() throws {
    let table = try Table([("x", .numbers((0...20).map(Double.init))), ("y", .numbers((0...20).map { Double($0 % 7) }))])
    let design = try design("y ~ ns(x, df = 3)", table)
    #expect(design.featureNames == ["ns(x, df = 3)1", "ns(x, df = 3)2", "ns(x, df = 3)3"])
    let read = try JSONDecoder().decode(Design.self, from: JSONEncoder().encode(design))
    #expect(read == design)
    #expect(try read.features(of: table).map(\.values) == design.features(of: table).map(\.values))
  }

  /// Numbers of more digits than the fast way to read them takes, with a point or a comma.
  @Test func numbersOfManyDigits() throws {
    let text = "x\n0.30000000000000000000000000001\n1e-310\n"
    #expect(try pipedTable(text).numbers("x") == ["0.3", "1e-310"].compactMap(Double.init))
    let commas = try pipedTable("x;y\n0,30000000000000000000000000001;1\n", format: Table.Format(decimal: .comma))
    #expect(try commas.numbers("x") == [0.3])
  }
}
