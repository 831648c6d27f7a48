/// Reads formulas by recursive descent. From weak to strong, its rules are
///
///     formula      response ~ sum [ | sum ]
///     sum          [±] product { ± product }
///     product      interaction { * interaction }
///     interaction  power { : power }
///     power        primary [ ^ number ]
///     primary      name | . | function( … ) | ( sum )
struct FormulaParser {
  /// Parentheses within each other, and operators in one expression: more would exhaust the stack.
  static let greatestDepth = 50
  static let longestExpression = 100

  let text: String
  private let tokens: [FormulaToken]
  private var index = 0
  private var depth = 0
  /// What may not be among the terms.
  private var responseColumns: Set<String> = []
  /// The variables in all products written out.
  private var productSize = 0

  init(_ text: String) throws(FormulaError) {
    self.text = text
    tokens = try FormulaToken.tokens(of: text)
  }

  mutating func formula() throws(FormulaError) -> Formula {
    let (response, failures) = try self.response()
    responseColumns = Set((response + [failures].compactMap(\.self)).flatMap(\.columns))
    try expect("~", "between response and terms")
    let experts = try side()
    let gate = accept("|") ? try side() : nil
    if let gate, !gate.offsets.isEmpty { throw failure("a gate has no offset") }
    guard next.kind == .end else { throw unexpected("an operator or the end of the formula") }
    return Formula(
      checkedResponse: response, failures: failures, experts: experts.side, offsets: experts.offsets, gate: gate?.side)
  }

  private mutating func side() throws(FormulaError) -> FormulaSum {
    let start = next
    let sum = try self.sum()
    guard sum.hasIntercept || !sum.terms.isEmpty else {
      throw failure("there is neither a term nor an intercept", at: start)
    }
    return sum
  }

  // MARK: Terms

  private mutating func sum(isNested: Bool = false) throws(FormulaError) -> FormulaSum {
    var sum = FormulaSum()
    var isAdded = !accept("-")
    if isAdded { _ = accept("+") }
    while true {
      let start = next
      if let number = intercept() {
        guard !isNested else { throw failure("the intercept, 1 or 0, must stand outside parentheses", at: start) }
        sum.hasIntercept = isAdded == (number == 1)
      } else if next.kind == .name("offset", isQuoted: false), following.kind == .symbol("(") {
        guard isAdded && !isNested else { throw failure("an offset can only be added to the terms", at: start) }
        index += 2
        sum.offsets.append(try expression())
        try expect(")", "after the offset")
      } else {
        for term in try product() {
          // A formula prints what it takes away from `.` behind all terms, so it must be read like that, too.
          if term.mentionsOthers && !(isAdded && sum.removed.isEmpty) {
            throw failure("\".\" must stand before what is taken away from it", at: start)
          }
          if isAdded {
            sum.add(term)
          } else if !sum.subtract(term, isNested: isNested) {
            let whole = "\(sum.terms.last.map { "\($0)" } ?? "")-\(term)"
            let isName = whole.allSatisfy { FormulaText.continuesName($0) || $0 == "-" } && !whole.hasPrefix("-")
            throw failure(
              "there is no term \(term) to take away"
                + (isName ? "; if \(whole) is one column, write \(FormulaText.name(whole)), in backquotes" : ""), at: start)
          }
        }
      }
      if accept("+") { isAdded = true } else if accept("-") { isAdded = false } else { return sum }
    }
  }

  /// The numbers 0 and 1, where they stand alone.
  private mutating func intercept() -> Double? {
    guard case .number(let number) = next.kind, number == 0 || number == 1 else { return nil }
    if case .symbol(let symbol) = following.kind, "*:^".contains(symbol) { return nil }
    index += 1
    return number
  }

  private mutating func product() throws(FormulaError) -> [Formula.Term] {
    var left = try interaction()
    while accept("*") {
      if next.kind == .symbol("*") {
        throw failure("** is not known here: write I(x^2) for a square, and (a + b)^2 for products of terms")
      }
      let right = try interaction()
      left = FormulaSum(left + right + (try products(left, right))).terms
    }
    if next.kind == .symbol("/") { throw failure("a/b is not known here: write a + a:b, or I(a / b) for a quotient") }
    return left
  }

  private mutating func interaction() throws(FormulaError) -> [Formula.Term] {
    var left = try power()
    while accept(":") {
      let right = try power()
      left = FormulaSum(try products(left, right)).terms
    }
    return left
  }

  private mutating func power() throws(FormulaError) -> [Formula.Term] {
    let base = try primary()
    let start = next
    guard accept("^") else { return base }
    guard base.count > 1 || base == [.others] else {
      throw failure("^ writes out the products of a sum: for arithmetic write I(\(base[0])^2)", at: start)
    }
    var result = base
    for _ in 1..<(try wholeNumber(in: 1...9)) {
      result = FormulaSum(result + (try products(result, base))).terms
    }
    return result
  }

