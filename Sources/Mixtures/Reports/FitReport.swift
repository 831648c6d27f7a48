import Foundation

/// What to tell of a fitted mixture.
public struct FitReport: Sendable {
  /// One expert in numbers.
  public struct Expert: Sendable {
    /// What it is called.
    public var name: String
    /// The predictive weight π_k; where the gate depends on the row, the share of the rows.
    public var weight: Double
    /// The sum of the rows' weighted responsibilities.
    public var effectiveRows: Double
    /// What the expert tells of itself, in the units of the data.
    public var parameters: [ParameterEstimate]
  }

  /// The experts in order.
  public let experts: [Expert]
  let fit: FittedMixture

  /// Reports the experts of `fit`.
  public init(_ fit: FittedMixture) {
    self.fit = fit
    let parameters = fit.mixture.blocks.flatMap { $0.parameters(fit.data) }
    let total = fit.effectiveRows.reduce(0, +)
    let weights =
      switch fit.mixture.forgettingLabels().gate {
      case let gate as DirichletGate: gate.weights
      case let gate as StickBreakingGate: gate.weights
      default: fit.effectiveRows.map { $0 / total }
      }
    experts = fit.mixture.expertNames.enumerated().map { k, name in
      Expert(name: name, weight: weights[k], effectiveRows: fit.effectiveRows[k], parameters: parameters[k])
    }
  }

  /// The names of the experts' parameters, each once.
  public var parameterNames: [String] {
    experts.flatMap { $0.parameters.map(\.name) }.reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// The table of experts: parameters with their standard errors below.
  public var table: String {
    let names = parameterNames
    var table = TextTable(header: ["expert", "weight", "rows"] + names)
    for expert in experts {
      let known = Dictionary(expert.parameters.map { ($0.name, $0) }) { first, _ in first }
      table.append(
        [expert.name, String(format: "%.4f", expert.weight), String(format: "%.1f", expert.effectiveRows)]
          + names.map { known[$0].map { significant($0.value) } ?? "" })
      let errors = names.map { known[$0]?.standardError.map { "± " + significant($0) } ?? "" }
      if errors.contains(where: { !$0.isEmpty }) { table.append(["", "", ""] + errors) }
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
      case .dropped, .agreed: "stopped while others went on"
      case .passLimit: "stopped at the limit of passes, not converged"
      }
    let passes = "\(fit.bounds.count) \(fit.bounds.count == 1 ? "pass" : "passes")"
    let complete = fit.complete.count
    let tried = complete < fit.restarts.count ? ", the best of \(fit.restarts.count)" : ""
    let failures = failed > 0 ? "; \(failed) failed" : ""
    return """
      \(reason) (\(passes), \(String(format: "%.3f", fit.seconds)) s for all restarts)
      bound \(String(format: "%.6f", best)) nats, reached by \(fit.reachedBest) of \(complete) \
      start\(complete == 1 ? "" : "s")\(tried)\(failures)
      """
  }
}
