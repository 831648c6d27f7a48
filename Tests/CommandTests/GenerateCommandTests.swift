import CommandSupport
import Foundation
import MixtureData
import SyntheticData
import Testing

/// `mixtures generate`: the files, and that they appear together or not at all.
@Suite struct GenerateCommandTests {
  private let folder: TemporaryFolder
  private let tool: CommandLineTool

  init() throws {
    folder = try TemporaryFolder()
    tool = CommandLineTool(in: folder.url)
  }

  private func generate(_ arguments: String...) throws -> CommandLineTool.Outcome {
    let outcome = try tool.run(["generate"] + arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private func data(_ name: String) throws -> Data { try Data(contentsOf: folder.url.appendingPathComponent(name)) }
  private func table(_ name: String) throws -> Table { try Table(path: folder.path(name)) }
  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() }

  @Test func filesAreThoseOfTheLibrary() throws {
    let outcome = try generate(
      "linear+softmax+irrelevant:1", "--rows", "3000", "--features", "3", "--experts", "2", "--separation", "4", "--noise",
      "0.5", "--imbalance", "0", "--seed", "7", "--output", "data.csv", "--truth", "truth.json", "--assignments")
    #expect(outcome.output.contains("data.csv: rows 0 to 2999, 5 columns") && outcome.errors.isEmpty)
    let parameters = RecipeParameters(features: 3, experts: 2, separation: 4, noise: 0.5, imbalance: 0)
    let expected = try SyntheticDataSet(
      Recipe("linear+softmax+irrelevant:1").generator(parameters, seed: 7), rows: 3000, seed: 7)
    let (table, values) = (try table("data.csv"), try expected.table())
    #expect(table.columnNames == ["x1", "x2", "x3", "irrelevant1", "y"])
    for name in table.columnNames { #expect(try table.numbers(name) == values.numbers(name)) }
    let truth = try Truth(contentsOf: folder.url.appendingPathComponent("truth.json"))
    #expect(try truth.bayes == BayesFigures(expected))
    #expect(try truth.assignments == expected.assignments())
    for name in ["again.csv", "again.npy"] {
      _ = try generate(
        "linear+softmax+irrelevant:1", "--rows", "3000", "--features", "3", "--experts", "2", "--separation", "4",
        "--noise",
        "0.5", "--imbalance", "0", "--seed", "7", "--output", name, "--threads", "3", "--quiet")
    }
    #expect(try data("again.csv") == data("data.csv"))
    let array = try self.table("again.npy")
    #expect(try zip(array.columnNames, table.columnNames).allSatisfy { try array.numbers($0) == table.numbers($1) })
  }

  /// What somebody finds in the truth who has no program of ours.
  @Test func theTruthIsPlainJSON() throws {
    let outcome = try generate("linear", "--rows", "500", "--output", "data.csv", "--truth", "-", "--assignments")
    #expect(outcome.errors.contains("standard output: the truth and the assignments"))
    let truth = try outcome.json
    #expect(truth["application"] as? String == "swift-mixtures truth" && truth["format"] as? Int == 2)
    #expect(truth["seed"] as? Int == 1 && truth["firstRow"] as? Int == 0 && truth["rowCount"] as? Int == 500)
    #expect((truth["assignments"] as? [Int])?.count == 500 && (truth["weights"] as? [Double])?.count == 3)
    #expect((truth["features"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["x1", "x2"])
    #expect((truth["response"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["y"])
    let experts = try #require(truth["experts"] as? [[[String: Any]]])
    #expect(
      experts.map { $0.compactMap { $0["name"] as? String } }
        == Array(
          repeating: ["(intercept)", "x1", "x2", "noise sd"], count: 3))
    let bayes = try #require(truth["bayes"] as? [String: Any])
    #expect((bayes["logDensity"] as? [String: Double])?.keys.sorted() == ["mean", "standardError"])
    #expect((truth["generator"] as? [String: Any])?["part"] as? String == "SyntheticData.SyntheticMixture")
  }

  @Test func furtherRowsGoOnWhereOthersEnd() throws {
    _ = try generate("linear+softmax", "--rows", "300", "--output", "all.csv")
    _ = try generate("linear+softmax", "--rows", "200", "--output", "train.csv", "--truth", "truth.json")
    let rest = try generate("linear+softmax", "--rows", "100", "--first-row", "200", "--output", "-").output
    let header = "x1,x2,y\n"
    #expect(rest.hasPrefix(header))
    #expect(try folder.read("all.csv") == folder.read("train.csv") + rest.dropFirst(header.count))
  }

  @Test func aFitFindsTheExperts() throws {
    let parameters = ["linear", "--experts", "2", "--separation", "5", "--noise", "0.5", "--rows", "2000", "--quiet"]
    #expect(try tool.run(["generate"] + parameters + ["--output", "train.csv", "--truth", "truth.json"]).status == 0)
    let more = ["--first-row", "2000", "--output", "test.csv"]
    #expect(try tool.run(["generate"] + parameters + more).status == 0)
    let fit = try tool.run(["fit", "train.csv", "--formula", "y ~ x1 + x2", "--output", "model.json", "--json"])
    #expect(fit.status == 0, "\(fit.errors)")
    let truth = try Truth(contentsOf: folder.url.appendingPathComponent("truth.json"))
    let slopes = truth.experts.map { $0[1].value }.sorted()
    let experts = try #require(try fit.json["experts"] as? [[String: Any]])
    let found = experts.compactMap { ToldParameter.values($0["parameters"])["x1"] }.sorted()
    #expect(found.count == 2 && zip(slopes, found).allSatisfy { abs($0 - $1) < 0.1 }, "\(slopes) \(found)")
    let predictions = try tool.run(["predict", "model.json", "test.csv"])
    #expect(predictions.status == 0 && predictions.output.split(separator: "\n").count == 2001)
  }

  @Test func progressIsOneLineOfATerminal() throws {
    let arguments = ["generate", "linear", "--rows", "20000", "--output", "data.csv"]
    var onTerminal = CommandLineTool(environment: ["TERM": "xterm", "COLUMNS": "60", "NO_COLOR": ""])
    onTerminal.folder = folder.url
    let lines = try onTerminal.runOnTerminal(arguments).output.components(separatedBy: "\r\u{1B}[K")
    #expect(lines.count >= 3 && lines[1].hasSuffix("left") && lines[1].contains("% of 20000 rows"))
    #expect(lines.last?.hasPrefix("data.csv: rows 0 to 19999") == true)
    #expect(try onTerminal.runOnTerminal(arguments + ["--quiet"]).output.isEmpty)
  }

  /// Too large for what the system allows, which is what a full disk looks like.
  @Test(arguments: ["data.csv", "data.npy"])
  func aFullDiskLeavesNothing(name: String) throws {
    _ = try folder.write("old", to: name)
    let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    let outcome = try tool.run(
      "/bin/sh",
      ["-c", "ulimit -f 200; exec '\(program)' generate linear --rows 100000 --output \(name) --truth truth.json"])
    #expect(outcome.status == 73 && outcome.output.isEmpty)
    #expect(outcome.errors == "error: \(name): cannot be written: File too large\n")
    #expect(try names() == [name] && folder.read(name) == "old")
  }

  #if os(Linux)
    @Test func aFullDeviceIsAnError() throws {
      for files in [["--output", "/dev/full", "--truth", "truth.json"], ["--output", "data.csv", "--truth", "/dev/full"]] {
        let outcome = try tool.run(["generate", "linear"] + files)
        #expect(outcome.status == 73 && outcome.errors == "error: /dev/full: cannot be written: No space left on device\n")
        #expect(try names().isEmpty)
      }
    }
  #endif

  @Test func aReaderThatHasSeenEnoughEndsItQuietly() throws {
    let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    let outcome = try tool.run(
      "/bin/bash",
      [
        "-c",
        "'\(program)' generate linear --rows 100000 --output - --truth truth.json | head -n 1; exit ${PIPESTATUS[0]}",
      ])
    #expect(outcome.output == "x1,x2,y\n" && outcome.errors.isEmpty && outcome.status == 128 + SIGPIPE)
    #expect(try names().isEmpty)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalLeavesNothing(signal: Int32) throws {
    _ = try folder.write("old", to: "data.csv")
    let process = Process()
    process.executableURL = CommandLineTool.programFolder.appendingPathComponent("mixtures")
    process.arguments = ["generate", "linear", "--rows", "1000000000", "--output", "data.csv", "--truth", "truth.json"]
    process.currentDirectoryURL = folder.url
    try process.run()
    // Both are under way.
    while try names().count < 3 && process.isRunning { usleep(10_000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    #expect(try names() == ["data.csv"] && folder.read("data.csv") == "old")
  }
}
