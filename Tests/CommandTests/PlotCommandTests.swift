import CommandSupport
import Foundation
import Testing

/// `mixtures plot`: what is drawn over which column, with the others held.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")))
struct PlotCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func example(_ name: String) -> String {
    CommandLineTool.packageFolder.appendingPathComponent("Examples/Data/\(name).csv").path
  }

  private func fit(_ data: String, _ options: [String]) throws {
    let fit = try CommandLineTool.runAll(["fit", data, "--restarts", "3", "--output", folder.path("model.json")] + options)
    #expect(fit.status == 0, "\(fit.errors)")
  }

  private func plot(_ kind: String, _ data: String, _ options: String...) throws -> CommandLineTool.Outcome {
    let picture = ["--data", data, "--output", folder.path("x.svg")]
    return try CommandLineTool.runAll(["plot", kind, folder.path("model.json")] + picture + options)
  }

  private func texts() throws -> String { try folder.read("x.svg").replacing(/<[^>]*>/, with: "") }

  /// Successes over the only feature, which is a category; not over what else the table has.
  @Test(arguments: ["fit", "predictive", "gate"]) func hospitals(kind: String) throws {
    let data = example("betablocker")
    try fit(
      data,
      [
        "--formula", "cbind(Deaths, Total - Deaths) ~ Treatment", "--group", "Center", "--family", "binomial",
        "-k", "3", "--estimate", "ml",
      ])
    let drawn = try plot(kind, data)
    #expect(drawn.status == 0 && drawn.errors.isEmpty, "\(drawn.errors)")
    let texts = try texts()
    for text in ["Treatment", "Control", "Treated"] { #expect(texts.contains(text)) }
    #expect(texts.contains("held fixed: 266 trials") == (kind != "gate"))
    #expect(try plot(kind, data, "--feature", "Treatment").status == 0)
    for column in ["Total", "Deaths", "Center", "Nothing"] {
      let refused = try plot(kind, data, "--feature", column)
      #expect(refused.status == 64 && refused.errors.contains("no feature \"\(column)\" to draw over; there are Treatment"))
    }
  }

  @Test func seizures() throws {
    let data = example("seizure")
    try fit(
      data,
      ["--formula", "Seizures ~ Treatment * log(Day) + offset(log(Hours))", "--family", "poisson", "--estimate", "ml"])
    #expect(try plot("fit", data).status == 0)
    #expect(
      try texts().contains("held fixed: Treatment = Yes, Hours = 9.02") && texts().contains("Seizures at the held offset"))
    #expect(try plot("fit", data, "--at", "Treatment=No", "--at", " Hours = 8").status == 0)
    #expect(try texts().contains("held fixed: Treatment = No, Hours = 8"))
    #expect(try plot("gate", data, "--at", "Treatment=No").status == 0)
    for (held, words) in [
      (["Treatment=Maybe"], "\"Maybe\" is none of its levels, No, Yes"), (["Hours=x=1"], "\"x=1\" is no number"),
      (["Day=3"], "cannot hold \"Day\" at a value: the figure is drawn over it"),
      (["Day"], "write a column and its value as in dose=2.5"), (["=3"], "write a column"),
      (["Hours=1", "Hours=2"], "--at says twice where to hold Hours"),
      (["Seizures=3"], "the figure depends on Treatment, Hours"),
    ] {
      let refused = try CommandLineTool.runAll(
        ["plot", "fit", folder.path("model.json"), "--data", data, "--output", folder.path("y.svg")]
          + held.flatMap { ["--at", $0] })
      #expect(refused.status == 64 && refused.errors.replacing("\n ", with: "").contains(words), "\(refused.errors)")
    }
    let bound = try plot("bound", data, "--at", "Hours=3")
    #expect(bound.status == 64 && bound.errors.contains("plot bound holds no column: leave out --at"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("y.svg")))
  }

  /// The response of yes and no, a level that is a number, and an intercept alone.
  @Test func yesNoAndNothing() throws {
    let rows = (0..<80).map { "\($0 % 9),\($0 % 2 == 0 ? 3 : 7),\($0 / 2 % 3 == 0 ? "no" : "yes")" }
    let data = try folder.write((["x,code,y"] + rows).joined(separator: "\n"), to: "data.csv")
    try fit(data, ["--formula", "y ~ factor(code) + x", "--family", "bernoulli", "-k", "1"])
    for feature in ["x", "code"] {
      #expect(try plot("fit", data, "--feature", feature).status == 0)
      #expect(try texts().contains("P(yes)") && texts().contains(feature == "x" ? "code = 3" : "x = 3.9"))
    }
    try fit(data, ["--formula", "y ~ 1", "--family", "bernoulli", "-k", "1"])
    let nothing = try plot("fit", data)
    #expect(nothing.status == 64 && nothing.errors.contains("the model has no feature to draw over"))
  }
}
