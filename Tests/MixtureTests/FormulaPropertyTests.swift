import Mixtures
import Testing

/// Laws of the formula parser over generated inputs.
@Suite struct FormulaPropertyTests {
  @Test(arguments: 0..<10)
  func formulasReadBackAsTheyPrint(seed: UInt64) throws {
    var generator = FormulaGenerator(seed: seed)
    for _ in 0..<50 {
      let text = generator.formula()
      let formula: Formula
      do { formula = try Formula(text) } catch {
        Issue.record("\(error)")
        continue
      }
      #expect(try Formula(formula.description) == formula)
      #expect(try Formula(formula.description).description == formula.description)
      let typed = try Formula(
        response: formula.response, failures: formula.failures, experts: formula.experts, offsets: formula.offsets,
        gate: formula.gate)
      #expect(typed == formula)
    }
  }

  @Test(arguments: 0..<20)
  func anyTextParsesOrIsRefusedWithAPlace(seed: UInt64) {
    var source = RandomSource(seed: seed)
    let words = [
      "y", "x", "~", "~", "|", "+", "-", "*", ":", "^", "/", "(", "(", ")", ")", ".", ",", "=", "`", "\\", "1", "0", "2",
      "1e9", "log", "log(", "I(", "poly(x, ", "bs(", "df = ", "factor(", "offset(", "cbind(", "mvbind(", " ", "\n", "\r\n",
      "é",
      "e\u{301}",
      "变量", "👩‍👩‍👧", "\u{0}", "1\u{FE0F}\u{20E3}", "½", "\u{202E}", "𝒙", "%", "\"", "=",
    ]
    for trial in 0..<100 {
      var text = trial % 2 == 0 ? "" : "y ~ "
      while text.count < 200 && source.uniform() > 0.01 {
        if source.uniform() < 0.9 {
          text += words[source.integer(below: words.count)]
        } else if let scalar = Unicode.Scalar(UInt32(source.integer(below: 0x2FFF))) {
          text.unicodeScalars.append(scalar)
        }
      }
      check(text)
    }
  }

  @Test(arguments: [
    String(repeating: "(", count: 100_000), "y ~ " + String(repeating: "(", count: 100_000) + "x",
    "y ~ " + String(repeating: "(", count: 50) + "x" + String(repeating: ")", count: 50),
    "y ~ " + String(repeating: "log(", count: 49) + "x" + String(repeating: ")", count: 49),
    "y ~ I(" + String(repeating: "-", count: 100_000) + "x)", "y ~ I(" + String(repeating: "2^", count: 100_000) + "x)",
    "y ~ I(x" + String(repeating: " + x", count: 50_000) + ")", "y ~ x" + String(repeating: ":x", count: 50_000),
    "y ~ x" + String(repeating: " - x", count: 20_000), "y ~ x" + String(repeating: "*x", count: 20_000),
    "y ~ " + (0..<2000).map { "x\($0)" }.joined(separator: " + "),
    "y ~ " + (0..<100).map { "x\($0)" }.joined(separator: "*"), "y ~ " + (0..<5000).map { "x\($0)" }.joined(separator: ":"),
    "y ~ (" + (0..<12).map { "x\($0)" }.joined(separator: " + ") + ")^9", "y ~ ((.^9)^9)^9",
    "y ~ (((a + b + c + d)^9)^9 + e + f + g)^9", "y ~ `" + String(repeating: "\\", count: 10_001),
  ])
  func longTextsNeitherCrashNorHang(text: String) {
    let time = ContinuousClock().measure { check(text) }
    #expect(time < .seconds(20))
  }

  private func check(_ text: String) {
    do {
      let formula = try Formula(text)
      #expect((try? Formula(formula.description)) == formula, "\(text)")
    } catch {
      #expect((0...text.count).contains(error.position))
      #expect(error.text == text && !error.description.isEmpty)
    }
  }
}

/// Writes formulas that are right.
private struct FormulaGenerator {
  private var source: RandomSource
  private let columns = ["x", "z1", "a.b", "_c", "größe", "`a b`", "`1`", "`q\\`r`", "I", "log", "`.`"]

  init(seed: UInt64) { source = RandomSource(seed: seed) }

  private mutating func one<Item>(of items: [Item]) -> Item { items[source.integer(below: items.count)] }
  private mutating func chance(_ probability: Double) -> Bool { source.uniform() < probability }
  private mutating func space() -> String { one(of: ["", " ", " ", "  ", "\t"]) }

  mutating func formula() -> String {
    let response = one(of: ["y", "log(y)", "cbind(y, n - y)", "mvbind(y, n)", "I(y / 2)", "-y", "`y`"])
    let gate = chance(0.3) ? "|" + side(withOffset: false) : ""
    return response + space() + "~" + side(withOffset: true) + gate
  }

  private mutating func side(withOffset: Bool) -> String {
    var text = space() + sum(depth: 3)
    if withOffset && chance(0.3) { text += " + offset(\(expression(depth: 2)))" }
    if chance(0.2) { text += " + . - x" }
    if chance(0.3) { text += one(of: [" - 1", "+0", " + 1", "-0"]) }
    return text
  }

  private mutating func sum(depth: Int) -> String {
    (0...source.integer(below: 3)).map { _ in term(depth: depth) }.joined(separator: space() + "+" + space())
  }

  private mutating func term(depth: Int) -> String {
    switch depth == 0 ? 0 : source.integer(below: 9) {
    case 0, 1: one(of: columns)
    case 2: "\(term(depth: depth - 1)):\(term(depth: 0))"
    case 3: "\(term(depth: 0))*\(one(of: columns))"
    case 4: "(\(sum(depth: depth - 1)) + x + z1)^\(1 + source.integer(below: 3))"
    case 5: "poly(\(expression(depth: 1)), \(1 + source.integer(below: 4)))"
    case 6: "bs(\(expression(depth: 1)), df = \(3 + source.integer(below: 4)))"
    case 7: "factor(\(one(of: columns)))"
    default: "I(\(expression(depth: 4)))"
    }
  }

  /// An expression with a column in it.
  private mutating func expression(depth: Int) -> String {
    guard depth > 0 else { return one(of: columns) }
    let operand = chance(0.3) ? one(of: ["2", "0.5", "1e-3", "1e+20", "3."]) : expression(depth: depth - 1)
    switch source.integer(below: 5) {
    case 0: return "(" + expression(depth: depth - 1) + ")" + space() + one(of: ["+", "-", "*", "/", "^"]) + operand
    case 1: return operand + one(of: ["+", "-", "*", "/", "^"]) + space() + expression(depth: depth - 1)
    case 2: return "-" + expression(depth: depth - 1)
    case 3: return one(of: Formula.Function.allCases).rawValue + "(" + expression(depth: depth - 1) + ")"
    default: return one(of: columns)
    }
  }
}
