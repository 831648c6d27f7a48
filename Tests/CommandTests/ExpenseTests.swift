import CommandSupport
import Foundation
import Testing

/// What must take long says so before it is begun.
@Suite struct ExpenseTests {
  /// Rows of numbers, in the columns x1, x2, … and y.
  private func table(rows: Int, features: Int, in folder: TemporaryFolder) throws -> String {
    let header = (1...features).map { "x\($0)" } + ["y"]
    let lines = (0..<rows).map { i in
      (0...features).map { j in String((i * 7919 + j * 104_729 + i * j) % 10_007) }.joined(separator: ",")
    }
    return try folder.write(([header.joined(separator: ",")] + lines).joined(separator: "\n"), to: "data.csv")
  }

  /// What a command says on standard error before it is stopped, or ends.
  private func firstWords(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let program = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    let quoted = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    // As long as it takes: the command says something, or it ends.
    let script = """
      \(quoted) >/dev/null 2>errors.txt &
      while kill -0 $! 2>/dev/null && ! grep -q . errors.txt; do sleep 0.05; done
      kill -9 $! 2>/dev/null
      cat errors.txt
      """
    return try CommandLineTool(in: folder.url).run("/bin/sh", ["-c", script]).output
  }

  @Test func aWideTable() throws {
    let folder = try TemporaryFolder()
    let data = try table(rows: 30, features: 2000, in: folder)
    let words = try firstWords(["fit", data, "--target", "y", "--threads", "2"], in: folder)
    #expect(
      words.contains("warning: 2001 coefficients for each of 2 experts, in 30 rows: this may take about "), "\(words)")
    #expect(words.contains(" minutes and ") && words.contains(" GB of memory; take fewer features"), "\(words)")
  }

  @Test func splinesOfAThousandPieces() throws {
    let folder = try TemporaryFolder()
    let data = try table(rows: 3000, features: 1, in: folder)
    let words = try firstWords(["fit", data, "--formula", "y ~ bs(x1, df = 1000)"], in: folder)
    #expect(words.contains("warning: 1001 coefficients for each of 2 experts, in 3000 rows: this may take"), "\(words)")
  }

  /// Each level is a column, of the experts or of the gate.
  @Test(arguments: [
    ("y ~ x1 + factor(g)", "dirichlet"), ("y ~ x1 | factor(g)", "softmax"), ("y ~ x1 | factor(g)", "gaussian"),
  ])
  func aCategoryOfThousandsOfLevels(formula: String, gate: String) throws {
    let folder = try TemporaryFolder()
    let lines = (0..<6000).map { "\($0 % 17),g\($0 % 3000),\($0 % 19)" }
    let data = try folder.write((["x1,g,y"] + lines).joined(separator: "\n"), to: "data.csv")
    let words = try firstWords(["fit", data, "--formula", formula, "--gate", gate], in: folder)
    #expect(words.contains("300") && words.contains("this may take about "), "\(words)")
    #expect(words.contains("categories of fewer levels"), "\(words)")
  }

  @Test(arguments: [
    ["--gate", "perceptron:100000", "--restarts", "1"], ["--gate", "softmax-bayes", "--restarts", "20000"],
  ])
  func aLargeNetworkAndManyStarts(options: [String]) throws {
    let folder = try TemporaryFolder()
    let data = try table(rows: 60, features: 2, in: folder)
    let words = try firstWords(["fit", data, "--target", "y"] + options, in: folder)
    #expect(words.contains("in 60 rows: this may take about "), "\(words)")
    #expect(words.contains("take fewer --restarts") == (options[3] != "1"), "\(words)")
  }

  /// No memory is asked for as many starts as there cannot be.
  @Test(arguments: ["0", "1000001", "1000000000000", "9223372036854775807"])
  func restartsBeyondTheRange(count: String) throws {
    let outcome = try CommandLineTool.runAll(["fit", CommandLineTool.toneData, "--target", "tuned", "--restarts", count])
    #expect(outcome.status == 64 && outcome.errors.contains("--restarts must be from 1 to 1000000, not \(count)"))
  }

  @Test func aMillionLevels() throws {
    let folder = try TemporaryFolder()
    let words = try firstWords(["generate", "multinomial:1000000", "--threads", "2", "--output", "data.csv"], in: folder)
    #expect(words.contains("warning: 1000 rows of 1000000 levels: this may take about "), "\(words)")
    #expect(words.contains(" years and ") && words.contains("take fewer levels or rows"), "\(words)")
  }

  /// Whoever wants quiet has it; and what is soon done needs no word.
  @Test func ordinaryWorkIsDoneWithoutAWord() throws {
    let folder = try TemporaryFolder()
    let data = try table(rows: 200, features: 12, in: folder)
    for arguments in [
      ["fit", data, "--target", "y", "--restarts", "1", "--iterations", "3"],
      ["fit", CommandLineTool.toneData, "--formula", "tuned ~ bs(stretchratio, df = 5)"],
      ["generate", "linear+softmax", "--rows", "20000", "--output", folder.path("linear.csv")],
      ["generate", "multinomial", "--rows", "5000", "--output", folder.path("levels.csv")],
    ] {
      let outcome = try CommandLineTool.runAll(arguments)
      #expect(outcome.status == 0 && !outcome.errors.contains("this may take"), "\(arguments): \(outcome.errors)")
    }
  }
}
