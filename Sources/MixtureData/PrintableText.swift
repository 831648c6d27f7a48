extension StringProtocol {
  /// The text as people may see it, on a terminal or in a picture, in one line.
  ///
  /// What moves a cursor, hides text or turns its direction is written as JSON writes it: `\n`, `\u001b`. So within a text of JSON's the
  /// meaning stays as well.
  package var printable: String { escaped { $0.isInvisible } }

  /// The text as people may see it, with the lines that it has.
  package var printableLines: String { escaped { $0.isInvisible && $0 != "\n" } }

  /// The text as people may see it, with all blanks but the usual one, and joiners, escaped: for names that look alike.
  var withVisibleBlanks: String {
    escaped {
      $0.isInvisible || $0.properties.isJoinControl || ($0 != " " && $0.properties.generalCategory == .spaceSeparator)
    }
  }

  /// The text, or as much of its beginning as tells which it is. A cell may be long where a quote is missing.
  var beginning: String { count > 60 ? prefix(60) + "…" : String(self) }

  private func escaped(where isEscaped: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isEscaped) else { return String(self) }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if isEscaped(scalar) { text.append(contentsOf: scalar.escape.unicodeScalars) } else { text.append(scalar) }
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether it is a command to whatever shows it, or nothing that can be seen. Joiners are neither: scripts and emoji need them.
  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: properties.isDefaultIgnorableCodePoint && !properties.isJoinControl || (0xFFF9...0xFFFB).contains(value)
    default: false
    }
  }

  fileprivate var escape: String {
    switch self {
    case "\n": #"\n"#
    case "\r": #"\r"#
    case "\t": #"\t"#
    default:
      String(self).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }
}
