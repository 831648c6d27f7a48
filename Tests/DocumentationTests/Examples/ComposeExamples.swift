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
      Experts(2, LinearExpert(noise: .perExpert), named: "line")
      Experts(1, LinearExpert(noise: .fixed(variance: 4)), named: "rest")
    }
    print(model.experts.expertNames)
    #expect(
      "\(model.experts.expertNames)" == """
        ["line 1", "line 2", "rest"]
        """)

    var options = FitOptions()
    options.restarts = 20
    let fit = try await model.fit(table, seed: 7, options: options)
    print(fit)

    let running = try model.startFit(table)
    for await pass in running.progress where pass.pass == 1 { print("start", pass.restart, pass.bound.total) }
    let same = try await running.value
    #expect(same.mixture.expertNames == fit.mixture.expertNames)

    let rest = try fit.expert("rest", as: LinearExpert.self)
    print(rest.coefficients.mean, rest.coefficients.standardDeviations)
    print(fit.bound.total, fit.stopReason, fit.warnings)
    #expect(abs(rest.noiseVariance - 4) < 1e-12 && fit.stopReason == .converged)

    var changed = fit.model
    try changed.experts.rename("rest", to: "before impact")
    try changed.experts.drop("line 2")
    try changed.experts.add(Experts(1, LinearExpert(), named: "new"))
    try changed.experts.fix("before impact")
    let second = try await changed.fit(table)
    #expect(second.mixture.expertNames == ["line 1", "before impact", "new"])
    #expect(try second.expert("before impact", as: LinearExpert.self) == rest)

    let later = try await fit.refit(newTable)
    #expect(later.data.rowCount == 113 && later.restarts.count == 1)
  }
}
