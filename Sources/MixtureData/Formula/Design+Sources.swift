import MixtureCore

/// Which columns of tables a design reads, and as what.
extension Design {
  /// The columns from which the experts' features are made, each once, in the order of the formula.
  package var expertColumns: [String] { sources(of: formula.experts, in: experts) }

  /// The columns from which the gate's features are made, each once, in the order of the formula, or if the formula has no gate those of the
  /// experts.
  public var gateColumns: [String] {
    guard let terms = formula.gate, let gate else { return expertColumns }
    return sources(of: terms, in: gate)
  }

  private func sources(of side: Formula.Terms, in columns: DesignColumns) -> [String] {
    let named = side.terms.flatMap(\.variables).flatMap { $0 == .others ? others : $0.columns }
    return named.filter(columns.sources.contains).distinct
  }

  /// The columns that it reads of a table, each once: those of the terms and offsets, those of trials that the table has, and with the response
  /// also its own.
  package func columns(of table: Table, withResponse: Bool) -> [String] {
    let ofResponse = (withResponse ? formula.responseColumns : []) + trialColumns.filter(table.columnNames.contains)
    return (ofResponse + formula.offsets.flatMap(\.columns) + expertColumns + gateColumns).distinct
  }

  /// The levels that a column had in the fit, if the formula takes it for a category somewhere; nil for numbers.
  package func levels(of column: String) -> [String]? {
    [Formula.Term.column(column), .factor(column)].lazy.compactMap { self.variables[$0.description]?.levels }.first
  }

  /// Rows of the levels of a category by their numbers, as the formula reads the column: `x + factor(x)` needs numbers of it, too.
  package func column(_ name: String, atLevels codes: [Int]) -> Table.Column {
    let variables = (formula.experts.terms + (formula.gate?.terms ?? [])).flatMap(\.variables) + [.column(name)]
    let isNumber =
      formula.offsets.contains { $0.columns.contains(name) }
      || variables.contains { $0.columns.contains(name) && self.variables[$0.description]?.isCategorical == false }
    let levels = levels(of: name) ?? []
    return isNumber ? .numbers(codes.map { Double(levels[$0]) ?? .nan }) : .categories(levels: levels, codes: codes)
  }
}
