import ArgumentParser
import Foundation
import Mixtures

/// `mixtures describe`: what a model file holds.
struct DescribeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tell what a fitted model is, its experts with intervals, and how it was fitted.",
    discussion: "Example: mixtures describe model.json")

  @Argument(help: ArgumentHelp("The model, written by fit --output.", valueName: "model.json"))
  var model: String

  @Flag(help: "Print one JSON object instead, as fit --json does.")
  var json = false

  func run() async throws {
    try await reportingFailures {
      let fit = try FittedMixture(contentsOf: URL(fileURLWithPath: model))
      if json { return try print(FitJSON(fit, logLikelihood: nil).text) }
      let report = FitReport(fit)
      try print(report.model, report.table, report.intervals(0.95), report.conclusion, separator: "\n\n")
      for warning in fit.warnings { print("warning: \(warning)") }
    }
  }
}
