import Foundation

extension Mixture {
  /// Fits the mixture to the rows of a table, on other threads than the task's.
  ///
  /// - Parameters:
  ///   - table: the rows; every cell that is read must be there, but for labels.
  ///   - start: where the responsibilities start. A mixture fitted before makes a warm start.
  ///   - seed: the seed of all randomness; nil for that of the options.
  ///   - options: when to stop, how many starts to make, and the threads.
  ///   - observer: called after each iteration.
  /// - Throws: `DataError` for a column that is missing or unfit, naming row and column; `MixtureError` if the model has no maximum,
  ///   or all starts fail; `CancellationError` if the task is cancelled.
  public func fit(
    _ table: Table, from start: Start = .mixed, seed: UInt64? = nil, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) async throws -> FittedMixture {
    try await fit(table, design(for: table), from: start, options.with(seed: seed), observer)
  }

  /// Fits the mixture on the calling thread and others, and returns when the fit is done: for code that cannot wait with `await`.
  ///
  /// - Throws: as ``fit(_:from:seed:options:observer:)``.
  public func fitBlocking(
    _ table: Table, from start: Start = .mixed, seed: UInt64? = nil, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) throws -> FittedMixture {
    let design = try design(for: table)
    let (rows, known) = try prepared(table, design)
    let record = try design.namingRows(of: table) {
      try known.fitBlocking(rows, from: start, options: options.with(seed: seed), observer: observer)
    }
    return FittedMixture(record, design: design)
  }

  /// Starts a fit, whose iterations can be followed as they happen.
  ///
  /// ```swift
  /// let running = try model.startFit(table)
  /// for await report in running.progress { print(report.elbo.total) }
  /// let fit = try await running.value
  /// ```
  ///
  /// - Throws: `DataError` for a column that is missing or unfit.
  public func startFit(
    _ table: Table, from start: Start = .mixed, seed: UInt64? = nil, options: FitOptions = FitOptions()
  ) throws -> RunningFit<FittedMixture> {
    let design = try design(for: table)
    return RunningFit { observer in
      try await fit(table, design, from: start, options.with(seed: seed), observer)
    }
  }

  func fit(
    _ table: Table, _ design: Design, from start: Start, _ options: FitOptions, _ observer: FitObserver?
  ) async throws -> FittedMixture {
    let (rows, known) = try prepared(table, design)
    do {
      return FittedMixture(try await known.fit(rows, from: start, options: options, observer: observer), design: design)
    } catch {
      return try design.namingRows(of: table) { throw error }
    }
  }

  /// The rows of a table, and the parts as they know their labels.
  private func prepared(_ table: Table, _ design: Design) throws -> (rows: Observations, parts: MixtureModel) {
    (
      try design.rows(of: table, for: parts.expertCount),
      try design.labels.map { try parts(knowing: $0, of: table) } ?? parts
    )
  }

  private func design(for table: Table) throws -> Design {
    guard formula.gate == nil || parts.gate.readsFeatures else {
      throw MixtureError.refused(
        "the \(type(of: parts.gate).partName.inWords) has the same weights in each row: leave out the terms behind |, or take another gate, such as "
          + "softmax; if | names what belongs together, as in flexmix, say --group, or groups: in Swift"
      )
    }
    var formula = formula
    if formula.gate == nil, parts.gate.readsCodes || (labels != nil && parts.gate.readsFeatures) {
      // Labels and codes are features of the gate alone, so it can no longer be said that these are the experts'.
      formula = try Formula(
        response: formula.response, failures: formula.failures, experts: formula.experts, offsets: formula.offsets,
        gate: Formula.Terms(formula.experts.terms, removing: formula.experts.removed))
    }
    return try Design(
      formula, for: table, trials: trials, rowWeights: rowWeights, rescalesRowWeights: rescalesRowWeights,
      groups: groups, labels: labels, gateReadsCodes: parts.gate.readsCodes)
  }
}

extension Design {
  /// What a body says of the observations' rows is said of those of the table, which come in another order where they are grouped.
  fileprivate func namingRows<Result>(of table: Table, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DataError {
      guard let row = error.row else { throw error }
      let gathered = try groups.map { try table.gatheringGroups(of: $0).table } ?? table
      throw DataError("\(gathered.rowName(row.index)): \(row.fault)")
    }
  }

  /// The observations of a table, enough for as many experts.
  fileprivate func rows(of table: Table, for expertCount: Int) throws -> Observations {
    let rows = try observations(of: table)
    guard rows.rowCount > 1 else { throw DataError("\(table.source): one row of data; a fit needs more") }
    guard rows.assignmentCount >= expertCount else {
      throw DataError(
        "\(table.source): \(rows.assignmentCount) \(groups == nil ? "rows" : "groups") for \(expertCount) experts; "
          + "give more data, or fewer experts")
    }
    return rows
  }
}

extension FitOptions {
  fileprivate func with(seed: UInt64?) -> FitOptions {
    var options = self
    options.seed = seed ?? options.seed
    return options
  }
}
