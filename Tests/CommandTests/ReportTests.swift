import CommandSupport
import Foundation
import Mixtures
import Testing

/// What reports and JSON say of parts of whatever type, in whatever order.
@Suite struct ReportTests {
  /// The object that `describe --json` prints of a model.
  private func described(_ fit: FittedMixture, in folder: TemporaryFolder) throws -> [String: Any] {
    let path = folder.path("model.json")
    try fit.write(to: URL(fileURLWithPath: path))
    let outcome = try CommandLineTool.run("describe", path, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json
  }

  private func toneData() throws -> Table { try Table(csv: URL(fileURLWithPath: CommandLineTool.toneData)) }

  /// Equal to the last digits, which are not the same in JSON.
  private func isClose(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-12 * abs(other) }

  /// A background before the lines, and lines on other terms behind them.
  @Test func eachExpertTellsOfItself() async throws {
    let model = try Mixture("tuned ~ stretchratio") {
      Block(1, BackgroundExpert(), named: "background")
      Block(2, LinearExpert(noise: .perExpert), named: "line")
      Block(1, LinearExpert(prior: GaussianPrior(covariance: .fixed(variance: 9)), noise: .gamma(shape: 2, rate: 3)))
    }
    var quick = FitOptions()
    quick.starts = 1
    let fit = try await model.fit(toneData(), seed: 1, options: quick)
    let told = try described(fit, in: TemporaryFolder())
    let experts = try #require(told["experts"] as? [[String: Any]])
    #expect(experts.compactMap { $0["name"] as? String } == ["background", "line 1", "line 2", "4"])
    #expect(
      experts.compactMap { $0["type"] as? String }
        == ["BackgroundExpert", "LinearExpert", "LinearExpert", "LinearExpert"])
    for (expert, parameters) in zip(experts, fit.parameters) {
      let told = ToldParameter.list(expert["parameters"])
      #expect(told.map(\.name) == parameters.map(\.name))
      for (one, other) in zip(told, parameters) {
        #expect(isClose(one.value, other.value) && isClose(one.standardError ?? 0, other.standardError ?? 0))
      }
    }
    let line = try fit.expert("line 2", as: LinearExpert.self)
    #expect(isClose(ToldParameter.values(experts[2]["parameters"])["stretchratio"] ?? .nan, line.coefficients.mean[1]))
    #expect(ToldParameter.values(experts[0]["parameters"]).keys.sorted() == ["mean", "sd"])

    let priors = experts.map { $0["priors"] as? [[String: Any]] ?? [] }
    #expect(priors.map(\.count) == [0, 2, 2, 3])
    #expect(priors[3].compactMap { $0["name"] as? String } == ["(intercept)", "stretchratio", "noise precision"])
    let deviations = priors[3].compactMap { $0["standardDeviation"] as? Double }
    #expect(zip(deviations, [3, 3, 2.0.squareRoot() / 3]).allSatisfy { abs($0 - $1) < 1e-9 })

    let blocks = try #require(told["blocks"] as? [[String: Any]])
    #expect(blocks.compactMap { $0["experts"] as? [String] } == [["background"], ["line 1", "line 2"], ["4"]])
    let noises = blocks.compactMap { block in
      (block["terms"] as? [[String: String]])?.first { $0["name"] == "noise" }?["value"]
    }
    #expect(noises == ["per expert", "shared, with a Gamma distribution (shape 2, rate 3)"])
  }

  /// Columns may be called like other parameters.
  @Test func equalNamesLoseNothing() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map { i in
      let (x, z) = (Double(i % 8), Double(i % 5))
      return "\(x),\(z),\(z - x),\(i % 3),\((i % 2 == 0 ? x + z : 9 - x) + 0.1 * sin(Double(7 * i)))"
    }
    let header = "noise sd,weight,expert,(intercept),y"
    let data = try folder.write(([header] + rows).joined(separator: "\n"), to: "data.csv")
    for gate in ["dirichlet", "softmax"] {
      let outcome = try CommandLineTool.run(
        "fit", data, "--target", "y", "--features", "noise sd,weight,(intercept)", "--gate", gate, "--json", "--restarts",
        "1")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let experts = try #require(outcome.json["experts"] as? [[String: Any]])
      let names = ["(intercept)", "noise sd", "weight", "(intercept)", "noise sd"]
      for expert in experts { #expect(ToldParameter.list(expert["parameters"]).map(\.name) == names) }
      let table = try CommandLineTool(environment: ["COLUMNS": "200"]).run([
        "fit", data, "--target", "y", "--features", "noise sd,weight,(intercept)", "--gate", gate, "--quiet", "--restarts",
        "1",
      ])
      let columns = table.output.split(separator: "\n")[0].components(separatedBy: "  ").filter { !$0.isEmpty }
      #expect(columns.map { $0.trimmingCharacters(in: .whitespaces) } == ["expert", "weight", "rows"] + names)
    }
  }

  /// JSON has no number for what is not finite; the encoder of reports says it in text.
  @Test func numbersThatAreNotFiniteAreText() throws {
    let text = try JSONEncoder.ofAllNumbers().encode(["sd": Double.infinity, "least": -.infinity, "mean": .nan])
    let json = try #require(JSONSerialization.jsonObject(with: text) as? [String: String])
    #expect(json == ["sd": "∞", "least": "-∞", "mean": "NaN"])
  }
}
