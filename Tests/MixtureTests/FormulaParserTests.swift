import Foundation
import Mixtures
import Testing

/// What formulas mean, how they print, and at which character a wrong one is wrong.
@Suite struct FormulaParserTests {
  @Test(arguments: [
    ("y~x", "y ~ x"),
    ("y ~ 1", "y ~ 1"),
    ("y ~ x + x + z + x", "y ~ x + z"),
    ("y ~ a*b", "y ~ a + b + a:b"),
    ("y ~ a*b*c", "y ~ a + b + a:b + c + a:c + b:c + a:b:c"),
    ("y ~ a*b - a", "y ~ b + a:b"),
    ("y ~ (a + b + c)^2 - b:a", "y ~ a + b + c + a:c + b:c"),
    ("y ~ (a + b):(c + d)", "y ~ a:c + a:d + b:c + b:d"),
    ("y ~ a:a + (a + b)^9", "y ~ a + b + a:b"),
    ("y ~ a:b + b:a", "y ~ a:b"),
    ("y ~ x - 1", "y ~ x - 1"),
    ("y ~ 0 + x", "y ~ x - 1"),
    ("y ~ -1 + x", "y ~ x - 1"),
    ("y ~ x - 1 + 1", "y ~ x"),
    ("y ~ x - 0 - 1 - 0", "y ~ x"),
    ("y ~ .", "y ~ ."),
    ("y ~ . - x - x", "y ~ . - x"),
    ("y ~ x + . - x", "y ~ . - x"),
    ("y ~ . - x + x", "y ~ . + x"),
    ("y ~ .^2 - x:z - 1", "y ~ . + .:. - x:z - 1"),
    ("y ~ I(x^2 + -3 * (a - (b - c)) / 2e-3)", "y ~ I(x^2 + -3 * (a - (b - c)) / 0.002)"),
    ("y ~ I((-x)^-2 - -x^2)", "y ~ I((-x)^-2 - -x^2)"),
    ("y ~ I(2^x^z + (2^x)^z)", "y ~ I(2^x^z + (2^x)^z)"),
    ("y ~ I(log(x)) + log(I(x + .5))", "y ~ log(x) + log(x + 0.5)"),
    ("y ~ I(x)", "y ~ I(x)"),
    (
      "y ~ poly(x, degree = 2) + bs(x, 5) + bs(x, degree = 2, df = 4)",
      "y ~ poly(x, 2) + bs(x, df = 5) + bs(x, df = 4, degree = 2)"
    ),
    ("y ~ factor(g):x + offset(log(e)) + offset(o)", "y ~ factor(g):x + offset(log(e)) + offset(o)"),
    ("y ~ offset(e)", "y ~ 1 + offset(e)"),
    ("y ~ offset(e) + 0 + x", "y ~ x + offset(e) - 1"),
    ("cbind(s, n - s) ~ x", "cbind(s, n - s) ~ x"), ("mvbind(a, log(b), c) ~ x", "mvbind(a, log(b), c) ~ x"),
    ("log(y) / 2 ~ x | z + log(w) - 1", "log(y) / 2 ~ x | z + log(w) - 1"),
    ("y ~ x | 1", "y ~ x | 1"),
    ("`a b` ~ `2x` + `x` + `.` + `a\\`\\\\`", "`a b` ~ `2x` + x + `.` + `a\\`\\\\`"),
    ("größe ~ Δx.1 + _t + log", "größe ~ Δx.1 + _t + log"),
  ])
  func canonicalText(text: String, expected: String) throws {
    let formula = try Formula(text)
    #expect(formula.description == expected)
    #expect(try Formula(expected) == formula)
    #expect(try JSONDecoder().decode([Formula].self, from: JSONEncoder().encode([formula])) == [formula])
  }

