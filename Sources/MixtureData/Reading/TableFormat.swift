import MixtureCore

extension Table {
  /// How the text of a table is written. What is nil is found out from the first rows, where these leave no doubt.
  public struct Format: Sendable, Equatable {
    /// What stands for a missing cell, beside nothing, unless something else is said.
    public static let usualMissing: Set<String> = ["NA", "NaN", "nan", "N/A", "#N/A", "NULL", "null", "None", ".", "-"]

    /// Whether the first row names the columns, which are called 1, 2, … otherwise. Nil means that it does, and that one of numbers is an
    /// error.
    public var hasHeader: Bool?
    /// What stands between cells.
    public var delimiter: Delimiter?
    /// What stands before the decimals of a number.
    public var decimal: DecimalMark?
    /// The cells, beside empty ones, that are missing.
    public var missing: Set<String>
    /// The encoding of the text by a name that iconv knows, such as `latin1`. Nil means UTF-8, or UTF-16 where the first bytes are such.
    public var encoding: String?
    /// The columns that hold categories even if their cells look like numbers.
    public var categories: Set<String>

    /// A format.
    public init(
      hasHeader: Bool? = nil, delimiter: Delimiter? = nil, decimal: DecimalMark? = nil,
      missing: Set<String> = usualMissing, encoding: String? = nil, categories: Set<String> = []
    ) {
      self.hasHeader = hasHeader
      self.delimiter = delimiter
      self.decimal = decimal
      self.missing = missing
      self.encoding = encoding
      self.categories = categories
    }
  }

  /// What stands between the cells of a row.
  public enum Delimiter: String, Sendable, CaseIterable {
    /// A tab.
    case tab
    /// `;`
    case semicolon
    /// `|`
    case bar
    /// `,`
    case comma
    /// Blanks, one or several.
    case space

    /// The byte between cells, once several blanks have become a tab.
    var byte: UInt8 {
      switch self {
      case .tab, .space: UInt8(ascii: "\t")
      case .semicolon: UInt8(ascii: ";")
      case .bar: UInt8(ascii: "|")
      case .comma: UInt8(ascii: ",")
      }
    }

    /// The character between cells.
    package var mark: String { self == .space ? " " : String(UnicodeScalar(byte)) }

    /// What it is called in a sentence.
    var words: String {
      switch self {
      case .tab: "tabs"
      case .semicolon: "semicolons"
      case .bar: "vertical bars"
      case .comma: "commas"
      case .space: "spaces"
      }
    }
  }

  /// What stands before the decimals of a number.
  public enum DecimalMark: String, Sendable, CaseIterable {
    /// 6.25
    case point = "."
    /// 6,25
    case comma = ","

    var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
  }
}
