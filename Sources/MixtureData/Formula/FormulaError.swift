import GSL
import MixtureCore

/// A formula that cannot be read: what is wrong, and at which character.
public struct FormulaError: DescribedError, Equatable {
  /// What is wrong, and what was expected.
  public let message: String
  /// The number of characters before the place; as many as `text` has if something is missing at its end.
  public let position: Int
  /// The formula.
  public let text: String

  /// The message and the number of the character, for places that have one line.
  var inOneLine: String { "\(message.shortened), at character \(position + 1)" }

  /// The message, and below it the formula with a caret under the character; of a long formula what is around it.
  public var description: String {
    let characters = Array(text)
    let first = characters.count > Self.longestLine ? max(0, position - Self.longestLine / 2) : 0
    let shown = characters[first...].prefix(Self.longestLine)
    let (before, after) = (first > 0 ? "… " : "", first + shown.count < characters.count ? " …" : "")
    // A single character may be of any length.
    let line = String(shown.map { $0.isWhitespace ? " " : $0.utf8.count > 16 ? "�" : $0 })
    let indent = String(repeating: " ", count: before.count + position - first)
    return "formula: \(message.shortened)\n  \(before)\(line)\(after)\n  \(indent)^"
  }

  /// In characters: with those of many bytes, and the message, what a terminal shows at once.
  private static let longestLine = 160
}
