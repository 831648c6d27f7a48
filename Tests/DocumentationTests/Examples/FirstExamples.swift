import CommandSupport
import Foundation
import Mixtures
import Testing

/// The code with which the README and the book begin.
@Suite struct FirstExamples {
  private let url = URL(fileURLWithPath: CommandLineTool.toneData)

  @Test func readme() throws {
    let folder = try TemporaryFolder()
    let modelURL = folder.url.appendingPathComponent("model.json")
    let table = try Table(csv: url)  // of Examples/Data/tonedata.csv
    let rows = try table.observations(target: "tuned", features: ["stretchratio"])
    let model = try GatedExperts(
      gate: DirichletGate(expertCount: 2), blocks: [Experts(2, LinearExpert(noise: .perExpert))])
    let fit = try model.fit(rows)

    for expert in fit.mixture.experts(of: LinearExpert.self) {
      print(expert.coefficients.mean, expert.coefficients.standardDeviations, expert.noiseVariance)
    }
    let law = try fit.predict(table)[0]
    print(law.mean, try law.interval(0.95), law.density(at: 2))
    try FittedMixture(fit).write(to: modelURL)

    let slopes = fit.mixture.experts(of: LinearExpert.self).map { $0.coefficients.mean[1] }.sorted()
    #expect(abs(slopes[0]) < 0.1 && abs(slopes[1] - 1) < 0.1)
    #expect(try law.interval(0.95).contains(law.mean))
    #expect(try FittedMixture(contentsOf: modelURL).predict(table)[0].mean == law.mean)
  }

  @Test func frontPage() throws {
    let table = try Table(csv: url)
    let rows = try table.observations(target: "tuned", features: ["stretchratio"])
    let model = try GatedExperts(gate: DirichletGate(expertCount: 2), blocks: [Experts(2, LinearExpert())])
    let fit = try model.fit(rows)
    let laws = try fit.predict(table)
    print(laws[0].mean, try laws[0].quantile(0.9))
    #expect(laws.count == 150 && abs(fit.bound.total - 92.953842) < 1e-4)
  }
}
