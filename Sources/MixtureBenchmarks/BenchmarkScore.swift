import Foundation

/// A number that tells how good a fit is, as benchmarks record it.
public enum BenchmarkScore: String, Sendable, CaseIterable {
  /// The mean log density of an unseen row under the truth, less that under the fit, in nats; zero is perfect.
  case excessLogLoss = "regret"
  /// The root mean square of coefficient less true coefficient, experts being matched.
  case coefficientError
  /// The adjusted Rand index of unseen rows given to experts by their responsibilities.
  case adjustedRandIndex
  /// The same for somebody who knows the truth.
  case bayesAdjustedRandIndex
  /// The share of true coefficients within the central 95 % of their posterior distributions.
  case coefficientCoverage = "parameterCoverage95"
  /// The share of unseen responses within their central 95 % predictive intervals.
  case responseCoverage = "responseCoverage95"
  /// The number of iterations of the best start.
  case iterations = "passes"

  /// The head of the column.
  var title: String {
    switch self {
    case .excessLogLoss: "excess log loss"
    case .coefficientError: "error"
    case .adjustedRandIndex: "ARI"
    case .bayesAdjustedRandIndex: "best ARI"
    case .coefficientCoverage: "coef. in 95 %"
    case .responseCoverage: "y in 95 %"
    case .iterations: "iterations"
    }
  }

  /// The number as tables show it.
  func text(_ value: Double) -> String {
    switch self {
    case .excessLogLoss: String(format: "%.4f", value)
    case .coefficientError: String(format: "%.4g", value)
    case .adjustedRandIndex, .bayesAdjustedRandIndex: String(format: "%.3f", value)
    case .coefficientCoverage, .responseCoverage: String(format: "%.1f", 100 * value)
    case .iterations: String(format: "%.0f", value)
    }
  }
}
