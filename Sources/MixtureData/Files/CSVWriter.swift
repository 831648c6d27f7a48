import CLibCSV
import Foundation
import MixtureCore

/// Writes CSV (RFC 4180): the names of the columns, then rows in which each number reads back to the bit and a category is the name of its
/// level.
public struct CSVWriter: RowWriter {
  private let names: [[UInt8]]
  /// The levels of each column, ready to be written; empty for numbers.
  private let levels: [[[UInt8]]]

  /// A writer of the given columns.
  public init(_ columns: [ColumnSchema]) {
    names = columns.map { Self.quoted($0.name) }
    levels = columns.map { $0.levels?.map(Self.quoted) ?? [] }
  }

  /// The names of the columns.
  public func header(rowCount: Int) -> Data { Data(names.joined(separator: ",".utf8)) + "\n".utf8 }

  /// The lines of the rows.
  public func bytes(ofRows numbers: [Double]) -> Data {
    var text: [UInt8] = []
    // Most numbers have 16 to 18 digits.
    text.reserveCapacity(20 * numbers.count)
    var column = 0
    for number in numbers {
      if levels[column].isEmpty { text.append(number: number) } else { text += levels[column][Int(number)] }
      column += 1
      if column < names.count {
        text.append(UInt8(ascii: ","))
      } else {
        text.append(UInt8(ascii: "\n"))
        column = 0
      }
    }
    return Data(text)
  }

  /// Text in quotes if a reader would not take it for what it is without.
  private static func quoted(_ name: String) -> [UInt8] {
    let text = Array(name.utf8)
    let blank = UInt8(ascii: " ")
    guard text.contains(where: ",;\t\"\r\n".utf8.contains) || text.first == blank || text.last == blank else { return text }
    // Every quote is doubled, and two enclose the text.
    var quoted = [UInt8](repeating: 0, count: 2 * text.count + 2)
    let count = csv_write(&quoted, quoted.count, text, text.count)
    return Array(quoted.prefix(count))
  }
}

extension [UInt8] {
  /// Appends the shortest digits that give the number back; a whole number has no point, and what is no number leaves the cell empty.
  fileprivate mutating func append(number: Double) {
    if number.isNaN { return }
    append(contentsOf: number.description.utf8)
    if self[count - 1] == UInt8(ascii: "0") && self[count - 2] == UInt8(ascii: ".") { removeLast(2) }
  }
}
