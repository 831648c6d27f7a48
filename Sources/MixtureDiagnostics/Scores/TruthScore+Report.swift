import Foundation
import Mixtures
import SyntheticData

extension TruthScore: CustomStringConvertible {
  /// What was scored, ``tables(in:)``, and what was left out.
  public var description: String { ([title] + tables() + [leftOut].compactMap(\.self)).joined(separator: "\n\n") }

  /// Which rows were scored.
  public var title: String { "scored on \(rows.printable)" }

  /// The experts with their weights, the parameters, the figures and the coverage of intervals; none that would be empty.
  public func tables(in format: TableStyle = TableStyle()) -> [String] {
    func text(_ table: TextTable) -> String { table.lines(width: format.width).joined(separator: "\n") }
    let figures = text(figureTable(format)) + (logDensity == nil ? "" : "\n± standard error of the mean over rows")
    return [text(expertTable(format)), parameterTable(format).map(text), figures, coverageTable.map(text)].compactMap(
      \.self)
  }

  /// A line for each part that was left out, with the reason; nil if there is none.
  public var leftOut: String? {
    omissions.isEmpty ? nil : omissions.map { "left out: \($0.part.words): \($0.reason.printable)" }.joined(separator: "\n")
  }

  private func expertTable(_ format: TableStyle) -> TextTable {
    var table = TextTable(header: ["expert", "true expert", "weight", "true weight", "error"])
    for expert in experts {
      table.append(
        [expert.name ?? "none", expert.trueExpert.map(String.init) ?? "none"]
          + [expert.weight, expert.trueWeight, expert.weightError].map(format.decimal))
    }
    return table
  }

  private func parameterTable(_ format: TableStyle) -> TextTable? {
    guard !parameters.isEmpty else { return nil }
    var table = TextTable(
      header: ["expert", "parameter", "estimate", "s.e.", "truth", "error", "error / s.e."], nameCount: 2)
    for one in parameters {
      table.append([
        one.expert, one.name, format.significant(one.estimate), one.standardError.map(format.significant) ?? "",
        format.significant(one.truth), format.significant(one.error),
        one.errorInStandardErrors.map { String(format: "%.2f", $0) } ?? "",
      ])
    }
    return table
  }

  private func figureTable(_ format: TableStyle) -> TextTable {
    var table = TextTable(header: ["", "fit", "truth"], cutsNames: false)
    if let logDensity {
      table.append(["log density, nats/row", format.decimal(logDensity.model), format.decimal(logDensity.truth)])
      table.append(["excess log loss", format.decimal(logDensity.excessLogLoss), ""])
    }
    if let adjustedRandIndex, let bayesAdjustedRandIndex {
      table.append(["adjusted Rand index", format.decimal(adjustedRandIndex), format.decimal(bayesAdjustedRandIndex)])
    }
    if let coefficientError {
      table.append(["coefficients, RMSE", format.significant(coefficientError), ""])
    }
    table.append(["weights, RMSE", format.decimal(weightError), ""])
    return table
  }

  private var coverageTable: TextTable? {
    let parts = [("parameters", parameterCoverage), ("responses", responseCoverage)].filter { !$0.1.isEmpty }
    guard let columns = parts.first?.1 else { return nil }
    var table = TextTable(header: ["within intervals of"] + columns.map { "\($0.percent) %" }, cutsNames: false)
    for (words, coverage) in parts {
      table.append(["\(coverage[0].count) \(words)"] + coverage.map { String(format: "%.1f %%", 100 * $0.share) })
      table.append(["  by chance"] + coverage.map { String(format: "± %.1f %%", 100 * $0.standardError) })
    }
    return table
  }
}

extension TruthScore.Omission.Part {
  fileprivate var words: String {
    switch self {
    case .parameters: "parameters"
    case .parameterCoverage: "intervals of parameters"
    case .logDensity: "log density"
    case .responseCoverage: "intervals of responses"
    case .assignments: "adjusted Rand index"
    }
  }
}

extension TableStyle {
  fileprivate func decimal(_ mean: MeanWithError) -> String { "\(decimal(mean.mean)) ± \(decimal(mean.standardError))" }
}
