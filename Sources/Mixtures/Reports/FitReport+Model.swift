import GSL

extension FitReport {
  /// What was fitted to what, in words.
  public var model: String {
    let blocks = fit.mixture.blocks.map { block in
      "\(block.count) \(block.modelName.inWords)\(block.count == 1 ? "" : "s")\(block.isFixed ? " (fixed)" : "")"
    }
    var lines = [
      "\(blocks.joined(separator: " and ")): \(fit.design), \(fit.data.rowCount) rows"
    ]
    // Where there are several blocks, it must be told whose terms these are.
    for (block, range) in zip(fit.mixture.blocks, fit.mixture.expertRanges) where !block.terms.isEmpty {
      let names = fit.mixture.expertNames[range]
      let whose = names.count > 1 ? "experts \(names.first!) to \(names.last!): " : "expert \(names.first!): "
      lines.append(
        (fit.mixture.blocks.count > 1 ? whose : "") + block.terms.map(\.description).joined(separator: ", "))
    }
    let gate = fit.mixture.gate.ofUnknown
    lines.append(([type(of: gate).partName.inWords] + gate.terms.map(\.description)).joined(separator: ", "))
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// The central intervals of the parameters: of Student's distribution where the size of the noise is uncertain, else of the normal one. A
  /// point estimate has none.
  ///
  /// - Throws: `GSLError` unless 0 < probability < 1.
  public func intervals(_ probability: Double) throws -> String {
    func reach(_ parameter: ParameterEstimate) throws -> Double {
      let tail = (1 - probability) / 2
      return try parameter.degreesOfFreedom.map { try -studentQuantile(tail, degreesOfFreedom: $0) }
        ?? -standardNormalQuantile(tail)
    }
    var table = TextTable(header: ["expert", "parameter", "mean", "lower", "upper"], nameCount: 2)
    for expert in experts {
      for parameter in expert.parameters {
        let bounds = try parameter.standardError.map { error in
          let reach = try reach(parameter)
          return [-reach, reach].map { significant(parameter.value + $0 * error) }
        }
        table.append([expert.name, parameter.name, significant(parameter.value)] + (bounds ?? ["", ""]))
      }
    }
    return table.lines.joined(separator: "\n")
  }
}
