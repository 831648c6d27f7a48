import CommandSupport
import Foundation
import Testing

/// Responses that are no plain numbers: successes among trials, and text.
@Suite struct ResponseCommandTests {
  private func data(_ folder: TemporaryFolder) throws -> String {
    let rows = (0..<40).map { "\($0 % 7),\(7 - $0 % 7),7,\($0 % 3 == 0 ? "no" : "yes"),\(Double($0) / 10)" }
    return try folder.write((["dead,alive,n,answer,x"] + rows).joined(separator: "\n") + "\n", to: "data.csv")
  }

  /// The command's experts know no trials, and say so instead of explaining the successes alone.
  @Test(arguments: [
    ["--formula", "cbind(dead, alive) ~ x"], ["--formula", "dead ~ x", "--trials", "n"],
    ["--target", "dead", "--features", "x", "--trials", "n"],
  ])
  func trialsAreNotIgnored(options: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.runAll(["fit", try data(folder), "--quiet"] + options)
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.words.contains("LinearExpert does not know numbers of trials, but each row of dead has one"))
  }

  @Test func trialsAreAColumnSaidOnce() throws {
    let folder = try TemporaryFolder()
    let path = try data(folder)
    let missing = try CommandLineTool.run("fit", path, "--formula", "dead ~ x", "--trials", "m")
    #expect(missing.status == 65 && missing.errors.words.contains("no column \"m\""), "\(missing.errors)")
    let twice = try CommandLineTool.run("fit", path, "--formula", "cbind(dead, alive) ~ x", "--trials", "n")
    #expect(twice.status != 0 && twice.errors.words.contains("leave out one of them"), "\(twice.errors)")
    let text = try CommandLineTool.run("fit", path, "--formula", "dead ~ x", "--trials", "answer")
    #expect(text.status == 65 && text.errors.words.contains("column \"answer\": \"no\""), "\(text.errors)")
    let other = try CommandLineTool.run("fit", path, "--formula", "dead ~ x", "--n-trials", "n")
    #expect(other.status == 64 && other.errors.words.contains("say --trials"), "\(other.errors)")
  }

  @Test func textIsACategory() throws {
    let folder = try TemporaryFolder()
    let outcome = try CommandLineTool.run("fit", try data(folder), "--target", "answer", "--features", "x", "--quiet")
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.words.contains("answer has the levels no and yes, but a LinearExpert explains numbers"))
  }
}

extension String {
  /// The text with single blanks for its line ends.
  fileprivate var words: String { split { $0.isWhitespace }.joined(separator: " ") }
}
