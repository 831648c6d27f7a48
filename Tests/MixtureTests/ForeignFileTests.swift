import Foundation
import Mixtures
import Testing

/// Files as other programs write them (`Foreign/generate.py` makes them): each is read as what it means, or refused by a sentence.
@Suite struct ForeignFileTests {
  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var file: String
    var format: Format
    var columns: [String: [Cell]]
    var error: String?
    var notes: [String]
    var rowNames: [String]
    var formula: String?
    var testDescription: String { file }
  }

  struct Format: Decodable, Sendable {
    var hasHeader: Bool?
    var decimal: String?
    var encoding: String?
    var missing: [String]?

    var known: Table.Format {
      Table.Format(
        hasHeader: hasHeader, decimal: decimal.flatMap(Table.DecimalMark.init),
        missing: missing.map(Set.init) ?? Table.Format.usualMissing, encoding: encoding)
    }
  }

  /// What a cell must be.
  enum Cell: Decodable, Equatable, Sendable {
    case missing, number(Double), text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .missing
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Foreign")
  static let cases = Result {
    try JSONDecoder().decode([Case].self, from: Data(contentsOf: folder.appendingPathComponent("cases.json")))
  }

  @Test func casesAreThere() throws { #expect(try Self.cases.get().count >= 150) }

  @Test(arguments: (try? cases.get()) ?? [])
  func isReadOrRefused(expected: Case) throws {
    let url = Self.folder.appendingPathComponent(expected.file)
    guard let message = expected.error else {
      let table = try Table(csv: url, format: expected.format.known)
      #expect(Set(table.columnNames) == Set(expected.columns.keys))
      for (name, cells) in expected.columns { #expect(try table.cells(name) == cells, "\(name)") }
      #expect(table.rowNames == expected.rowNames)
      let notes = table.notes + table.notes(on: table.columnNames)
      for note in expected.notes { #expect(notes.contains { $0.contains(note) }, "\(note): \(notes)") }
      if let formula = expected.formula { _ = try Design(Formula(formula), for: table) }
      return
    }
    let error = #expect(throws: DataError.self) {
      let table = try Table(csv: url, format: expected.format.known)
      if let formula = expected.formula { _ = try Design(Formula(formula), for: table) }
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(expected.file) == true)
  }
}

extension Table {
  /// The cells of a column, missing ones among them.
  fileprivate func cells(_ name: String) throws -> [ForeignFileTests.Cell] {
    let present = try droppingRows(withMissingIn: [name])
    let rows = Dictionary(uniqueKeysWithValues: present.fileRows.enumerated().map { ($1, $0) })
    let column = try present.column(name)
    return (1...rowCount).map { row in
      guard let index = rows[row] else { return .missing }
      switch column {
      case .numbers(let values): return .number(values[index])
      case .categories(let levels, let codes): return .text(levels[codes[index]])
      }
    }
  }
}
