import ArgumentParser
import Foundation
import Mixtures

/// `mixtures describe`: what a model file holds.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Describe a fitted model: its experts with intervals, and how it was fitted.",
    discussion: "Example: mixtures describe model.json")

  @Argument(
    help: ArgumentHelp("The model, written by fit --output; - for standard input.", valueName: "model.json"),
    completion: .modelFile)
  var model: InputFile

  @OptionGroup var tables: TableOptions

  @Flag(
    name: .shortAndLong, help: "Print one JSON object instead, as fit --json does, without the log-likelihood of the data.")
  var json = false

  func run() throws {
    let fit = try FittedMixture(contentsOf: model.url)
    let report = FitReport(fit, format: tables.format)
    if json { return try Console.print(lines: report.json()) }
    let gate = try report.gate.map { [Console.Paragraph.text($0)] } ?? []
    try Console.print(
      [.text(report.model)] + report.tables(intervals: true).map { .table($0) } + gate + [.text(report.conclusion)])
    for warning in fit.warnings { Console.errors.write(warning: warning) }
  }
}
