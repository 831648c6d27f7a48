import ArgumentParser
import Foundation
import Mixtures

/// `mixtures describe`: what a model file holds.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tell what a fitted model is, its experts with intervals, and how it was fitted.",
    discussion: "Example: mixtures describe model.json")

  @Argument(
    help: ArgumentHelp("The model, written by fit --output; - for standard input.", valueName: "model.json"),
    completion: .modelFile)
  var model: InputFile

  @Flag(help: "Print one JSON object instead, as fit --json does, without the log-likelihood of the data.")
  var json = false

  func run() throws {
    let fit = try FittedMixture(contentsOf: model.url)
    let report = FitReport(fit)
    if json { return try Console.print(report.json()) }
    let gate = try report.gate.map { [Console.Paragraph.text($0)] } ?? []
    try Console.print(
      [.text(report.model), .table(report.table), .table(report.intervals(0.95))] + gate + [.text(report.conclusion)])
    try Console.print(warnings: fit.warnings)
  }
}
