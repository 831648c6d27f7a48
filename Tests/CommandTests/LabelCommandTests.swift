import CommandSupport
import Foundation
import Testing

/// `mixtures fit --labels`: from a column that names some rows' experts to predictions and figures.
@Suite struct LabelCommandTests {
  /// Two lines whose rows have a label where they do not lack one; x lacks some cells too.
  private func data(_ folder: TemporaryFolder) throws -> String {
    let rows = (0..<120).map { i in
      let (x, isUp) = (Double(i % 24) / 4, i * 7 % 11 < 6)
      let label = i % 4 == 0 ? (isUp ? "up" : "down") : ["", "NA", "?"][i % 3]
      return "\(i % 40 == 1 ? "NA" : "\(x)"),\((isUp ? 2 * x : 9 - x) + 0.3 * sin(Double(11 * i))),\(label),\(i / 2)"
    }
    return try folder.write((["x,y,class,pair"] + rows).joined(separator: "\n") + "\n", to: "data.csv")
  }

  @Test(arguments: ["dirichlet", "softmax", "gaussian"])
  func expertsAreCalledByLabels(gate: String) throws {
    let folder = try TemporaryFolder()
    let (data, model, shares) = (try data(folder), folder.path("model.json"), folder.path("shares.csv"))
    let fit = try CommandLineTool.run(
      "fit", data, "--formula", "y ~ x", "--labels", "class", "--gate", gate, "--missing", "drop", "--restarts", "2",
      "--json",
      "--output", model, "--responsibilities", shares)
    #expect(fit.status == 0 && fit.errors.contains("left out 3 rows"), "\(fit.errors)")
    let experts = try #require(fit.json["experts"] as? [[String: Any]])
    #expect(experts.compactMap { $0["name"] as? String } == ["down", "up"])
    let slopes = experts.compactMap { ToldParameter.values($0["parameters"])["x"] }
    #expect(slopes.count == 2 && abs(slopes[0] + 1) < 0.2 && abs(slopes[1] - 2) < 0.2)
    #expect(try fit.json["labels"] as? String == "class")
    #expect((try fit.json["gate"] as? [String: Any])?["type"] as? String != "KnownGate")
    let lines = try folder.read("shares.csv").split(separator: "\n")
    #expect(lines[0] == "row,expertdown,expertup" && lines[1] == "1,0,1")

    let described = try CommandLineTool.run("describe", model).output
    #expect(described.contains("y ~ x") && described.contains("labels class (down, up)") && !described.contains("class="))
    let new = try folder.write("x\n1\n2\n", to: "new.csv")
    let labelled = try folder.write("class,x\nup,1\n?,2\n", to: "labelled.csv")
    let predicted = try CommandLineTool.run("predict", model, new)
    #expect(predicted.status == 0 && predicted.output.hasPrefix("mean,sd,lower,upper,weightdown,weightup\n"))
    #expect(try CommandLineTool.run("predict", model, labelled).output == predicted.output)
    // With the same labels a fit goes on where it was; without, it starts from the experts.
    for more in [["--labels", "class"], []] {
      let again = try CommandLineTool.runAll(
        ["fit", data, "--formula", "y ~ x", "--gate", gate, "--missing", "drop", "--init", model, "--json"] + more)
      #expect(again.status == 0, "\(again.errors)")
    }
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")),
    arguments: ["fit", "responsibilities", "gate"])
  func figuresAreDrawn(kind: String) throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model.json")
    let complete = try folder.write(
      data(folder).isEmpty ? "" : folder.read("data.csv").replacing("\nNA,", with: "\n0,"), to: "complete.csv")
    _ = try CommandLineTool.run(
      "fit", complete, "--formula", "y ~ x", "--labels", "class", "--gate", "softmax", "--restarts", "1", "--output", model)
    let plot = try CommandLineTool.run("plot", kind, model, "--data", complete, "--output", folder.path("x.svg"))
    #expect(plot.status == 0, "\(plot.errors)")
  }

  /// A pair has the label of either row.
  @Test func groupsAndMoreExperts() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<80).map { i in
      let (x, isUp) = (Double(i % 16) / 4, i / 2 % 3 != 0)
      return "\(x),\((isUp ? 2 * x : 9 - x) + 0.3 * sin(Double(11 * i))),\(i % 8 == 1 ? (isUp ? "2" : "10") : ""),\(i / 2)"
    }
    let data = try folder.write((["x,y,class,pair"] + rows).joined(separator: "\n"), to: "data.csv")
    let shares = folder.path("shares.csv")
    let fit = try CommandLineTool.run(
      "fit", data, "--formula", "y ~ x", "--labels", "class", "--group", "pair", "--experts", "3", "--restarts", "2",
      "--quiet", "--responsibilities", shares)
    #expect(fit.status == 0, "\(fit.errors)")
    let lines = try folder.read("shares.csv").split(separator: "\n")
    #expect(lines[0] == "expert2,expert10,expertunlabelled 3")
    for i in stride(from: 0, to: 80, by: 8) {
      #expect(lines[i + 1] == (i / 2 % 3 != 0 ? "1,0,0" : "0,1,0") && lines[i + 2] == lines[i + 1])
    }
  }
}
