import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code of the article `Formulas`.
@Suite struct FormulaExamples {
  /// Prices that rise with the area in one half of the market and fall with age in the other, three times as dear in a district.
  private func prices(_ folder: TemporaryFolder, rows: Int, seed: UInt64) throws -> URL {
    var source = RandomSource(seed: seed)
    var text = "area,age,district,price\n"
    for row in 0..<rows {
      let (area, age) = (20 + 180 * source.uniform(), 50 * source.uniform())
      let district = ["north", "south"][source.integer(below: 2)]
      let price = (row % 2 == 0 ? 40 * log(area) : 300 - 2 * age) + (district == "south" ? 30 : 0) + source.gaussian()
      text += "\(area),\(age),\(district),\(price)\n"
    }
    return URL(fileURLWithPath: try folder.write(text, to: "prices\(seed).csv"))
  }

  @Test func designs() async throws {
    let folder = try TemporaryFolder()
    let url = try prices(folder, rows: 200, seed: 1)
    let newTable = try Table(csv: prices(folder, rows: 10, seed: 2))
    let table = try Table(csv: url)
    let model = try Mixture("price ~ log(area) + poly(age, 2) + district") { Block(2, LinearExpert()) }
    let fit = try await model.fit(table)
    let distributions = try fit.predict(newTable)
    print(fit.design.featureNames)
    #expect(fit.design.featureNames == ["log(area)", "poly(age, 2)1", "poly(age, 2)2", "districtsouth"])
    for expert in fit.mixture.experts(of: LinearExpert.self) { #expect(abs(expert.coefficients.mean[4] - 30) < 1) }
    #expect(try zip(distributions, newTable.numbers("price")).allSatisfy { try $0.interval(0.999).contains($1) })
  }

  @Test func theSameTyped() throws {
    let written = try Formula("y ~ x + log(z) + I(x^2) + a:factor(g) - 1")
    let typed = try Formula(
      response: ["y"],
      experts: Formula.Terms(
        ["x", .call(.log, "z"), .expression(.operation(.power, "x", 2)), .interaction(["a", .factor("g")])],
        hasIntercept: false))
    #expect(written == typed)
  }

  @Test func errorsPointAtTheCharacter() {
    let error = #expect(throws: FormulaError.self) { try Formula("y ~ x + lgo(z)") }
    #expect(
      error?.description == """
        formula: no function lgo; there are I, factor, poly, bs, ns, offset, cbind, mvbind, log, exp, sqrt, abs, sin, cos, log10, log2, log1p
          y ~ x + lgo(z)
                  ^
        """)
  }
}
