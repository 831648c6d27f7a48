import MixtureCore

/// What text probably is that looks like a number to people, but is none here.
enum NumberLook: Equatable {
  /// 1,250: thousands set apart by commas.
  case thousands
  /// 1.250,75 or 1 250: thousands set apart by something else.
  case otherThousands
  /// 6,25
  case decimalComma
  /// $6.25
  case money
  /// 6.25%
  case percentage
  /// 6.25D+00
  case fortran
  /// 0x271
  case hexadecimal
  /// 2024-01-31, 31.1.2024, 31JAN2024, or with a time of the day.
  case date
  /// 12:30:05
  case clock
  /// (1,250): a negative number of accountants.
  case accounting
  /// −4, with a minus sign that is no hyphen.
  case unusualMinus
  /// 6.25 where numbers have decimal commas.
  case decimalPoint

  /// What the text of a cell looks like; nil for plain numbers and all else.
  ///
  /// - Parameter decimal: what stands before the decimals of the numbers beside it.
  static func of(_ text: String, _ decimal: Table.DecimalMark = .point) -> NumberLook? {
    Patterns(decimal).look(of: text)
  }

  /// What texts look like. To be made once for many of them, for that costs more than to look.
  struct Patterns {
    private let patterns: [(NumberLook, Regex<Substring>)]
    private let decimal: Table.DecimalMark

    /// Patterns for texts beside numbers with the given mark before decimals.
    init(_ decimal: Table.DecimalMark) {
      self.decimal = decimal
      let months = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
      patterns =
        [
          (.hexadecimal, #/0[xX][0-9a-fA-F]+/#),
          (.decimalComma, #/[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?/#),
          (.otherThousands, #/[+-]?[1-9]\d{0,2}(?:[ _\u{A0}\u{202F}'’]\d{3})+(?:[.,]\d*)?/#),
          (.otherThousands, #/[+-]?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:,\d*)?|\.\d{3},\d+)/#),
          (.otherThousands, #/[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?/#),
          (.percentage, #/[+-]?[\d.,]+\s?%/#),
          (.money, #/[+-]?\p{Sc}\s?[+-]?[\d.,]+|[+-]?[\d.,]+\s?\p{Sc}/#),
          (
            .money,
            #/(?:USD|EUR|GBP|CHF|INR|JPY|CNY|AUD|CAD|Rs\.?|Fr\.?)\s?[\d.,]+|[\d.,]+\s?(?:USD|EUR|GBP|CHF|INR|JPY|CNY|AUD|CAD)/#
          ),
          (.accounting, #/\([\d,]*\d\.\d+\)|\(\d{1,3}(?:,\d{3})+\)/#),
          (.unusualMinus, #/[−–]\d+(?:[.,]\d*)?/#),
          (.clock, #/(?i)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?/#),
          (.date, #/\d{4}[-\/.]\d{1,2}(?:[-\/.]\d{1,2}(?:[T :].*)?)?/#),
          (.date, #/\d{1,2}[-\/.]\d{1,2}[-\/.](?:\d{2}|\d{4})(?:[T :].*)?/#),
          (.date, #/(?i)\d{4}[- ]?[qmw]\d{1,2}/#),
        ]
        + ([
          "\\d{1,2}[-. ]*\(months)[-., ]*\\d{2,4}(?:[ :].*)?", "\(months)[-. ]+(?:\\d{1,2}(?:, *| ))?\\d{4}(?:[ :].*)?",
        ].compactMap { try? Regex("(?i)" + $0, as: Substring.self) }.map { (.date, $0) })
        + (decimal == .comma
          ? [(.otherThousands, #/[+-]?[1-9]\d{0,2}(?:\.\d{3})+/#), (.decimalPoint, #/[+-]?\d*\.\d+/#)] : [])
    }

    /// What a text looks like.
    func look(of text: String) -> NumberLook? {
      guard text.utf8.count <= 40, text.utf8.contains(where: isDigit) else { return nil }
      if decimal == .point, thousandsValue(text) != nil { return .thousands }
      if fortranValue(text) != nil { return .fortran }
      return patterns.first { text.wholeMatch(of: $0.1) != nil }?.0
    }
  }

  /// The kinds that can be read as numbers, at a glance: nil for all other text.
  static func readable(_ text: String) -> NumberLook? {
    thousandsValue(text) != nil ? .thousands : fortranValue(text) != nil ? .fortran : nil
  }

  /// The number that such text stands for, if it can be nothing else; nil for text of another kind.
  func value(of text: String) -> Double? {
    switch self {
    case .thousands: Self.thousandsValue(text)
    case .fortran: Self.fortranValue(text)
    default: nil
    }
  }

  /// What it probably is, and what to do: the end of a sentence that quotes the cell.
  var words: String {
    switch self {
    case .thousands:
      "looks like a number whose thousands are set apart, or one with a decimal comma (--decimal ,): write it so that it can only be one"
    case .otherThousands: "looks like a number whose thousands are set apart; write it without that"
    case .decimalComma: "looks like a number with a decimal comma: say --decimal , or write a point"
    case .money: "looks like an amount of money: leave the symbol out"
    case .percentage: "looks like a percentage: leave the sign out, and name the column so"
    case .fortran: "looks like a number of Fortran: write E in place of D"
    case .hexadecimal: "looks like a hexadecimal number: write it as a decimal one"
    case .date: "looks like a date: make a number of it, such as the days since the first"
    case .accounting: "looks like a negative number in parentheses: write it with a hyphen"
    case .unusualMinus: "has a minus sign that is no hyphen: write a hyphen"
    case .decimalPoint: "has a decimal point, where numbers of this file have decimal commas"
    case .clock: "looks like a time of the day: make a number of it, such as hours"
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// The value of 1,250 or -1,250,000.5: groups of three digits behind one to three of which the first is not zero.
  static func thousandsValue(_ text: String) -> Double? {
    var plain = text
    guard let comma = plain.utf8.firstIndex(of: UInt8(ascii: ",")), plain.utf8[comma...].count > 3 else { return nil }
    let unsigned = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard text.utf8.count - unsigned.count <= 1 else { return nil }
    let halves = unsigned.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 1 || halves[1].allSatisfy(isDigit), halves[0].first != UInt8(ascii: "0") else { return nil }
    let groups = halves[0].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard groups.count > 1, (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.allSatisfy({ $0.allSatisfy(isDigit) })
    else { return nil }
    plain.removeAll { $0 == "," }
    return Double(plain)
  }

  /// The value of 6.25D+00: a number with a point and a signed exponent behind D.
  static func fortranValue(_ text: String) -> Double? {
    guard let mark = text.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "d") }), text[..<mark].contains("."),
      let sign = text[mark...].dropFirst().first, sign == "+" || sign == "-"
    else { return nil }
    return Double(text[..<mark] + "e" + text[mark...].dropFirst())
  }
}
