extension FitReport {
  /// What was fitted to what, in words.
  public var model: String {
    let blocks = fit.mixture.blocks.map { block in
      "\(block.count) \(block.modelName.inWords)\(block.count == 1 ? "" : "s")\(block.isFixed ? " (fixed)" : "")"
    }
    var lines = [
      "\(blocks.joined(separator: " and ")): \(fit.design), \(fit.data.rowCount) rows"
    ]
    if let codes = fit.design.codesInWords { lines.append(codes) }
    for (block, range) in zip(fit.mixture.blocks, fit.mixture.expertRanges) where !block.terms.isEmpty {
      let names = fit.mixture.expertNames[range]
      // Where there are several blocks, it must be told whose terms these are.
      let whose =
        fit.mixture.blocks.count == 1
        ? "experts" : names.count > 1 ? "experts \(names.first!) to \(names.last!)" : "expert \(names.first!)"
      lines.append(Self.settings(of: whose, block.terms.map { ($0.name, $0.value) }))
    }
    let gate = fit.mixture.gate.ofUnknown
    lines.append(Self.settings(of: type(of: gate).partName.inWords, gate.terms.map { ($0.name, $0.value) }))
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// A line that says on which terms something was made.
  package static func settings(of name: String, _ terms: [(name: String, value: String)]) -> String {
    terms.isEmpty ? name : "\(name): " + terms.map { "\($0.name) = \($0.value)" }.joined(separator: "; ")
  }
}
