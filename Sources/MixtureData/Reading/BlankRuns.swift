import Foundation

/// Makes one tab of the blanks between two cells, piece by piece; those within quotes, and at the ends of lines, stand for themselves or
/// for nothing.
struct BlankRuns {
  private var isQuoted = false
  private var isAtStart = true
  private var isPending = false

  /// The text with tabs in place of blanks.
  mutating func collapsed(_ text: Data) -> Data {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for byte in text {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        if isQuoted { result.append(byte) } else { isPending = !isAtStart }
        continue
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if !isQuoted { (isAtStart, isPending) = (true, false) }
        result.append(byte)
        continue
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
