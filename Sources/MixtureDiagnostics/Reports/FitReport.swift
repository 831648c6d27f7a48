import Foundation
import Mixtures

/// What to tell of a fitted mixture of linear models.
public struct FitReport: Sendable {
  /// One expert in numbers.
  public struct Expert: Sendable, Codable {
    /// The predictive weight π_k.
    public var weight: Double
    /// The sum of the rows' weighted responsibilities.
    public var effectiveRows: Double
    /// The posterior means of the coefficients by name.
    public var coefficients: [String: Double]
    /// Their posterior standard deviations by name.
    public var standardErrors: [String: Double]
    /// The noise variance.
    public var noiseVariance: Double
  }

  /// The experts in order.
  public let experts: [Expert]
  /// The names of the coefficients in order.
  public let coefficientNames: [String]
  let fit: Fit

  /// Reports the linear experts of `fit`, weighed by a Dirichlet gate.
  public init(_ fit: Fit) {
    self.fit = fit
    let linear = fit.mixture.experts(of: LinearExpert.self)
    let features = fit.data.features.map(\.name)
    let names = linear.first?.coefficientNames(features: features) ?? []
    let weights = (fit.mixture.gate as? DirichletGate)?.weights ?? []
    coefficientNames = names
    experts = zip(linear.indices, linear).map { k, expert in
      let coefficients = expert.coefficients
      return Expert(
        weight: weights[k], effectiveRows: fit.effectiveRows[k],
        coefficients: Dictionary(uniqueKeysWithValues: zip(names, coefficients.mean)),
        standardErrors: Dictionary(uniqueKeysWithValues: zip(names, coefficients.standardDeviations)),
        noiseVariance: expert.noiseVariance)
    }
  }

  /// The table of experts: coefficients with their standard errors below.
  public var table: String {
    var table = TextTable(header: ["expert", "weight", "rows"] + coefficientNames + ["noise sd"])
    for (k, expert) in experts.enumerated() {
      let numbers = coefficientNames.map { significant(expert.coefficients[$0]!) }
      table.append(
        [String(k + 1), String(format: "%.4f", expert.weight), String(format: "%.1f", expert.effectiveRows)] + numbers
          + [significant(expert.noiseVariance.squareRoot())])
      let errors = coefficientNames.map { "± " + significant(expert.standardErrors[$0]!) }
      table.append(["", "", ""] + errors + [""])
    }
    return table.lines.joined(separator: "\n")
  }

  /// How the fit stopped, and how many restarts agree with it.
  public var conclusion: String {
    let best = fit.bound.total
    let failed = fit.restarts.count { $0.failure != nil }
    let reason =
      switch fit.stopReason {
      case .converged: "converged: the bound changed by no more than the tolerance"
      case .dropped: "stopped while others were better"
      case .passLimit: "stopped at the limit of passes, not converged"
      }
    let passes = "\(fit.bounds.count) \(fit.bounds.count == 1 ? "pass" : "passes")"
    let complete = fit.restarts.count { $0.stopReason != .dropped }
    let tried = complete < fit.restarts.count ? ", the best of \(fit.restarts.count)" : ""
    let failures = failed > 0 ? "; \(failed) failed" : ""
    return """
      \(reason) (\(passes), \(String(format: "%.3f", fit.seconds)) s for all restarts)
      bound \(String(format: "%.6f", best)) nats, reached by \(fit.reachedBest) of \(complete) \
      start\(complete == 1 ? "" : "s")\(tried)\(failures)
      """
  }

  /// Five digits that count, zeros among them, so that all numbers are equally precise.
  func significant(_ value: Double) -> String {
    let text = String(format: "%#.5g", value)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
