extension Formula {
  /// Arithmetic on columns of numbers, row by row: `log(x + 1) / 2`.
  ///
  /// A string literal is a column, a number literal a number: `.operation(.power, "x", 2)` is x².
  public indirect enum Expression: Sendable, Hashable {
    /// The numbers in a column.
    case column(String)
    /// The same number in each row.
    case number(Double)
    /// The negative −a.
    case negative(Expression)
    /// Two expressions joined by an operator.
    case operation(Operator, Expression, Expression)
    /// A function of an expression.
    case call(Function, Expression)
  }

  /// What joins two expressions.
  public enum Operator: String, Sendable, Hashable, CaseIterable {
    /// The sum a + b.
    case plus = "+"
    /// The difference a − b.
    case minus = "-"
    /// The product a b.
    case times = "*"
    /// The quotient a / b.
    case divided = "/"
    /// The power aᵇ.
    case power = "^"
  }

  /// A function of one number, called as in R.
  public enum Function: String, Sendable, Hashable, CaseIterable {
    /// The natural logarithm, and eˣ.
    case log, exp
    /// √x, and |x|.
    case sqrt, abs
    /// Sine and cosine of an angle in radians.
    case sin, cos
    /// Logarithms to the bases 10 and 2, and ln(1 + x), which keeps its digits where x is small.
    case log10, log2, log1p
  }
}

extension Formula.Expression: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A column.
  public init(stringLiteral name: String) { self = .column(name) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension Formula.Expression: CustomStringConvertible {
  /// The expression in R's notation, with no more parentheses than it needs.
  public var description: String {
    switch self {
    case .column(let name): FormulaText.name(name)
    case .number(let value): FormulaText.number(value)
    case .negative(let operand): "-\(operand.text(binding: 3))"
    case .operation(.power, let base, let exponent): "\(base.text(binding: 5))^\(exponent.text(binding: 3))"
    case .operation(let symbol, let left, let right):
      "\(left.text(binding: binding)) \(symbol.rawValue) \(right.text(binding: binding + 1))"
    case .call(let function, let argument): "\(function.rawValue)(\(argument))"
    }
  }

  /// How strongly the outermost operator binds: sums 1, products 2, signs 3, powers 4, the rest 5.
  private var binding: Int {
    switch self {
    case .operation(.plus, _, _), .operation(.minus, _, _): 1
    case .operation(.times, _, _), .operation(.divided, _, _): 2
    case .negative: 3
    case .number(let value) where value < 0: 3
    case .operation(.power, _, _): 4
    case .column, .number, .call: 5
    }
  }

  /// The text, in parentheses if it binds less than `least`.
  private func text(binding least: Int) -> String { binding < least ? "(\(self))" : description }

  /// What a column made by it is called: a plain column keeps its name, which needs no backquotes outside a formula.
  var columnName: String { if case .column(let name) = self { name } else { description } }

  /// The columns, in the order in which they are met.
  package var columns: [String] {
    switch self {
    case .column(let name): [name]
    case .number: []
    case .negative(let operand), .call(_, let operand): operand.columns
    case .operation(_, let left, let right): left.columns + right.columns
    }
  }
}

/// Names and numbers as a formula writes them.
enum FormulaText {
  /// The name as it is, or in backquotes where it has other characters than letters, digits, `.` and `_`.
  static func name(_ name: String) -> String {
    let isPlain = name.allSatisfy(continuesName) && name != "." && startsName(name.first, then: name.dropFirst().first)
    guard !isPlain else { return name }
    return "`\(name.replacing("\\", with: "\\\\").replacing("`", with: "\\`"))`"
  }

  /// The shortest digits that give the number back; what is no number of the language gets quotes that it does not know.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "«\(value)»" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  /// Whether the character can be in a name. Some letters are parts of characters (vowel signs, prefixes), and would join
  /// what stands beside them.
  static func continuesName(_ character: Character) -> Bool {
    (character.isLetter || character.isNumber || character == "." || character == "_")
      && (character.isASCII || " \(character) ".count == 3)
  }

  /// Whether a name can start like this; a number can start with a point, too.
  static func startsName(_ first: Character?, then second: Character?) -> Bool {
    guard let first, continuesName(first) else { return false }
    return first == "." ? !(second?.isDigit ?? false) : !first.isDigit
  }
}

extension Character {
  /// Whether it is one of 0 … 9.
  var isDigit: Bool { isASCII && isNumber }
}
