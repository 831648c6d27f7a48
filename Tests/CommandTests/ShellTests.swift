import CommandSupport
import Foundation
import Testing

/// The command among others in a shell: on a terminal, in a pipe, and completed by the tabulator key.
@Suite struct ShellTests {
  private static let fit = ["fit", CommandLineTool.toneData, "--target", "tuned", "--restarts", "1"]
  private static let terminal = ["TERM": "xterm", "COLUMNS": "60", "NO_COLOR": ""]
  /// What clears a line, and what begins colours and other styles.
  private static let (clear, style) = ("\r\u{1B}[K", "\u{1B}[1")

  private func runOnTerminal(_ arguments: [String], _ changes: [String: String] = [:]) throws -> CommandLineTool.Outcome {
    try CommandLineTool(environment: Self.terminal.merging(changes) { $1 }).runOnTerminal(arguments)
  }

  @Test func progressIsOneLineOfATerminal() throws {
    let outcome = try runOnTerminal(Self.fit)
    #expect(outcome.status == 0)
    let lines = outcome.output.components(separatedBy: Self.clear)
    #expect(lines.count >= 3 && lines[0].isEmpty)
    for line in lines.dropFirst().dropLast() {
      #expect(line.contains(/^\d+ of 5 starts, best ELBO -?\d+\.\d+/) && line.count < 60, "\(line)")
    }
    // The last one is cleared before the table comes.
    #expect(lines.last?.hasPrefix("/") == true && lines.last?.contains("noise sd") == true)
  }

  @Test func progressBesidesJSONAndNeverWhereItIsUnwanted() throws {
    #expect(try runOnTerminal(Self.fit + ["--json"]).output.contains(Self.clear))
    #expect(try !runOnTerminal(Self.fit + ["--quiet"]).output.contains(Self.clear))
    #expect(try !runOnTerminal(Self.fit, ["TERM": "dumb"]).output.contains("\u{1B}"))
    let pipe = try CommandLineTool(environment: Self.terminal).run(Self.fit)
    #expect(pipe.status == 0 && pipe.errors.isEmpty && !pipe.output.contains("\u{1B}"))
  }

  @Test func colourIsForTerminals() throws {
    let missing = ["fit", "no.csv", "--target", "y"]
    let plain = "error: no.csv: cannot be read: No such file or directory"
    let coloured = try runOnTerminal(missing)
    #expect(coloured.status == 65)
    #expect(coloured.output.hasPrefix("\u{1B}[1;31merror:\u{1B}[0m no.csv: cannot be read"))
    for changes in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      #expect(try runOnTerminal(missing, changes).output == plain + "\r\n")
    }
    #expect(try CommandLineTool(environment: Self.terminal).run(missing).errors == plain + "\n")

    let table = try runOnTerminal(Self.fit + ["--quiet", "--init", "random", "--restarts", "2", "--iterations", "2"])
    #expect(
      table.output.contains("\u{1B}[1mexpert  weight") && table.output.contains("\u{1B}[1;33mwarning:\u{1B}[0m the best"))
    #expect(try !runOnTerminal(Self.fit + ["--quiet"], ["NO_COLOR": "1"]).output.contains(Self.style))
  }

  /// What a command is asked for is not lost in silence.
  @Test(arguments: [
    ["fit", "tonedata.csv", "--target", "tuned"], ["fit", "tonedata.csv", "--target", "tuned", "--json", "--quiet"],
    ["describe", "model.json"], ["predict", "model.json", "tonedata.csv", "--json"],
  ])
  func aFullDiskIsAnError(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: CommandLineTool.toneData, toPath: folder.path("tonedata.csv"))
    let tool = CommandLineTool(in: folder.url)
    let fitted = try tool.run(["fit", "tonedata.csv", "--target", "tuned", "--output", "model.json"])
    #expect(fitted.status == 0)
    let mixtures = CommandLineTool.programFolder.appendingPathComponent("mixtures").path
    let full = try tool.run("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/full", mixtures] + arguments)
    #expect(full.status == 73 && full.errors.contains("standard output: cannot be written"))
  }

  @Test func dashIsStandardInput() throws {
    let folder = try TemporaryFolder()
    let data = try String(contentsOfFile: CommandLineTool.toneData, encoding: .utf8)
    func run(_ arguments: [String]) throws -> CommandLineTool.Outcome {
      let outcome = try CommandLineTool(in: folder.url, input: data).run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }
    let piped = try run(["fit", "-", "--target", "tuned", "--json", "--output", "model.json"])
    let named = try run(["fit", CommandLineTool.toneData, "--target", "tuned", "--json"])
    #expect(try piped.json["elboTrace"] as? [Double] == named.json["elboTrace"] as? [Double])
    let predictions = try run(["predict", "model.json", "-"]).output
    #expect(try predictions == run(["predict", "model.json", CommandLineTool.toneData]).output)
    #expect(predictions.split(separator: "\n").count == 151)
    let plot = try run(["plot", "fit", "model.json", "--data", "-", "--output", "fit.svg"])
    #expect(plot.output.isEmpty && FileManager.default.fileExists(atPath: folder.path("fit.svg")))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func shellsCompleteWords(shell: String) throws {
    let script = try CommandLineTool.run("--generate-completion-script", shell)
    #expect(script.status == 0 && script.errors.isEmpty)
    for word in [
      "fit", "predict", "describe", "plot", "generate", "formula", "kmeans", "per-expert-gamma", "variational", "json",
      "csv",
    ] {
      #expect(script.output.contains(word), "\(word)")
    }
  }

  /// What bash offers, which is on every machine that this runs on.
  @Test(arguments: [
    (["f"], ["fit"]), (["fit", "--form"], ["--formula"]), (["fit", "--estimate", ""], ["variational", "ml", "map"]),
    (["fit", "--init", "k"], ["kmeans"]), (["fit", "--prior", "i"], ["isotropic"]), (["plot", "b"], ["bound"]),
    (["fit", "d"], ["data.csv"]), (["generate", "linear+so"], ["linear+softmax"]), (["describe", ""], ["model.json"]),
    (["predict", "model.json", "d"], ["data.csv"]),
  ])
  func bashCompletes(words: [String], offers: [String]) throws {
    let folder = try TemporaryFolder()
    for name in ["data.csv", "model.json", "draft.doc"] { _ = try folder.write("", to: name) }
    let script = try CommandLineTool.run("--generate-completion-script", "bash").output
    let lines = words.map { "'\($0)'" }.joined(separator: " ")
    let test = """
      shopt -s extglob
      PATH='\(CommandLineTool.programFolder.path)':$PATH
      \(script)
      COMP_WORDS=(mixtures \(lines)); COMP_CWORD=\(words.count); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      _mixtures mixtures "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [try folder.write(test, to: ".test")]
    process.currentDirectoryURL = folder.url
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text.split(whereSeparator: \.isWhitespace).map(String.init).sorted() == offers.sorted())
  }
}
