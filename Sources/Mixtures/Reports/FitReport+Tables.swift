import GSL

extension FitReport {
  /// The tables of the experts, within the width of the format.
  ///
  /// Where there is room for a column for each parameter there is one table, with standard errors below the estimates and a line that says
  /// what ± means. Else there are two:
  /// the experts with their weights, and a line for each parameter with its estimate, standard error and interval.
  ///
  /// - Parameter intervals: whether that second table is told in any case, unless all parameters are point estimates.
  public func tables(intervals: Bool = false) -> [String] {
    let (wide, parameters) = (wideTable, parameterTable)
    func text(_ table: TextTable) -> String { table.lines(width: format.width).joined(separator: "\n") }
    if let width = format.width, wide.width > width { return [text(expertTable), text(parameters)] }
    guard hasErrors else { return [text(wide)] }
    let explained = text(wide) + "\n± \(meaningOfErrors)"
    return intervals ? [explained, text(parameters)] : [explained]
  }

  /// What ± stands for.
  private var meaningOfErrors: String {
    switch fit.errors?.method {
    case nil, .meanField: "standard deviation of each factor of the posterior by itself"
    case .corrected: "standard error"
    case .robust: "robust standard error"
    }
  }

  /// Whether there is a parameter that has a standard error.
  private var hasErrors: Bool { experts.contains { $0.parameters.contains { $0.standardError != nil } } }

  private static let expertColumns = ["expert", "weight", "rows"]

  private func cells(of expert: Expert) -> [String] {
    [expert.name, format.decimal(expert.weight), format.rows(expert.effectiveRows)]
  }

  private var expertTable: TextTable {
    var table = TextTable(header: Self.expertColumns)
    for expert in experts { table.append(cells(of: expert)) }
    return table
  }

  /// A line for each expert and a column for each parameter, standard errors below.
  private var wideTable: TextTable {
    var table = TextTable(header: Self.expertColumns + parameterNames)
    for (k, expert) in experts.enumerated() {
      let parameters = parameters(ofExpert: k)
      table.append(cells(of: expert) + parameters.map { $0.map { format.significant($0.value) } ?? "" })
      let errors = parameters.map { $0?.standardError.map { "± " + format.significant($0) } ?? "" }
      if errors.contains(where: { !$0.isEmpty }) { table.append(["", "", ""] + errors) }
    }
    return table
  }

  /// A line for each parameter: its estimate and, unless all are point estimates, standard errors and the bounds of central intervals.
  private var parameterTable: TextTable {
    let ends = ["std. error", "lower 2.5 %", "upper 97.5 %"]
    var table = TextTable(header: ["expert", "parameter", "estimate"] + (hasErrors ? ends : []), nameCount: 2)
    for expert in experts {
      for parameter in expert.parameters {
        let cells = parameter.standardError.map { [format.significant($0)] + bounds(of: parameter) } ?? ends.map { _ in "" }
        table.append([expert.name, parameter.name, format.significant(parameter.value)] + (hasErrors ? cells : []))
      }
    }
    return table
  }

  /// The bounds of the central interval of 95 %; blank where a part tells of a distribution that there is not.
  private func bounds(of parameter: ParameterEstimate) -> [String] {
    guard let interval = try? parameter.interval() else { return ["", ""] }
    return [interval.lower, interval.upper].map(format.significant)
  }
}