  @Test func typedTerms() throws {
    let formula = try Formula(
      response: ["y"],
      experts: Formula.Terms(
        [
          "x", .call(.log, "z"), .expression(.operation(.power, "x", 2)), .polynomial("x", degree: 2),
          .spline("x", degreesOfFreedom: 5), .interaction(["a", .factor("g")]), "x",
        ], hasIntercept: false),
      offsets: [.call(.log, "e")], gate: ["z"])
    let text = "y ~ x + log(z) + I(x^2) + poly(x, 2) + bs(x, df = 5) + a:factor(g) - 1 + offset(log(e)) | z"
    #expect(try Formula(text) == formula)
    #expect(!formula.hasIntercept)
    #expect(formula.experts.terms.last == .interaction([.column("a"), .factor("g")]))
    #expect(formula.gate?.terms == ["z"])
    #expect(throws: FormulaError.self) { try Formula(response: [], experts: ["x"]) }
    #expect(throws: FormulaError.self) { try Formula(response: ["y"], experts: ["y"]) }
    #expect(throws: FormulaError.self) { try Formula(response: ["y"], experts: [""]) }
    #expect(throws: FormulaError.self) {
      try Formula(response: ["y"], experts: [.expression(.operation(.plus, "x", .number(.nan)))])
    }
    #expect(
      try Formula(response: ["y"], experts: [.expression(.operation(.power, -2, "x"))]).description == "y ~ I((-2)^x)")
  }

  @Test(arguments: [
    ("", 0, "expected a column or a number, not the end"),
    ("y", 1, "expected \"~\" between response and terms"),
    ("y ~", 3, "expected a term, not the end"),
    ("y ~ x +", 7, "expected a term, not the end"),
    ("y ~ x z", 6, "expected an operator or the end of the formula, not z"),
    ("y ~ x + $", 8, "\"$\" has no meaning here"),
    ("y ~ 'x'", 4, "names stand without quotes, or in backquotes"),
    ("y ~ \"x\"", 4, "names stand without quotes, or in backquotes"),
    ("y ~ (x + z", 10, "expected \")\""),
    ("y ~ x)", 5, "expected an operator or the end"),
    ("y ~ 2 + x", 4, "expected a term, not 2"),
    ("y ~ foo(x)", 4, "no function foo; there are I, factor, poly, bs, ns, offset, cbind, mvbind, log, exp"),
    ("y ~ I(x + foo(x))", 10, "no function foo"),
    ("y ~ log(x, 2)", 9, "expected \")\""),
    ("y ~ log()", 8, "expected a column or a number"),
    ("y ~ log(2)", 8, "expected a column in this expression"),
    ("2 ~ x", 0, "expected a response"),
    ("y ~ x + y", 8, "the response y cannot explain itself"),
    ("log(y) ~ x:I(y^2)", 13, "the response y cannot explain itself"),
    ("y ~ x | y", 8, "the response y cannot explain itself"),
    ("cbind(s, f) ~ factor(f)", 21, "the response f cannot explain itself"),
    ("cbind(s) ~ x", 7, "expected \",\""), ("mvbind(s) ~ x", 8, "expected \",\""),
    ("cbind(a, b, c) ~ x", 10, "cbind takes successes and failures; for several responses write mvbind(a, b, c)"),
    ("cbind(s, log(f)) ~ f", 19, "the response f cannot explain itself"),
    ("y ~ mvbind(a, b)", 4, "mvbind makes a response"),
    ("y ~ cbind(a, b)", 4, "cbind makes a response"),
    ("y ~ x:offset(e)", 6, "an offset can only be added"),
    ("y ~ x - offset(e)", 8, "an offset can only be added"),
    ("y ~ x | offset(e)", 17, "a gate has no offset"),
    ("y ~ x - z", 8, "there is no term z to take away"),
    ("y ~ (. - x)^2", 9, "there is no term x to take away"),
    ("y ~ x + . - .", 12, "\".\" must stand before what is taken away"),
    ("y ~ . - x + z:.", 12, "\".\" must stand before what is taken away"),
    ("y ~ (x - x):z", 4, "no term is left within these parentheses"),
    ("y ~ (x + 1)", 9, "the intercept, 1 or 0, must stand outside parentheses"),
    ("y ~ x - x - 1", 4, "neither a term nor an intercept"),
    ("y ~ 0", 4, "neither a term nor an intercept"),
    ("y ~ x^2", 5, "for arithmetic write I(x^2)"),
    ("y ~ (a + b)^10", 12, "expected a whole number from 1 to 9, not 10"),
    ("y ~ (a + b)^1.5", 12, "expected a whole number from 1 to 9, not 1.5"),
    ("y ~ a/b", 5, "write a + a:b"),
    ("y ~ x**2", 6, "write I(x^2) for a square"),
    ("y ~ (a + b)**2", 12, "(a + b)^2 for products"),
    ("y ~ I(x**2)", 8, "write ^ for powers, as in x^2"),
    ("y ~ poly(x)", 10, "poly needs a degree, as in poly(x, 2)"),
    ("y ~ poly(x, degree)", 18, "degree needs a number, as in poly(x, 2)"),
    ("y ~ poly(x, z)", 12, "z has no meaning here: write poly(x, 2)"),
    ("y ~ poly(x, 2, raw = TRUE)", 13, "raw powers are x + I(x^2)"),
    ("y ~ poly(x, 0)", 12, "expected a whole number from 1 to 100, not 0"),
    ("y ~ bs(x)", 8, "bs needs its degrees of freedom, as in bs(x, df = 5)"),
    ("y ~ bs(x, df)", 12, "df needs a number, as in bs(x, df = 5)"),
    ("y ~ bs(x, df = 5, degree)", 24, "degree needs a number, as in bs(x, df = 5, degree = 2)"),
    ("y ~ bs(x, df = 2)", 8, "df = 2 is too small"),
    ("y ~ bs(x, knots = 2)", 10, "knots has no meaning here: write bs(x, df = 5)"),
    ("y ~ factor(log(x))", 14, "expected \")\""),
    ("y ~ `x", 4, "the second backquote of this name is missing"),
    ("y ~ ``", 4, "this name is empty"),
    ("y ~ I(x + 1e999)", 10, "too large"),
    ("y ~ x | z | w", 10, "expected an operator or the end"),
    ("y ~ x ~ z", 6, "expected an operator or the end"),
    ("y ~ C(g)", 4, "C is called factor here: factor(g)"),
    ("y ~ as.factor(g)", 4, "as.factor is called factor here"),
    ("y ~ x + (1 | id)", 8, "say --group id"),
    ("y ~ x + (x | id)", 8, "effects of groups in lme4"),
    ("y ~ s(x)", 4, "write bs(x, df = 5) or ns(x, df = 4)"),
    ("y ~ ns(x)", 8, "ns needs its degrees of freedom, as in ns(x, df = 4)"),
    ("y ~ ns(x, df)", 12, "df needs a number, as in ns(x, df = 4)"),
    ("y ~ ns(x, 3, 4)", 11, "ns takes one column and its degrees of freedom"),
    ("y ~ ns(x, df = 0)", 15, "expected a whole number from 1 to 1000"),
  ])
  func errors(text: String, position: Int, message: String) throws {
    let error = try #require(throws: FormulaError.self) { try Formula(text) }
    #expect(error.position == position)
    #expect(error.message.contains(message), "\(error.message)")
  }

  @Test func theCaretStandsBelowTheCharacter() throws {
    let error = try #require(throws: FormulaError.self) { try Formula("größe ~\nx + + z") }
    #expect(
      error.description == """
        formula: expected a term, not +
          größe ~ x + + z
                      ^
        """)
  }
}
