/// A formula that cannot be read: what is wrong, and at which character.
public struct FormulaError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, and what was expected.
  public let message: String
  /// The number of characters before the place; as many as `text` has if something is missing at its end.
  public let position: Int
  /// The formula.
  public let text: String

  /// The message, and below it the formula with a caret under the character.
  public var description: String {
    let line = String(text.map { $0.isWhitespace ? " " : $0 })
    return "formula: \(message)\n  \(line)\n  \(String(repeating: " ", count: position))^"
  }
}
