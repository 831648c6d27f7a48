import Foundation
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
  /// 2024-01-31, 31.1.2024, 31JAN2024, Jan 31, or with a time of the day.
  case date
  /// 12:30:05
  case clock
  /// 6.25 kg
  case unit
  /// <0.5, #1, 6.25*: a number with a mark before or behind it.
  case mark
  /// 6.25±0.5 or 12 (40%): two numbers.
  case pair
  /// 1/2
  case fraction
  /// 40-: a negative number, as mainframes print it.
  case trailingMinus
  /// ６.２５ or ٦: digits of other scripts.
  case otherDigits
  /// 6.25M: a number with a multiplier.
  case multiplier
  /// (1,250): a negative number of accountants.
  case accounting
  /// −4, with another character than the hyphen.
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
      // In full or short, so that no other word begins like one.
      let month =
        "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
        + "|nov(?:ember)?|dec(?:ember)?)"
      let day = "\\d{1,2}(?:st|nd|rd|th)?"
      let weekday = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +)?"
      patterns =
        [
          (.hexadecimal, #/0[xX][0-9a-fA-F]+/#),
          (.decimalComma, #/[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?/#),
          (.otherThousands, #/[+-]?[1-9]\d{0,2}(?:[ _\u{A0}\u{202F}'’]\d{3})+(?:[.,]\d*)?/#),
          (.otherThousands, #/[+-]?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:,\d*)?|\.\d{3},\d+)/#),
          (.otherThousands, #/[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?/#),
          (.percentage, #/[+-]?[\d.,]+\s?%/#),
          (.pair, #/[+-]?\d+(?:[.,]\d+)?\s?(?:±|\+/-|\+-|\()\s?\d+(?:[.,]\d+)?\s?%?\)?/#),
          (.fraction, #/[+-]?\d{1,3}/\d{1,3}/#), (.trailingMinus, #/\d+(?:[.,]\d+)*-/#),
          (.mark, #/[<>≤≥~≈#'*=]{1,2}\s?[+-]?\d+(?:[.,]\d+)?|[+-]?\d+(?:[.,]\d+)?\s?[*†‡§^]+/#),
          (.multiplier, #/[+-]?\p{Sc}?\s?\d+(?:[.,]\d+)?\s?(?:[kKMB]|bn|mn|Mio|Mrd|[mb]illion)\.?/#),
          (.fortran, #/[+-]?\d+(?:\.\d*)?[dD][+-]?\d+/#), (.unit, #/[+-]?\d+[.,]\d+\s?(?:\p{L}|[°µ²³/%]){1,8}/#),
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
          "\\d{1,2}[-. ]*\(months)[-., ]*\\d{2,4}(?:[ :].*)?", "\\d{1,2}-\(months)|\(months)-\\d{1,2}",
          "\(weekday)\(day)[-. ]*\(month)\\.?|\(weekday)\(month)[-. ]+\(day)", "\\d{4}[-. ]+\(month)(?:[-. ]+\(day))?",
          "\(months)[-. ]+(?:\\d{1,2}(?:, *| ))?\\d{4}(?:[ :].*)?",
        ].compactMap { try? Regex("(?i)" + $0, as: Substring.self) }.map { (.date, $0) })
        + (decimal == .comma
          ? [(.otherThousands, #/[+-]?[1-9]\d{0,2}(?:\.\d{3})+/#), (.decimalPoint, #/[+-]?\d*\.\d+/#)] : [])
    }

    /// What a text looks like.
    func look(of text: String) -> NumberLook? {
      let text = withoutBlanks(text)
      guard text.utf8.count <= 40 else { return nil }
      if text.unicodeScalars.contains(where: { !$0.isASCII && $0.properties.numericType == .decimal }) {
        return text.wholeMatch(of: #/[+\-−]?\p{Nd}+(?:[.,٫]\p{Nd}+)?/#) == nil ? nil : .otherDigits
      }
      guard text.utf8.contains(where: isDigit) else { return nil }
      if let look = readable(text), look != .thousands || decimal == .point { return look }
      return patterns.first { text.wholeMatch(of: $0.1) != nil }?.0
    }
  }

  /// The kinds that can be read as numbers, at a glance: nil for all other text.
  static func readable(_ text: String) -> NumberLook? {
    let text = withoutBlanks(text)
    if thousandsValue(text) != nil { return .thousands }
    return fortranValue(text) == nil ? nil : .fortran
  }

  /// The number that such text stands for, if it can be nothing else; nil for text of another kind.
  func value(of text: String) -> Double? {
    switch self {
    case .thousands: return Self.thousandsValue(Self.withoutBlanks(text))
    case .fortran: return Self.fortranValue(Self.withoutBlanks(text))
    default: return nil
    }
  }

  /// Whether the text can only be a number whose thousands are set apart by commas: with decimals behind a point, or with millions.
  static func isSurelyThousands(_ text: String) -> Bool {
    thousandsValue(withoutBlanks(text)) != nil && (text.contains(".") || text.count { $0 == "," } > 1)
  }

  /// Whether the text begins with a number, perhaps behind a sign or a currency, as categories seldom do.
  static func beginsWithNumber(_ text: String) -> Bool { text.prefixMatch(of: #/[^\p{L}\p{N}]{0,3}\p{Nd}/#) != nil }

  /// Whether all texts are numbers with the same unit, such as 5 mg: no ordinals, such as 4th.
  static func haveOneUnit(_ texts: [String]) -> Bool {
    let units = texts.map { $0.wholeMatch(of: #/[+-]?\d+(?:[.,]\d+)?\s?((?:\p{L}|°|µ)[\p{L}\d²³/°]{0,7})/#)?.1 }
    guard texts.count > 1, let first = units[0], !["st", "nd", "rd", "th"].contains(first.lowercased()) else {
      return false
    }
    return units.allSatisfy { $0 == first }
  }

  /// Whether the text is one by which programs and people say that something is missing.
  static func maySayMissing(_ text: String) -> Bool {
    !text.contains { $0.isLetter || $0.isNumber }
      || [
        "missing", "na", "<na>", "n.a.", "n.a", "n/a", "nan", "null", "nil", "none", "unknown", "nd", "n.d.", "empty",
        "blank",
        "(blank)",
        "not available", "bdl", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!",
      ].contains(text.lowercased())
  }

  /// What it probably is, and what to do: the end of a sentence that quotes the cell.
  var words: String {
    switch self {
    case .thousands:
      "may be a number whose thousands are set apart, or one with a decimal comma (--decimal ,): write it so that it can only be one of them"
    case .otherThousands:
      "looks like a number whose thousands are set apart: write its digits without anything between them"
    case .decimalComma: "looks like a number with a decimal comma: say --decimal , or write a point"
    case .money: "looks like an amount of money: leave the symbol out"
    case .percentage: "looks like a percentage: leave the sign out"
    case .fortran: "looks like a number as Fortran writes it: write E instead of D"
    case .hexadecimal: "looks like a hexadecimal number: write it as a decimal one"
    case .date: "looks like a date: turn it into a number, such as the days since the first one"
    case .accounting: "looks like a negative number in parentheses: write it with a hyphen"
    case .unusualMinus: "has another minus sign than the hyphen (-): write a hyphen"
    case .decimalPoint: "has a decimal point, but the numbers of this file have decimal commas"
    case .clock: "looks like a time of day: turn it into a number, such as hours"
    case .unit: "looks like a number with a unit: leave the unit out"
    case .mark: "looks like a number with a mark: leave the mark out"
    case .pair: "looks like two numbers: put each into a column of its own"
    case .fraction: "looks like a fraction, or a day and a month: write it as a decimal number"
    case .trailingMinus: "looks like a negative number with its sign behind it: write the sign before it"
    case .otherDigits: "looks like a number in digits other than 0 to 9: write it in these"
    case .multiplier: "looks like a number with a multiplier: write it in full"
    }
  }

  /// A text without the blanks at its ends, which it has in quotes.
  private static func withoutBlanks(_ text: String) -> String {
    text.first?.isWhitespace == true || text.last?.isWhitespace == true
      ? text.trimmingCharacters(in: .whitespacesAndNewlines) : text
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
