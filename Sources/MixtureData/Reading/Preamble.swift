import Foundation

/// What stands before a table: blank lines, a line that names the delimiter, and comments.
struct Preamble {
  /// Its length.
  private(set) var byteCount = 0
  /// The delimiter of a line such as `sep=;`.
  private(set) var delimiter: Table.Delimiter?
  private var comments: [String] = []

  init(of head: Data) {
    var rest = head
    while !rest.isEmpty {
      let length = Self.lineLength(in: rest, isQuoted: false)
      let line = String(decoding: rest.prefix(length), as: UTF8.self).trimmingCharacters(in: .newlines)
      let mark = line.lowercased().hasPrefix("sep=") ? line.dropFirst(4) : ""
      if delimiter == nil, let named = Table.Delimiter.allCases.first(where: { mark == $0.mark }) {
        delimiter = named
      } else if line.hasPrefix("#") {
        comments.append(String(line.dropFirst()))
      } else if !line.isEmpty {
        return
      }
      byteCount += length
      rest = rest.dropFirst(length)
    }
  }

  /// What stands behind the # of the last comment.
  var lastComment: String { comments.last ?? "" }

  /// How many lines are comments.
  var commentCount: Int { comments.count }

  /// The names in the last comment, if there are as many as a row has cells, none of them a number.
  mutating func header(like row: [String], _ sample: RowSample) -> [String]? {
    guard let last = comments.last, let text = (last + "\n").data(using: .utf8),
      let cells = RowSample(of: text, isWhole: true, delimiter: sample.delimiter)?.rows.first,
      cells.count == row.count, !cells.contains(where: { sample.isNumber($0, .point) || $0.isEmpty })
    else { return nil }
    comments.removeLast()
    return cells
  }

  /// The length of the first line with its end, which does not stand within quotes where these count.
  static func lineLength(in text: Data, isQuoted: Bool) -> Int {
    var isWithin = false
    var previous: UInt8 = 0
    for (index, byte) in text.enumerated() {
      if previous == UInt8(ascii: "\r") { return byte == UInt8(ascii: "\n") ? index + 1 : index }
      if byte == UInt8(ascii: "\"") { isWithin = isQuoted && !isWithin }
      if byte == UInt8(ascii: "\n"), !isWithin { return index + 1 }
      previous = isWithin ? 0 : byte
    }
    return text.count
  }
}
