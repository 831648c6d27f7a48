import Foundation
import Mixtures

/// A fit in the numbers of the table.
struct Summary {
  /// Each expert's coefficients and noise, with standard errors where they have them.
  var parameters: [[ParameterEstimate]]
  /// The length of what is wrong with all coefficients together.
  var error: Double
  /// The mean of that over other draws of the data.
  var meanError = Double.nan
  /// The share of the rows whose cloud has the highest responsibility, and the highest weight before the response is seen.
  var assigned: Double
  var foreseen: Double
  var logLikelihood: Double
  var elbo: Double
  /// The best that a search over starts found.
  var bestELBO = Double.nan
  var iterations: Int

  init(_ fit: FittedMixture, _ table: Table, _ clouds: [Int]) throws {
    func share(_ shares: [[Double]]) -> Double {
      Double(zip(shares, clouds).count { $0[$1] > 0.5 }) / Double(clouds.count)
    }
    parameters = FitReport(fit).experts.map(\.parameters)
    error = TwoClouds.error(fit)
    assigned = share(try fit.responsibilities(table))
    foreseen = share(try fit.weights(table))
    logLikelihood = try fit.mixture.logLikelihood(fit.observations(table))
    elbo = fit.elbo.total
    iterations = fit.starts[0].iterations
  }

  /// The table of numbers in Markdown.
  static func markdown(_ names: [String], _ summaries: [Summary]) -> String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func row(_ name: String, _ format: String, _ value: (Summary) -> Double) -> String {
      row([name, ""] + summaries.map { String(format: format, value($0)) })
    }
    var lines = [row(["", "truth"] + names), "|---|" + String(repeating: "---:|", count: 1 + names.count)]
    for (k, truth) in zip(TwoClouds.coefficients, TwoClouds.noise).map({ $0 + [$1] }).enumerated() {
      for (j, value) in truth.enumerated() {
        let estimates = summaries.map { summary in
          let estimate = summary.parameters[k][j]
          return String(format: "%.3f", estimate.value)
            + (estimate.standardError.map { String(format: " ± %.3f", $0) } ?? "")
        }
        lines.append(
          row(["cloud \(k + 1), \(summaries[0].parameters[k][j].name)", String(format: "%g", value)] + estimates))
      }
    }
    lines += [
      row("error of the coefficients", "%.3f") { $0.error },
      row("the same, mean of 20 other draws of the data", "%.3f") { $0.meanError },
      row("rows given to their cloud, %", "%.1f") { 100 * $0.assigned },
      row("the same before the response is seen, %", "%.1f") { 100 * $0.foreseen },
      row("log-likelihood", "%.2f") { $0.logLikelihood },
      row("ELBO", "%.2f") { $0.elbo },
      row("the best ELBO of a search over starts", "%.2f") { $0.bestELBO },
      row("iterations", "%.0f") { Double($0.iterations) },
    ]
    return lines.joined(separator: "\n")
  }
}
