import ArgumentParser
import Foundation
import MixtureBenchmarks
import Mixtures

/// `mixtures benchmark`: which model does how well on which simulated data.
struct BenchmarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Fit models to data of known truth, over many seeds, and score them.",
    usage: "mixtures benchmark <SUITE.json|default> [<options>]",
    discussion: """
      Example: mixtures benchmark default --output results

      A suite is a JSON file with grids: {"grids": [{"name": "tails", "generators": [{"recipe": "linear+heavy-tails:3", "rows": \
      500, "experts": 2}], "models": [{"name": "shared"}, {"name": "own", "options": "--noise per-expert"}], "seeds": 20}]}. \
      Generators are those of mixtures generate, with their parameters. A model's options are what one would write after mixtures fit \
      DATA.csv; unless they say otherwise, its target is the response, its features are the generator's, and it has the true \
      number of experts.

      The folder gets suite.json, runs.jsonl, results.json, table.txt and, with gnuplot, a figure of each grid. Each run is saved when \
      it ends, so that the same command goes on where it was stopped.
      """)

  @Argument(
    help: ArgumentHelp(
      "The file of a suite, or default for the one that comes with the program.", valueName: "SUITE.json|default"),
    completion: .modelFile)
  var suite: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the results; it is made if need be.", valueName: "FOLDER"))
  var output = "benchmark"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seeds 1 to N for every grid, instead of those of the suite.", valueName: "N"))
  var seeds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of runs at a time; it does not change the scores (default: one for each processor).", valueName: "T"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Print no progress.")
  var quiet = false

  func validate() throws {
    guard seeds ?? 1 >= 1 else { throw ValidationError("--seeds must be at least 1, not \(seeds!)") }
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1, not \(threads!)") }
  }

  func run() async throws {
    let definition = try BenchmarkDefinition(suite)
    let suite = try definition.suite(seeds: seeds)
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    let progress = !quiet && Console.errors.isTerminal ? ProgressLine(on: .errors, BenchmarkLine()) : nil
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let results = try await suite.run(in: folder, threads: threads) { state in
      if state.resumed > 0 && state.done == state.resumed && !quiet {
        Console.errors.write(line: "\(state.resumed) of \(state.total) runs were already there")
      }
      progress?.note { line, _ in line.state = state }
    }
    progress?.end()
    for (name, text) in try [
      ("suite.json", definition.text), ("results.json", results.json), ("table.txt", Data((results.table + "\n").utf8)),
    ] {
      try OutputFile(argument: "\(output)/\(name)").write(text)
    }
    let failed = results.runs.filter { $0.failure != nil }
    if let first = failed.first, let reason = first.failure {
      let cell = first.cell
      let words =
        "\(failed.count) of \(results.runs.count) runs failed; the first, \(cell.model) on \(cell.generator), seed \(cell.seed): \(reason)"
      guard failed.count < results.runs.count else { throw DataError(words) }
      Console.errors.write(warning: words)
    }
    try Console.print(lines: results.table(width: Console.output.width))
    draw(results, in: folder)
  }

  /// Figures are worth having, but not worth failing after hours of runs.
  private func draw(_ results: BenchmarkResults, in folder: URL) {
    let figures = results.figures
    for (name, figure) in zip(Self.fileNames(for: figures.map(\.grid)), figures.map(\.figure)) {
      do { try figure.write(named: name, into: folder) } catch {
        // An older figure would be one of other runs.
        for format in ["svg", "png"] {
          try? FileManager.default.removeItem(at: folder.appendingPathComponent("\(name).\(format)"))
        }
        Console.errors.write(line: "no figure \(name): \(error)")
      }
    }
  }

  /// A name for the figure of each grid, of letters and digits, and none twice.
  static func fileNames(for grids: [String]) -> [String] {
    grids.reduce(into: []) { names, grid in
      let words = grid.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-").prefix(80)
      let name = words.isEmpty ? "grid" : String(words)
      let numbered = sequence(first: 2) { $0 + 1 }.lazy.map { "\(name)-\($0)" }
      names.append(names.contains(name) ? numbered.first { !names.contains($0) } ?? name : name)
    }
  }
}

/// How far a benchmark is, in one line of text.
struct BenchmarkLine: Progress {
  var state: BenchmarkProgress?

  func line(width: Int) -> String {
    guard let state else { return "" }
    let left = state.secondsLeft.map { ", about \(Self.words($0)) left" } ?? ""
    let bar = String(repeating: "#", count: 20 * state.done / max(1, state.total))
    let text = "[\(bar.padding(toLength: 20, withPad: ".", startingAt: 0))] \(state.done) of \(state.total) runs\(left)"
    return String(text.prefix(max(0, width - 1)))
  }
}
