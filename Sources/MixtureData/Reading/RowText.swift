import Foundation

/// Makes of text what a reader of RFC 4180 reads, piece by piece: one tab of the blanks between two cells, and two quotes of one that is escaped
/// by a backslash, as R writes it.
struct RowText {
  /// Whether blanks stand between cells.
  let collapsesBlanks: Bool
  /// Whether backslashes escape quotes.
  let unescapesQuotes: Bool

  private var isQuoted = false
  private var isAtStart = true
  private var isPending = false
  private var isEscaped = false

  /// Text that needs the given changes.
  init(collapsesBlanks: Bool, unescapesQuotes: Bool) {
    self.collapsesBlanks = collapsesBlanks
    self.unescapesQuotes = unescapesQuotes
  }

  /// The next piece, changed.
  mutating func changed(_ text: Data) -> Data {
    guard collapsesBlanks || unescapesQuotes else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for byte in text {
      if isEscaped {
        isEscaped = false
        result.append(byte == UInt8(ascii: "\"") ? byte : UInt8(ascii: "\\"))
        result.append(byte)
        continue
      }
      switch byte {
      case UInt8(ascii: "\\") where unescapesQuotes && isQuoted: isEscaped = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        if isQuoted || !collapsesBlanks { result.append(byte) } else { isPending = !isAtStart }
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if !isQuoted { (isAtStart, isPending) = (true, false) }
        result.append(byte)
      default:
        if isPending { result.append(UInt8(ascii: "\t")) }
        (isPending, isAtStart) = (false, false)
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        result.append(byte)
      }
    }
    return Data(result)
  }
}
