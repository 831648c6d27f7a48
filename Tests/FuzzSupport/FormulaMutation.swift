import GSL

/// Formulas after their grammar, and near it.
enum FormulaText {
  private static let columns = ["x", "z", "g", "y", "`x`", "`a b`", "w", "1", "0"]
  private static let functions = [
    "log", "exp", "sqrt", "abs", "I", "factor", "scale", "center", "poly", "bs", "ns", "offset", "sin", "lgo", "C",
  ]

  static func random(_ random: inout RandomSource) -> String {
    var text = random.element(of: ["y", "y", "log(y)", "y:x", "", "1", "y + z"]) + " ~ " + terms(3, &random)
    if random.isOnce(in: 4) { text += " | " + terms(2, &random) }
    if random.isOnce(in: 3) {
      let tokens =
        ["+", "-", "*", ":", "^", "(", ")", "~", "|", "`", "\"", "%in%", "/", ".", ",", "=", " ", "\n", "-1", "^2"]
        + oddNumbers + oddTexts
      for _ in 0...random.integer(below: 4) {
        let place = random.integer(below: text.count + 1)
        let index = text.index(text.startIndex, offsetBy: place)
        if random.isOnce(in: 3) && index < text.endIndex {
          text.remove(at: index)
        } else {
          text.insert(contentsOf: random.element(of: tokens), at: index)
        }
      }
    }
    // Depth.
    if random.isOnce(in: 50) {
      text = "y ~ " + String(repeating: random.element(of: ["(", "I(", "-", "log("]), count: 20_000) + "x"
    }
    if random.isOnce(in: 50) {
      text = "y ~ " + (0..<400).map { _ in "x" }.joined(separator: random.element(of: ["+", ":", "*", "^", " - "]))
    }
    return text
  }

  private static func terms(_ depth: Int, _ random: inout RandomSource) -> String {
    if depth == 0 { return random.element(of: columns) }
    switch random.integer(below: 9) {
    case 0, 1: return terms(depth - 1, &random) + " + " + terms(depth - 1, &random)
    case 2:
      return terms(depth - 1, &random) + random.element(of: [":", "*", " - ", "/", " %in% "]) + terms(depth - 1, &random)
    case 3: return "(" + terms(depth - 1, &random) + ")^" + random.element(of: ["2", "3", "0", "-1", "99", "1e9", "x"])
    case 4: return random.element(of: functions) + "(" + terms(depth - 1, &random) + ")"
    case 5:
      return "I(" + random.element(of: columns)
        + random.element(of: ["^2", "^4", "^0.5", "^-1", "*z", "/z", "+1e308", "^400", "%%2"]) + ")"
    case 6:
      return random.element(of: ["poly", "bs", "ns"]) + "(" + random.element(of: columns)
        + random.element(of: [
          ", 2", ", df = 4", ", degree = 3", ", df = 1", ", df = 20", ", knots = 0", ", 0", ", -1", ", 1e9", "",
        ]) + ")"
    case 7: return random.element(of: ["0 + ", "-1 + ", "1 + ", ". + ", ""]) + terms(depth - 1, &random)
    default: return random.element(of: columns)
    }
  }
}
