import CommandSupport
import Foundation
import Testing

/// Help and tables, to the letter.
@Suite struct SnapshotTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: CommandLineTool.toneData, toPath: folder.path("tonedata.csv"))
  }

  @Test(arguments: [
    [], ["fit"], ["predict"], ["describe"], ["plot"], ["generate"], ["score"], ["benchmark"],
  ])
  func help(subcommand: [String]) throws {
    var transcript = Transcript(in: folder)
    try transcript.run(["help"] + subcommand, status: 0)
    #expect(transcript.text.contains("\nExample: mixtures"))
    // Whoever makes the manual of this leaves out all other characters.
    #expect(!transcript.text.contains { !$0.isASCII })
    let other = try CommandLineTool(environment: ["COLUMNS": "80"]).run(subcommand + ["--help"]).output
    #expect(transcript.text.contains(other))
    try transcript.matches((["help"] + subcommand).joined(separator: "-"))
  }

  @Test func versionAndNothing() throws {
    var transcript = Transcript(in: folder)
    try transcript.run(["--version"], status: 0)
    try transcript.run(["predict", "--version"], status: 0)
    try transcript.matches("version")
    #expect(try CommandLineTool().run([]).output == CommandLineTool().run(["--help"]).output)
  }

  /// Help is wrapped between words. What is longer than the terminal is one word, the values of an option, or, where it is very narrow,
  /// the usage.
  @Test(arguments: ["fit", "predict", "describe", "plot", "generate", "score", "benchmark"], [40, 80, 160])
  func helpFitsTheTerminal(command: String, columns: Int) throws {
    let help = try CommandLineTool(environment: ["COLUMNS": "\(columns)"]).run([command, "--help"]).output
    let lines = help.split(separator: "\n")
    let long = lines.filter { line in
      let isUsage = columns == 40 && line.hasPrefix("USAGE: ")
      return line.count > columns && !line.contains(/^ +(?:-[a-z], )?--[a-z-]+ <[^>]*>$|^ +\S+$/) && !isUsage
    }
    #expect(long.isEmpty, "\(long)")
    #expect((lines.map(\.count).max() ?? 0) > columns / 2)
    func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
    #expect(try words(help) == words(CommandLineTool(environment: ["COLUMNS": "80"]).run([command, "--help"]).output))
  }

  @Test func tables() throws {
    var transcript = Transcript(in: folder)
    try transcript.run(
      ["fit", "tonedata.csv", "--target", "tuned", "--noise", "per-expert", "--threads", "2", "--output", "model.json"],
      status: 0)
    try transcript.run(["describe", "model.json"], status: 0)
    try transcript.run(["predict", "model.json", "tonedata.csv", "--interval", "0.9"], lines: 4, status: 0)
    let three = ["--init", "random", "--restarts", "3", "--iterations", "3", "--no-acceleration"]
    try transcript.run(["fit", "tonedata.csv", "--formula", "tuned ~ I(stretchratio^2)", "--quiet"] + three, status: 0)
    try transcript.matches("tables")
  }
}
