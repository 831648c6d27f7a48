import CLibCSV
import Foundation

/// A CSV file in the making: a header, then rows of numbers, each printed so that it reads back to the bit.
public struct CSVWriter: Sendable {
  /// The text so far, in UTF-8.
  public private(set) var data = Data()

  /// Begins with the names of the columns, quoted where they must be (RFC 4180).
  public init(header: [String]) { append(cells: header.map(Self.quoted)) }

  /// Appends a row.
  public mutating func append(_ row: [Double]) { append(cells: row.map { "\($0)" }) }

  private mutating func append(cells: [String]) { data.append(contentsOf: (cells.joined(separator: ",") + "\n").utf8) }

  private static func quoted(_ name: String) -> String {
    let text = Array(name.utf8)
    guard text.contains(where: ",;\t\"\r\n".utf8.contains) else { return name }
    // Every quote is doubled, and two enclose the text.
    var quoted = [UInt8](repeating: 0, count: 2 * text.count + 2)
    let count = csv_write(&quoted, quoted.count, text, text.count)
    return String(decoding: quoted.prefix(count), as: UTF8.self)
  }
}
