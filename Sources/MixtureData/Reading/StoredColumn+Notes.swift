import MixtureCore

// What nobody needs to know of columns that no formula names, and so is looked for in those that are used.

extension StoredColumn {
  /// What the values may stand for that was hardly meant; nil where nothing is odd, or somebody said what they are.
  func note(on name: String, in source: String) -> String? {
    if let words = oddNumbers(named: name) { return "\(source), column \"\(name)\": \(words)" }
    if let words = levelsAlike { return "\(source), column \"\(name)\": \(words)" }
    return numberedLevel.map {
      "\(source): column \"\(name)\" is text that begins with numbers (\"\($0.shortened)\"): each value is a category"
    }
  }

  /// The first level, if all begin with a number and look like nothing that is known: what they are is for somebody to say who sees them.
  private var numberedLevel: String? {
    guard case .categories(let levels, _) = values, !isDeclared, levels.count > 1,
      levels.prefix(Self.mostLooks).allSatisfy(NumberLook.beginsWithNumber), look == nil
    else { return nil }
    return levels[0]
  }

  /// Two levels that differ in nothing but case or blanks, with the numbers of their rows.
  private var levelsAlike: String? {
    guard case .categories(let levels, let codes) = values else { return nil }
    var levelsByLetters: [String: Int] = [:]
    for (code, level) in levels.enumerated() {
      guard let other = levelsByLetters.updateValue(code, forKey: level.lowercased().filter { !$0.isBlank }) else {
        continue
      }
      let shown = [other, code].map { code in
        let count = codes.count { $0 == code }
        return "\"\(levels[code].withVisibleBlanks.shortened)\" (\(count) row\(count == 1 ? "" : "s"))"
      }
      let isOfCase = levels[other].lowercased() == level.lowercased()
      let isOfBlanks = levels[other].filter { !$0.isBlank } == level.filter { !$0.isBlank }
      let difference = isOfCase ? "case" : isOfBlanks ? "blanks" : "case and blanks"
      return
        "the levels \(shown[0]) and \(shown[1]) differ in \(difference) alone, and are kept apart: if they mean the same, "
        + "write them alike"
    }
    return nil
  }
}

// MARK: Numbers that stand for something else

extension StoredColumn {
  /// What numbers may stand for that is no number: codes for missing cells, and dates without marks.
  private func oddNumbers(named name: String) -> String? {
    guard case .numbers(let numbers) = values, !isDeclared, numbers.count >= 5 else { return nil }
    let (least, greatest) = numbers.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    func note(_ isCode: (Double) -> Bool) -> String {
      let found = numbers.filter(isCode), words = Set(found).sorted().prefix(3).map(FormulaText.number)
      return
        "\(words.inSentence) \(words.count == 1 ? "stands" : "stand") in \(found.count) row\(found.count == 1 ? "" : "s"), far from all other numbers: if "
        + "that says that something is missing, say --na NA,\(words.joined(separator: ","))"
    }
    if Self.codes.contains(-least), numbers.allSatisfy({ $0 >= 0 || Self.codes.contains(-$0) || $0.isNaN }) {
      return note { $0 < 0 }
    }
    if Self.codes.contains(greatest), greatest >= 99,
      numbers.allSatisfy({ $0 == greatest || abs($0) < greatest / 5 || $0.isNaN })
    {
      return note { $0 == greatest }
    }
    guard least < greatest, let what = Self.dates(numbers, from: least, to: greatest, named: name) else { return nil }
    return "\(FormulaText.number(numbers[0])) and all others look like \(what) are a hundred apart"
  }

  /// What numbers look like that are all dates, of four digits for the year, or in a column that is called after dates also of two, or without the
  /// day; and what their differences show.
  private static func dates(_ numbers: [Double], from least: Double, to greatest: Double, named name: String) -> String? {
    func areAll(_ isDate: (Int) -> Bool) -> Bool {
      numbers.allSatisfy { $0.isNaN || ($0 == $0.rounded() && isDate(Int($0))) }
    }
    // Of a day alone, to the minute, or to the second.
    for unit in [1, 10_000, 1_000_000] where least >= 19_000_101 * Double(unit) && greatest < 21_010_101 * Double(unit) {
      if areAll({ isDay($0 / unit % 100, ofMonth: $0 / unit / 100 % 100) }) { return "dates: as numbers, months" }
    }
    guard least >= 10_101, greatest < 1_000_000, isOfDates(name) else { return nil }
    if least >= 190_001, greatest < 210_013, areAll({ (1...12).contains($0 % 100) }) { return "months: as numbers, years" }
    if areAll({ isDay($0 % 100, ofMonth: $0 / 100 % 100) || isDay($0 / 10_000, ofMonth: $0 / 100 % 100) }) {
      return "dates: as numbers, months or years"
    }
    return nil
  }

  /// Nines and other numbers by which files say that something is missing: the ends of whole numbers of some bytes, and the fill values of
  /// netCDF and of rasters.
  private static let codes: Set<Double> = [
    9, 99, 999, 9999, 99_999, 999_999, 9_999_999, 9.99, 99.9, 99.99, 999.9, 999.99, 9999.9, 888, 8888, 32_768, 65_535,
    2_147_483_647,
    2_147_483_648, 1e20, 9.96921e36, 3.40282e38,
  ]

  private static func isDay(_ day: Int, ofMonth month: Int) -> Bool { (1...31).contains(day) && (1...12).contains(month) }

  /// Whether a column is called after dates: `date`, `visit_date`, `birthDate`, `yearmonth`, and in other languages.
  private static func isOfDates(_ name: String) -> Bool {
    name.firstMatch(
      of:
        #/(?i:(?:^|[^a-z])(?:date|datum|fecha|dob|birthday|birthdate|day|month|yearmonth|period|yymmdd|ddmmyy|yyyymm)s?)(?![a-z])/#
    ) != nil
      || name.firstMatch(of: #/[a-z](?:Date|Month|Day)(?![a-z])/#) != nil
  }
}

extension Character {
  /// Whether nobody sees it, or only a gap.
  fileprivate var isBlank: Bool { isWhitespace || unicodeScalars.allSatisfy(\.properties.isDefaultIgnorableCodePoint) }
}
