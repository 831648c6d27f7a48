/// A mixture of models or of experts for the rows of a table: which columns explain which, and the experts and the gate that do it.
///
/// ```swift
/// let model = try Mixture("tuned ~ stretchratio") {
///   Block(2, LinearExpert(noise: .perExpert))
///   Block(1, BackgroundExpert(), named: "background")
/// }
/// let fit = try await model.fit(table, seed: 1)
/// ```
///
/// With ``labels`` a column says of some rows, or of all, which expert's they are. A label is of the expert of that name; other labels go,
/// in order, to experts without a name, which are then called by them. Experts that remain have no labelled rows.
///
/// It is a value: what it says can be changed, and fitted again.
public struct Mixture: Sendable {
  /// What explains what.
  public var formula: Formula
  /// The column of numbers of trials, of which the response is the number of successes, if any; `cbind(successes, failures)` says the same.
  public var trials: String?
  /// The column that says how often each row was observed, if any.
  public var rowWeights: String?
  /// Whether the row weights are rescaled to a mean of one, so that only their ratios count.
  public var rescalesRowWeights: Bool
  /// The column whose equal values share one assignment, wherever they stand, if any.
  public var groups: String?
  /// The column that says of some rows which expert's they are, if any. Cells that are empty, `NA` or `?` say nothing.
  public var labels: String?
  /// The experts, and the gate for rows without a label.
  public var parts: MixtureModel

  /// A mixture from its parts.
  public init(
    _ formula: Formula, trials: String? = nil, rowWeights: String? = nil, rescalesRowWeights: Bool = false,
    groups: String? = nil, labels: String? = nil, parts: MixtureModel
  ) {
    self.formula = formula
    self.trials = trials
    self.rowWeights = rowWeights
    self.rescalesRowWeights = rescalesRowWeights
    self.groups = groups
    self.labels = labels
    self.parts = parts
  }

  /// A mixture of the experts that are listed between braces.
  ///
  /// - Parameters:
  ///   - formula: the response and the terms of the experts, as `Formula` reads them.
  ///   - trials: the column of numbers of trials, of which the response is the number of successes, if any.
  ///   - rowWeights: the column of row weights, if any.
  ///   - rescalesRowWeights: whether these are rescaled to a mean of one, so that only their ratios count.
  ///   - groups: the column whose equal values share one assignment, if any.
  ///   - labels: the column that says of some rows which expert's they are, if any.
  ///   - gate: what weighs the experts; nil for constant weights with a uniform prior, `DirichletGate()`.
  ///   - experts: blocks of experts; those of a block share their prior and, if their terms say so, more.
  /// - Throws: `FormulaError`, which points at the character; `MixtureError` for parts that do not fit together.
  public init(
    _ formula: String, trials: String? = nil, rowWeights: String? = nil, rescalesRowWeights: Bool = false,
    groups: String? = nil, labels: String? = nil, gate: (any Gate)? = nil,
    @BlockBuilder experts: () throws -> [any AnyBlock]
  ) throws {
    try self.init(
      Formula(formula), trials: trials, rowWeights: rowWeights, rescalesRowWeights: rescalesRowWeights, groups: groups,
      labels: labels, gate: gate, experts: experts)
  }

  /// A mixture of the experts that are listed between braces, with a formula of typed terms.
  ///
  /// - Throws: `MixtureError` for parts that do not fit together.
  public init(
    _ formula: Formula, trials: String? = nil, rowWeights: String? = nil, rescalesRowWeights: Bool = false,
    groups: String? = nil, labels: String? = nil, gate: (any Gate)? = nil,
    @BlockBuilder experts: () throws -> [any AnyBlock]
  ) throws {
    self.init(
      formula, trials: trials, rowWeights: rowWeights, rescalesRowWeights: rescalesRowWeights, groups: groups,
      labels: labels, parts: try MixtureModel(gate: try gate ?? DirichletGate(), experts: experts))
  }

  /// Those columns of a table in which a fit needs every cell, for `Table.droppingRows(withMissingIn:)`.
  public func columns(of table: Table) -> [String] {
    formula.columns(
      among: table.columnNames, trials: trials, rowWeights: rowWeights, groups: groups, labels: labels)
  }
}