  private mutating func primary() throws(FormulaError) -> [Formula.Term] {
    if accept(".") { return [.others] }
    if next.kind == .symbol("(") {
      let start = next
      if let group = groupOfEffects() {
        throw failure(
          "(… | \(group)) makes effects of groups in lme4, which are not known here: to have the rows of each \(group) share one "
            + "expert, say --group \(group), or groups: in Swift", at: start)
      }
      let sum = try nested { parser throws(FormulaError) in try parser.sum(isNested: true) }
      guard !sum.terms.isEmpty else { throw failure("no term is left within these parentheses", at: start) }
      return sum.terms
    }
    guard case .name(let name, let isQuoted) = next.kind else { throw unexpected("a term") }
    if !isQuoted && following.kind == .symbol("(") { return [try call(name)] }
    return [.column(try column())]
  }

  /// The g of `(1 | g)`, where such an opening parenthesis comes next.
  private func groupOfEffects() -> String? {
    guard let end = tokens[index...].firstIndex(where: { $0.kind == .symbol(")") }),
      let bar = tokens[index..<end].firstIndex(where: { $0.kind == .symbol("|") }),
      case .name(let name, _) = tokens[bar + 1].kind
    else { return nil }
    return name
  }

  private mutating func products(
    _ left: [Formula.Term], _ right: [Formula.Term]
  ) throws(FormulaError) -> [Formula.Term] {
    var products: [Formula.Term] = []
    for a in left {
      for b in right {
        let variables = a.variables + b.variables
        productSize += variables.count
        guard productSize <= 50_000 else { throw failure("this formula has too many products to write out") }
        products.append(Formula.Term(productOf: variables))
      }
    }
    return products
  }

  // MARK: Tokens

  var next: FormulaToken { tokens[index] }
  var following: FormulaToken { tokens[min(index + 1, tokens.count - 1)] }

  mutating func accept(_ symbol: Character) -> Bool {
    guard next.kind == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  mutating func accept(word name: String) -> Bool {
    guard next.kind == .name(name, isQuoted: false) else { return false }
    index += 1
    return true
  }

  mutating func expect(_ symbol: Character, _ place: String) throws(FormulaError) {
    if !accept(symbol) { throw unexpected("\"\(symbol)\" \(place)") }
  }

  /// The number that comes next, if one does.
  mutating func number() -> Double? {
    guard case .number(let value) = next.kind else { return nil }
    index += 1
    return value
  }

  mutating func wholeNumber(in range: ClosedRange<Int>) throws(FormulaError) -> Int {
    guard case .number(let value) = next.kind, let number = Int(exactly: value), range.contains(number) else {
      throw unexpected("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    index += 1
    return number
  }

  /// The number of an argument, with or without its name; the example shows how it is written.
  mutating func argument(_ name: String, in range: ClosedRange<Int>, asIn example: String) throws(FormulaError) -> Int {
    if accept(word: name), !accept("=") { throw failure("\(name) needs a number, as in \(example)") }
    if case .name(let other, _) = next.kind { throw failure("\(other) has no meaning here: write \(example)") }
    return try wholeNumber(in: range)
  }

  /// The name of a column, which must not be the response's.
  mutating func column() throws(FormulaError) -> String {
    guard case .name(let name, _) = next.kind else { throw unexpected("a column") }
    if responseColumns.contains(name) { throw failure("the response \(name) cannot explain itself") }
    index += 1
    return name
  }

  /// What stands in parentheses, to a depth that the stack can bear.
  mutating func nested<Content>(
    _ content: (inout FormulaParser) throws(FormulaError) -> Content
  ) throws(FormulaError) -> Content {
    try expect("(", "here")
    let result = try deeper(content)
    try expect(")", "here")
    return result
  }

  /// One level deeper.
  mutating func deeper<Content>(
    _ content: (inout FormulaParser) throws(FormulaError) -> Content
  ) throws(FormulaError) -> Content {
    guard depth < Self.greatestDepth else {
      throw failure("there are more than \(Self.greatestDepth) levels of parentheses and signs here")
    }
    depth += 1
    let result = try content(&self)
    depth -= 1
    return result
  }

  func failure(_ message: String, at token: FormulaToken? = nil) -> FormulaError {
    FormulaError(message: message, position: (token ?? next).position, text: text)
  }

  func unexpected(_ expected: String) -> FormulaError {
    let words = namesAround.joined(separator: " ")
    let advice = words.isEmpty ? "" : "; if \(words) is one column, write \(FormulaText.name(words)), in backquotes"
    return failure("expected \(expected), not \(next.shown)\(advice)")
  }

  /// The names without backquotes that stand side by side here, if there are two or more.
  private var namesAround: [String] {
    func names(_ tokens: some Sequence<FormulaToken>) -> [String] {
      tokens.map { if case .name(let name, isQuoted: false) = $0.kind { name } else { nil } }.prefix { $0 != nil }
        .compactMap { $0 }
    }
    let (before, after) = (names(tokens[..<index].reversed()), names(tokens[index...]))
    return before.isEmpty || after.isEmpty ? [] : before.reversed() + after
  }
}
