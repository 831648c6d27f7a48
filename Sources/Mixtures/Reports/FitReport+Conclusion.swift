import Foundation

extension FitReport {
  /// How the fit stopped, what ELBO it reached, and how many starts agree with it.
  public var conclusion: String {
    let reason =
      switch fit.stopReason {
      case .converged: "converged: the ELBO changed by no more than the tolerance"
      case .dropped: "not converged: other starts were ahead of this one when it was stopped, but did not end better"
      case .agreed: "stopped early: another start had come to the same solution, and went on for both"
      case .iterationLimit: "stopped at the limit of iterations, not converged"
      }
    let iterations = "\(fit.elboTrace.count) \(fit.elboTrace.count == 1 ? "iteration" : "iterations")"
    let lines = [
      "\(reason) (\(iterations), \(String(format: "%.3f", fit.seconds)) s for all starts)",
      "ELBO \(six(fit.elbo.total)) nats", starts, criteria,
    ]
    return lines.compactMap(\.self).joined(separator: "\n")
  }

  /// How many starts ended where the best one did.
  private var starts: String {
    let (begun, complete) = (fit.starts.count, fit.complete.count)
    guard begun > 1 else { return "one start, so it is not known whether others end in a better solution" }
    let followed =
      complete == begun
      ? "\(begun) starts (different initial values)"
      : "\(complete) starts that came to an end (of \(begun), with different initial values)"
    let failed = fit.starts.count { $0.failure != nil }
    return "\(fit.reachedBest) of \(followed) ended in this \(fit.reachedBest > 1 ? "same " : "")best solution"
      + (failed > 0 ? "; \(failed) failed" : "")
  }

  /// The criteria of a fit by maximum likelihood.
  private var criteria: String? {
    guard let count = fit.parameterCount, let aic = fit.aic, let bic = fit.bic else { return nil }
    return "\(count) parameters, AIC \(six(aic)), BIC \(six(bic))"
  }
}

/// With six decimals.
private func six(_ value: Double) -> String { String(format: "%.6f", value) }
