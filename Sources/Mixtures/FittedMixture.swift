/// A mixture fitted to the rows of a table: what it found, how, and what prediction from new tables needs.
///
/// What the fit recorded, such as `Fit.elboTrace` and `Fit.warnings`, is read as if it were the mixture's own.
@dynamicMemberLookup
public struct FittedMixture: Sendable {
  /// What the fit recorded.
  public var record: Fit
  /// How features come from a table's columns.
  public var design: Design

  /// A fit to the rows that `design` made of a table.
  public init(_ record: Fit, design: Design) {
    self.record = record
    self.design = design
  }

  /// The fitted mixture of the best start.
  public var mixture: MixtureModel {
    get { record.mixture }
    set { record.mixture = newValue }
  }

  /// A value that the fit recorded.
  public subscript<Value>(dynamicMember member: KeyPath<Fit, Value>) -> Value { record[keyPath: member] }

  /// The mixture as it was fitted, to be changed and fitted again. Its gate is that for rows without a label.
  public var model: Mixture {
    Mixture(
      design.formula, trials: design.trials, rowWeights: design.rowWeights,
      rescalesRowWeights: design.rescalesRowWeights, groups: design.groups, labels: design.labels?.column,
      parts: design.labels == nil ? mixture : mixture.forgettingLabels())
  }

  /// Names an expert, which is else called by its number.
  ///
  /// - Throws: `MixtureError` if there is no such expert, or the name is taken.
  public mutating func rename(_ expert: String, to name: String) throws { try mixture.rename(expert, to: name) }

  /// The expert of that name, or number.
  ///
  /// - Throws: `MixtureError` if there is none, or it is of another type.
  public func expert<Model: LocalModel>(_ name: String, as type: Model.Type = Model.self) throws -> Model {
    try mixture.expert(name, as: type)
  }

  /// The predictive distribution of each row of a table, a collection of them. The response is not needed, and labels are not read; where the
  /// response is a number of successes, the number of trials is needed.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit, or an unknown level; `MixtureError` if the experts cannot predict.
  public func predict(_ table: Table) throws -> Predictions {
    let rows = try design.predictors(of: table)
    return try naming(table) { try record.predictiveMixture.predict(rows) }
  }

  /// The weights π_k of the experts in each row of a table, before its response is seen, or its label.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit, or an unknown level.
  public func weights(_ table: Table) throws -> [[Double]] {
    let rows = try design.predictors(of: table, withTrials: false)
    return try naming(table) { try mixture.weights(rows) }
  }

  /// What a body says of rows is said of those of a table.
  private func naming<Result>(_ table: Table, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DataError {
      throw DataError(error.row.map { "\(table.rowName($0.index)): \($0.fault)" } ?? "\(table.source), \(error)")
    }
  }

  /// The responsibilities of the experts for each row of a table, given its response and, where there is one, its label; those of a
  /// group are equal.
  ///
  /// - Throws: `DataError` as for ``observations(_:)``.
  public func responsibilities(_ table: Table) throws -> [[Double]] {
    let shares = try mixture.responsibilities(observations(table))
    return try design.assignments(of: table).map { $0.map { shares[$0] } } ?? shares
  }

  /// The rows of a table as a fit reads them, response included; rows of a group next to one another.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit, an unknown level, or a response that the experts have no density for.
  public func observations(_ table: Table) throws -> Observations {
    let rows = try design.observations(of: table)
    return try naming(table) {
      _ = try mixture.measures(of: DataSummary(rows))
      return rows
    }
  }

  /// The response of each row of a table; of categories the codes of the levels.
  ///
  /// - Throws: `DataError` for a column that is missing or unfit.
  public func response(_ table: Table) throws -> [Double] { try design.response(of: table)[0].values }

  /// Fits the mixture to other rows, starting from what it is now. Levels of categories, polynomials and splines stay as they are,
  /// so that coefficients keep their meaning. For a fit from scratch, fit ``model``.
  ///
  /// - Throws: as `Mixture.fit`.
  public func refit(
    _ table: Table, options: FitOptions = FitOptions(), observer: FitObserver? = nil
  ) async throws -> FittedMixture {
    try await model.fit(table, design, from: .mixture(mixture), options, observer)
  }
}

extension FittedMixture: CustomStringConvertible {
  /// The tables of experts, how the fit stopped, and its warnings.
  public var description: String {
    let report = FitReport(self)
    let warnings = record.warnings.map { "warning: \($0.printable)" }
    return (report.tables() + [report.conclusion] + (warnings.isEmpty ? [] : [warnings.joined(separator: "\n")]))
      .joined(separator: "\n\n")
  }
}
