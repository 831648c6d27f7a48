import CommandSupport
import Foundation
import Testing

/// Names of data and files run nothing and command no terminal; where they are data they stay what they are.
@Suite struct HostileNameTests {
  private let folder: TemporaryFolder
  private static let escape = "\u{1B}[31m\u{9B}2J"

  init() throws { folder = try TemporaryFolder() }

  private func write(x: String, labels: [String]) throws {
    let rows = (0..<40).map { "\($0 % 9),\($0 % 2 == 0 ? $0 % 9 : 5 - 3 * ($0 % 9)),\"\(labels[$0 % 2])\"\n" }
    _ = try folder.write("\"\(x)\",y,lab\n" + rows.joined(), to: "data.csv")
  }

  /// The examples that once ran commands, and one that was only unlucky.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")),
    arguments: [
      ("x", ["a'; system('touch pwned'); #", "b"]), ("x'\u{301} `touch pwned`", ["a", "b"]), ("x", ["O'Brien", "Smith"]),
      ("x\n`touch pwned`", ["a\nEND\nsystem 'touch pwned'", "b"]),
    ])
  func plotsRunNoCommands(x: String, labels: [String]) throws {
    try write(x: x, labels: labels)
    let tool = CommandLineTool(in: folder.url)
    let fitted = try tool.run([
      "fit", "data.csv", "--target", "y", "--labels", "lab", "--gate", "softmax", "--output", "model.json",
    ])
    #expect(fitted.status == 0, "\(fitted.errors)")
    let pictures = try TemporaryFolder()
    for kind in ["fit", "predictive", "bound", "responsibilities", "gate"] {
      let plot = try CommandLineTool(in: pictures.url).run(
        ["plot", kind, folder.path("model.json"), "--data", folder.path("data.csv"), "--output", "\(kind).svg"])
      #expect(plot.status == 0 && plot.errors.isEmpty, "\(plot.errors)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: pictures.url.path)
    #expect(Set(names) == ["fit.svg", "predictive.svg", "bound.svg", "responsibilities.svg", "gate.svg"])
    if labels[0] == "O'Brien" { #expect(try pictures.read("fit.svg").contains("<text>expert O'Brien, weight 0.50</text>")) }
  }

  /// Tables, messages, warnings and errors of every command.
  @Test func terminalsGetNoCommands() throws {
    try write(x: "x" + Self.escape, labels: ["a" + Self.escape, "b\nc"])
    _ = try folder.write("x,y\n1,\(Self.escape)\n2,3\n3,4\n", to: "bad\(Self.escape).csv")
    let fit = [
      "fit", "data.csv", "--target", "y", "--labels", "lab", "--gate", "softmax", "--output", "model\(Self.escape).json",
    ]
    let model = "model\(Self.escape).json"
    let suite = #"""
      {"grids": [{"name": "g\u001b[31m", "seeds": 1, "unseenRows": 50, "generators": [{"name": "d\u001b[31m", "recipe": "linear", "rows": 60}],
      "models": [{"name": "m\u009b2J", "options": "--restarts 1"}]}]}
      """#
    _ = try folder.write(suite, to: "suite.json")
    for arguments in [
      fit, ["describe", model], ["describe", model, "--json"], ["predict", model, "data.csv"],
      ["predict", model, "data.csv", "--json"],
      ["fit", "bad\(Self.escape).csv", "--target", "y"], ["fit", "data.csv", "--target", "z"],
      ["fit", "data.csv", "--target", Self.escape],
      ["fit", "data.csv", "--formula", "y ~ \(Self.escape)"], ["fit", "data.csv", "--\(Self.escape)"],
      ["describe", "none\(Self.escape)"],
      ["plot", "fit", model, "--data", "data.csv", "--feature", Self.escape, "--output", "a.svg"],
      ["generate", "linear", "--output", "out\(Self.escape).csv"], ["score", model, "--truth", "none\(Self.escape)"],
      ["benchmark", "suite.json", "--output", "results\(Self.escape)"],
    ] {
      let environment = ["TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"]
      let shown = try CommandLineTool(in: folder.url, environment: environment).runOnTerminal(arguments)
      // A progress line clears itself.
      let text = shown.output.replacing("\r\u{1B}[K", with: "").replacing("\r\n", with: "\n")
      #expect(
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" }, "\(arguments): \(text)")
      // But CSV, which has lines within quotes.
      if arguments != ["predict", model, "data.csv"] { #expect(!text.contains("b\nc"), "\(arguments)") }
    }
    // For programs, data stay what they are.
    let predictions = try CommandLineTool(in: folder.url).run(["predict", model, "data.csv"])
    #expect(predictions.output.hasPrefix("mean,sd,lower,upper,weighta\(Self.escape),\"weightb\nc\"\n"))
    let json = try CommandLineTool(in: folder.url).run(["predict", model, "data.csv", "--json"]).json
    #expect(json["weighta" + Self.escape] != nil && json["weightb\nc"] != nil)
    #expect(try CommandLineTool(in: folder.url).run(["describe", model]).output.contains(#"a\u001b[31m\u009b2J"#))
  }
}
