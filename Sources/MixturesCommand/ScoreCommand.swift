import ArgumentParser
import Foundation
import MixtureDiagnostics
import Mixtures
import SyntheticData

/// `mixtures score`: how good a fit to simulated data is.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compare a model with the truth that its data were drawn from.",
    usage: "mixtures score <model.json> --truth <truth.json> [<options>]",
    discussion: """
      Example: mixtures score model.json --truth truth.json

      Matches the experts with the true ones, and prints the errors of weights and parameters, the log density per row beside \
      that of the truth, the adjusted Rand index of the assignments, and how often intervals hold what they promise. The rows are \
      new ones from the same distribution, or those of --data.
      """)

  @Argument(
    help: ArgumentHelp("The model, written by fit --output; - for standard input.", valueName: "model.json"),
    completion: .modelFile)
  var model: InputFile

  @Option(
    help: ArgumentHelp("The truth of the data that the model was fitted to.", valueName: "truth.json"),
    completion: .modelFile)
  var truth: InputFile

  @Option(
    help: ArgumentHelp(
      """
      Rows to score the model on, instead of new ones: CSV, or - for standard input. Their assignments are known if they \
      are the rows of the truth.
      """, valueName: "DATA.csv"), completion: .dataFile)
  var data: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many new rows are drawn (default: \(ScoreCommand.usualRows)).", valueName: "N"))
  var rows: Int?

  @OptionGroup var tables: TableOptions

  @Flag(name: .shortAndLong, help: "Print one JSON object instead of the tables.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of threads; it does not change the result (default: one for each processor).", valueName: "T"))
  var threads: Int?

  @OptionGroup(title: "How the data are written") var reading: ReadingOptions

  private static let usualRows = 10_000
  /// New rows are held in memory.
  static let mostRows = 100_000_000

  func validate() throws {
    try InputFile.check([model, truth], data: data)
    guard data == nil || rows == nil else {
      throw ValidationError("--rows says how many new rows to draw, but --data has the rows: leave out one of them")
    }
    guard (1...Self.mostRows).contains(rows ?? 1) else {
      throw ValidationError("--rows must be from 1 to \(Self.mostRows), not \(rows!)")
    }
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1, not \(threads!)") }
  }

  func run() throws {
    let fit = try FittedMixture(contentsOf: model.url)
    let truth = try Truth(contentsOf: truth.url)
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let score =
      try data.map {
        let table = try reading.prepared(reading.read($0, missingInFit: fit.design.missingWords)) {
          fit.design.columns(of: $0, withResponse: true)
        }
        return try TruthScore(fit, truth: truth, table: table, threads: threads)
      }
      ?? TruthScore(fit, truth: truth, rows: rows ?? Self.usualRows, threads: threads)
    guard json else {
      let leftOut = score.leftOut.map { [Console.Paragraph.text($0)] } ?? []
      return try Console.print([.text(score.title)] + score.tables(in: tables.format).map { .table($0) } + leftOut)
    }
    try Console.print(lines: text(of: score))
  }

  private func text(of score: TruthScore) throws -> String {
    // A model may give a row no density at all.
    let encoder = JSONEncoder.ofAllNumbers()
    return String(decoding: try encoder.encode(score), as: UTF8.self)
  }
}
