import Foundation
import Mixtures
import Testing

/// The one description of columns, from tables to files.
@Suite struct ColumnSchemaTests {
  @Test(arguments: [
    (ColumnSchema("x"), #"{"isCount":false,"name":"x"}"#),
    (ColumnSchema("n", .count), #"{"isCount":true,"name":"n"}"#),
    (ColumnSchema("g", .category(levels: ["a", "b"])), #"{"isCount":false,"levels":["a","b"],"name":"g"}"#),
  ])
  func isWrittenAndRead(column: ColumnSchema, text: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(column), as: UTF8.self) == text)
    #expect(try JSONDecoder().decode(ColumnSchema.self, from: Data(text.utf8)) == column)
  }

  /// Files of before that say a name only are of numbers.
  @Test func aNameAloneIsANumber() throws {
    #expect(try JSONDecoder().decode(ColumnSchema.self, from: Data(#"{"name":"x"}"#.utf8)) == "x")
  }

  @Test func countsHaveNoLevels() {
    let text = #"{"name":"n","isCount":true,"levels":["a"]}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ColumnSchema.self, from: Data(text.utf8)) }
    #expect(throws: UnfitValue.self) { try ColumnSchema("g", .category(levels: ["a", "a"])).validate() }
  }

  @Test func tablesDescribeTheirColumns() throws {
    let table = try Table([("x", .numbers([1, 2])), ("g", .categories(levels: ["a", "b"], codes: [1, 0]))])
    #expect(table.columns == ["x", ColumnSchema("g", .category(levels: ["a", "b"]))])
  }

  /// What a gate sees by codes keeps its levels in the summary of the data and in what a file says of it.
  @Test func summariesKeepTheKind() throws {
    let group = ColumnSchema("g", .category(levels: ["a", "b"]))
    let rows = try Observations(
      features: [("x", [1, 2, 4])], gateFeatures: [(group, [0, 1, -1])],
      responses: [(ColumnSchema("n", .count), [0, 1, 2])])
    let data = try DataSummary(rows)
    #expect(data.gateFeatures[0].column == group && data.responses[0].column.kind == .count)
    #expect(try JSONDecoder().decode(DataSummary.self, from: JSONEncoder().encode(data)) == data)
    #expect(throws: DataError.self) {
      try Observations(features: [], gateFeatures: [(group, [0, 2, 1])], responses: [("y", [1, 2, 3])])
    }
  }
}
