/// Expressions and calls. From weak to strong,
///
///     expression  product { ± product }
///     product     signed { */ signed }
///     signed      [±] signed | atom [ ^ signed ]
///     atom        number | name | function( expression ) | ( expression )
extension FormulaParser {
  /// One expression, those of `mvbind(a, b)`, or the successes of `cbind(successes, failures)` and the failures beside them.
  mutating func response() throws(FormulaError) -> (columns: [Formula.Expression], failures: Formula.Expression?) {
    guard case .name(let name, isQuoted: false) = next.kind, ["cbind", "mvbind"].contains(name),
      following.kind == .symbol("(")
    else { return ([try responseExpression()], nil) }
    _ = accept(word: name)
    let columns = try nested { parser throws(FormulaError) in
      var columns = [try parser.responseExpression()]
      try parser.expect(",", "and a second column")
      columns.append(try parser.responseExpression())
      if name == "cbind", parser.next.kind == .symbol(",") {
        throw parser.failure("cbind takes successes and failures; for several responses write mvbind(a, b, c)")
      }
      while parser.accept(",") { columns.append(try parser.responseExpression()) }
      return columns
    }
    return name == "cbind" ? ([columns[0]], columns[1]) : (columns, nil)
  }

  private mutating func responseExpression() throws(FormulaError) -> Formula.Expression {
    let start = next
    let expression = try expression()
    guard !expression.columns.isEmpty else { throw failure("expected a response", at: start) }
    return expression
  }

  /// A call that makes a term.
  mutating func call(_ name: String) throws(FormulaError) -> Formula.Term {
    let start = next
    switch name {
    case "factor":
      _ = accept(word: name)
      return .factor(try nested { parser throws(FormulaError) in try parser.column() })
    case "poly":
      _ = accept(word: name)
      return try nested { parser throws(FormulaError) in try parser.polynomial() }
    case "bs":
      _ = accept(word: name)
      return try nested { parser throws(FormulaError) in try parser.spline() }
    case "ns":
      _ = accept(word: name)
      return try nested { parser throws(FormulaError) in try parser.naturalSpline() }
    case "C", "as.factor", "as.ordered", "ordered", "as.character":
      throw failure("\(name) is called factor here: factor(g)", at: start)
    case "s", "te", "lo": throw failure("\(name) is not known here: write bs(x, df = 5) or ns(x, df = 4)", at: start)
    case "as.numeric", "as.integer":
      throw failure("\(name) is not known here: columns of numbers are numbers already", at: start)
    case "offset": throw failure("an offset can only be added to the terms", at: start)
    case "cbind", "mvbind": throw failure("\(name) makes a response of columns, not a term", at: start)
    case "I":
      _ = accept(word: name)
      return .expression(try nested { parser throws(FormulaError) in try parser.variable() })
    default:
      let function = try function(name)
      return .call(function, try nested { parser throws(FormulaError) in try parser.variable() })
    }
  }

  /// The arguments of `poly`: an expression and the degree.
  private mutating func polynomial() throws(FormulaError) -> Formula.Term {
    let (argument, example) = (try variable(), "poly(x, 2)")
    guard accept(",") else { throw failure("poly needs a degree, as in \(example)") }
    let degree = try self.argument("degree", in: 1...100, asIn: example)
    guard next.kind != .symbol(",") else {
      throw failure("poly takes one column and a degree, as in \(example); raw powers are x + I(x^2)")
    }
    return .polynomial(argument, degree: degree)
  }

  /// The arguments of `bs`: an expression, the degrees of freedom, and perhaps the degree.
  private mutating func spline() throws(FormulaError) -> Formula.Term {
    let argument = try variable()
    var (count, degree): (Int?, Int) = (nil, 3)
    let start = next
    while accept(",") {
      if next.kind == .name("degree", isQuoted: false) {
        degree = try self.argument("degree", in: 1...100, asIn: "bs(x, df = 5, degree = 2)")
      } else {
        count = try self.argument("df", in: 1...1000, asIn: "bs(x, df = 5)")
      }
    }
    guard let count else { throw failure("bs needs its degrees of freedom, as in bs(x, df = 5)") }
    guard count >= degree else {
      throw failure("df = \(count) is too small: splines of degree \(degree) have at least \(degree)", at: start)
    }
    return .spline(argument, degreesOfFreedom: count, degree: degree)
  }

