import ArgumentParser
import Foundation
import Mixtures

/// `mixtures describe`: what a model file holds.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tell what a fitted model is, its experts with intervals, and how it was fitted.",
    discussion: "Example: mixtures describe model.json")

  @Argument(help: ArgumentHelp("The model, written by fit --output.", valueName: "model.json"), completion: .modelFile)
  var model: String

  @Flag(help: "Print one JSON object instead, as fit --json does.")
  var json = false

  func run() throws {
    let fit = try FittedMixture(contentsOf: URL(fileURLWithPath: model))
    if json { return try Console.print(FitJSON(fit, logLikelihood: nil).text) }
    let report = FitReport(fit)
    let tables = [report.table, try report.intervals(0.95)].map(Console.output.table)
    let parts = [report.model, tables[0], tables[1], try report.gate, report.conclusion].compactMap(\.self)
    try Console.print(parts.joined(separator: "\n\n"))
    try Console.output.print(warnings: fit.warnings)
  }
}
