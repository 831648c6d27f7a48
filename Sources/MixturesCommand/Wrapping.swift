extension String {
  /// The text with its lines broken between words where they are longer than `width`, nil for never. What follows a break is indented. Lines
  /// that begin with a blank, such as a formula above its caret, and words stay whole, and if there is room, so do quotations and `a = 1`.
  func wrapped(to width: Int?) -> String {
    guard let width else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).map { $0.wrapped(to: width) }.joined(separator: "\n")
  }
}

extension Substring {
  fileprivate func wrapped(to width: Int) -> String {
    guard count > width, first != " " else { return String(self) }
    var lines: [String] = []
    var line = ""
    var rest = self
    while !rest.isEmpty {
      let gap = rest.prefix { $0 == " " }
      let word = rest[gap.endIndex...].word(within: width - 2)
      rest = rest[word.endIndex...]
      if line.isEmpty || line.count + gap.count + word.count <= width {
        line += gap + word
      } else {
        lines.append(line)
        line = "  " + word
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }
  /// The word that it begins with, and those that belong to it, if they have room together.
  private func word(within width: Int) -> Substring {
    let word = prefix { $0 != " " }
    var whole = word
    while whole.endIndex < endIndex,
      whole.count(where: { $0 == "\"" }) % 2 == 1 || whole.last == "="
        || self[whole.endIndex...].hasPrefix(" = ")
    {
      whole = self[..<(self[whole.endIndex...].dropFirst().firstIndex(of: " ") ?? endIndex)]
      if whole.count > width { return word }
    }
    return whole
  }
}
