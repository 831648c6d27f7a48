/// A word of a formula, and the number of characters before it.
struct FormulaToken: Equatable {
  enum Kind: Equatable {
    case name(String, isQuoted: Bool)
    case number(Double)
    case symbol(Character)
    case end
  }

  var kind: Kind
  var position: Int

  /// The token as messages show it.
  var shown: String {
    switch kind {
    case .name(let name, _): name
    case .number(let value): FormulaText.number(value)
    case .symbol(let symbol): String(symbol)
    case .end: "the end"
    }
  }

  /// The words of a formula, an end behind them.
  static func tokens(of text: String) throws(FormulaError) -> [FormulaToken] {
    var scanner = Scanner(text: text)
    return try scanner.tokens()
  }
}

/// Cuts a formula into words.
private struct Scanner {
  let text: String
  let characters: [Character]
  var position = 0

  init(text: String) {
    self.text = text
    characters = Array(text)
  }

  private subscript(ahead: Int) -> Character? {
    position + ahead < characters.count ? characters[position + ahead] : nil
  }

  mutating func tokens() throws(FormulaError) -> [FormulaToken] {
    var tokens: [FormulaToken] = []
    while let character = self[0] {
      let start = position
      if character.isWhitespace {
        position += 1
      } else if character.isDigit || (character == "." && self[1]?.isDigit == true) {
        tokens.append(FormulaToken(kind: .number(try number()), position: start))
      } else if character == "`" {
        tokens.append(FormulaToken(kind: .name(try quotedName(), isQuoted: true), position: start))
      } else if FormulaText.startsName(character, then: self[1]) {
        let name = String(characters[start...].prefix(while: FormulaText.continuesName))
        position += name.count
        tokens.append(FormulaToken(kind: name == "." ? .symbol(".") : .name(name, isQuoted: false), position: start))
      } else if "+-*/^:~|(),=".contains(character) {
        position += 1
        tokens.append(FormulaToken(kind: .symbol(character), position: start))
      } else {
        let isQuote = "'\"".contains(character)
        throw FormulaError(
          message: isQuote
            ? "names stand without quotes, or in backquotes: `my column`" : "\"\(character)\" has no meaning here",
          position: start, text: text)
      }
    }
    return tokens + [FormulaToken(kind: .end, position: characters.count)]
  }

  /// Digits, perhaps with a point among them, and an exponent: 2, .5, 1.5e-3.
  private mutating func number() throws(FormulaError) -> Double {
    let start = position
    skipDigits()
    if self[0] == "." {
      position += 1
      skipDigits()
    }
    let sign = self[1] == "+" || self[1] == "-" ? 1 : 0
    if self[0] == "e" || self[0] == "E", self[1 + sign]?.isDigit == true {
      position += 1 + sign
      skipDigits()
    }
    guard let value = Double(String(characters[start..<position])), value.isFinite else {
      throw FormulaError(message: "this number is too large", position: start, text: text)
    }
    return value
  }

  private mutating func skipDigits() { while self[0]?.isDigit == true { position += 1 } }

  /// A name in backquotes, where a backslash makes the next character part of the name.
  private mutating func quotedName() throws(FormulaError) -> String {
    let start = position
    var name = ""
    position += 1
    while let character = self[0], character != "`" {
      if character == "\\" { position += 1 }
      guard let next = self[0] else { break }
      name.append(next)
      position += 1
    }
    guard self[0] == "`" else {
      throw FormulaError(message: "the second backquote of this name is missing", position: start, text: text)
    }
    guard !name.isEmpty else { throw FormulaError(message: "this name is empty", position: start, text: text) }
    position += 1
    return name
  }
}
