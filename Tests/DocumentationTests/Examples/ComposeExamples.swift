import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code of the article `Compose`.
@Suite struct ComposeExamples {
  @Test func theWholeArticle() async throws {
    let table = try Table(csv: URL(fileURLWithPath: CommandLineTool.dataFile("mcycle.csv")))
    let newTable = try Table(["times", "accel"].map { ($0, .numbers(Array(try table.numbers($0).prefix(113)))) })

    let model = try Mixture("accel ~ times", gate: DirichletGate(concentration: 0.5)) {
      Block(2, LinearExpert(noise: .perExpert), named: "line")
      Block(1, LinearExpert(noise: .fixed(variance: 4)), named: "rest")
    }
    print(model.parts.expertNames)
    #expect(
      "\(model.parts.expertNames)" == """
        ["line 1", "line 2", "rest"]
        """)

    var options = FitOptions()
    options.starts = 20
    let fit = try await model.fit(table, seed: 7, options: options)
    print(fit)

    let running = try model.startFit(table)
    for await report in running.progress where report.iteration == 1 { print("start", report.start, report.elbo.total) }
    let same = try await running.value
    #expect(same.mixture.expertNames == fit.mixture.expertNames)

    let rest = try fit.expert("rest", as: LinearExpert.self)
    print(rest.coefficients.mean, rest.coefficients.standardDeviations)
    print(fit.elbo.total, fit.stopReason, fit.warnings)
    #expect(abs(rest.noiseVariance - 4) < 1e-12 && fit.stopReason == .converged)

    var changed = fit.model
    try changed.parts.rename("rest", to: "before impact")
    try changed.parts.drop("line 2")
    try changed.parts.add(Block(1, LinearExpert(), named: "new"))
    try changed.parts.fix("before impact")
    let second = try await changed.fit(table)
    #expect(second.mixture.expertNames == ["line 1", "before impact", "new"])
    #expect(try second.expert("before impact", as: LinearExpert.self) == rest)

    let later = try await fit.refit(newTable)
    #expect(later.data.rowCount == 113 && later.starts.count == 1)
  }
}
