import Foundation

/// How wide tables are, and with how many digits they show numbers.
public struct TableStyle: Sendable, Equatable {
  /// The columns of text that a table may take, such as those of a terminal; nil for as many as it needs.
  public var width: Int?
  /// How many digits of a number count, 1 to 17.
  public var digits: Int

  /// A style; without a width for a terminal of eighty columns.
  public init(width: Int? = 80, digits: Int = 5) {
    self.width = width
    self.digits = digits
  }

  /// A number of which ``digits`` digits count, zeros among them, so that all are equally precise.
  package func significant(_ value: Double) -> String {
    let text = String(format: "%#.*g", digits, value)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// A number about as large as one, such as a weight, with as many decimals as it has significant digits after the first.
  package func decimal(_ value: Double) -> String { String(format: "%.*f", max(1, digits - 1), value) }

  /// A number of rows, which need not be whole.
  func rows(_ value: Double) -> String { String(format: "%.*f", max(1, digits - 4), value) }
}