  /// The arguments of `ns`: an expression and the degrees of freedom.
  private mutating func naturalSpline() throws(FormulaError) -> Formula.Term {
    let argument = try variable()
    let example = "ns(x, df = 4)"
    guard accept(",") else { throw failure("ns needs its degrees of freedom, as in \(example)") }
    let count = try self.argument("df", in: 1...1000, asIn: example)
    guard next.kind != .symbol(",") else {
      throw failure("ns takes one column and its degrees of freedom, as in \(example)")
    }
    return .naturalSpline(argument, degreesOfFreedom: count)
  }

  private mutating func function(_ name: String) throws(FormulaError) -> Formula.Function {
    guard let function = Formula.Function(rawValue: name) else {
      let known = Formula.Function.allCases.map(\.rawValue).joined(separator: ", ")
      let terms = ["factor", "poly", "bs", "ns", "offset", "cbind", "mvbind"]
      guard !terms.contains(name) else { throw failure("\(name) cannot stand here: it is no arithmetic on numbers") }
      throw failure("no function \(name); there are I, factor, poly, bs, ns, offset, cbind, mvbind, \(known)")
    }
    _ = accept(word: name)
    return function
  }

  // MARK: Expressions

  /// An expression that can differ from row to row.
  private mutating func variable() throws(FormulaError) -> Formula.Expression {
    let start = next
    let expression = try expression()
    guard !expression.columns.isEmpty else { throw failure("expected a column in this expression", at: start) }
    return expression
  }

  /// An expression.
  mutating func expression() throws(FormulaError) -> Formula.Expression {
    var left = try product()
    while true {
      if accept("+") {
        left = try operation(.plus, left, product())
      } else if accept("-") {
        left = try operation(.minus, left, product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(FormulaError) -> Formula.Expression {
    var left = try signed()
    while true {
      if accept("*") {
        if next.kind == .symbol("*") { throw failure("** is not known here: write ^ for powers, as in x^2") }
        left = try operation(.times, left, signed())
      } else if accept("/") {
        left = try operation(.divided, left, signed())
      } else {
        return left
      }
    }
  }

  private mutating func signed() throws(FormulaError) -> Formula.Expression {
    if accept("-") {
      return .negative(try deeper { parser throws(FormulaError) in try parser.signed() })
    }
    if accept("+") { return try deeper { parser throws(FormulaError) in try parser.signed() } }
    let base = try atom()
    guard accept("^") else { return base }
    return try operation(.power, base, deeper { parser throws(FormulaError) in try parser.signed() })
  }

  private mutating func atom() throws(FormulaError) -> Formula.Expression {
    if let value = number() { return .number(value) }
    if next.kind == .symbol("(") { return try nested { parser throws(FormulaError) in try parser.expression() } }
    guard case .name(let name, let isQuoted) = next.kind else { throw unexpected("a column or a number") }
    guard !isQuoted && following.kind == .symbol("(") else { return .column(try column()) }
    if name == "I" {
      _ = accept(word: name)
      return try nested { parser throws(FormulaError) in try parser.expression() }
    }
    let function = try function(name)
    return .call(function, try nested { parser throws(FormulaError) in try parser.expression() })
  }

  /// Joins two expressions. A chain of operators is as deep as it is long, and reading it back must not exhaust the stack.
  private func operation(
    _ symbol: Formula.Operator, _ left: Formula.Expression, _ right: Formula.Expression
  ) throws(FormulaError) -> Formula.Expression {
    let result = Formula.Expression.operation(symbol, left, right)
    guard result.size <= Self.longestExpression else { throw failure("this expression is too long") }
    return result
  }
}

extension Formula.Expression {
  /// The number of columns and numbers in it.
  fileprivate var size: Int {
    switch self {
    case .column, .number: 1
    case .negative(let operand), .call(_, let operand): operand.size
    case .operation(_, let left, let right): left.size + right.size
    }
  }
}
