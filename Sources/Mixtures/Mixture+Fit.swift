import Foundation

extension Mixture {
  /// Fits the mixture to the rows of a table, on other threads than the task's.
  ///
  /// - Parameters:
  ///   - table: the rows; every cell that is read must be there, but for labels.
  ///   - start: where the responsibilities start. A mixture fitted before makes a warm start.
  ///   - seed: the seed of all randomness; nil for that of the options.
  ///   - options: when to stop, how many restarts to make, and the threads.
  ///   - observer: called after each pass.
  /// - Throws: `DataError` for a column that is missing or unfit, naming row and column; `MixtureError` if the model has no maximum,
  ///   or all restarts fail; `CancellationError` if the task is cancelled.
  public func fit(
    _ table: Table, from start: Start = .mixed, seed: UInt64? = nil, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) async throws -> FittedMixture {
    try await fit(table, design(for: table), from: start, options.with(seed: seed), observer)
  }

  /// Starts a fit, whose passes can be followed as they happen.
  ///
  /// ```swift
  /// let running = try model.startFit(table)
  /// for await pass in running.progress { print(pass.bound.total) }
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
    let rows = try design.rows(of: table, for: experts.expertCount)
    let fitted = try design.labels.map { try experts(knowing: $0, of: table) } ?? experts
    return FittedMixture(
      try await fitted.fit(rows, from: start, options: options, observer: observer), design: design)
  }

  private func design(for table: Table) throws -> Design {
    guard formula.gate == nil || experts.gate.readsFeatures else {
      throw MixtureError.refused(
        "a \(type(of: experts.gate).partName) has the same weights in each row: leave out the gate terms after |, or take another gate"
      )
    }
    var formula = formula
    if formula.gate == nil, experts.gate.readsCodes || (labels != nil && experts.gate.readsFeatures) {
      // Labels and codes are features of the gate alone, so it can no longer be said that these are the experts'.
      formula = try Formula(
        response: formula.response, experts: formula.experts, offsets: formula.offsets,
        gate: Formula.Terms(formula.experts.terms, removing: formula.experts.removed))
    }
    return try Design(
      formula, for: table, weights: weights, rescalesWeights: rescalesWeights, groups: groups, labels: labels,
      gateReadsCodes: experts.gate.readsCodes)
  }
}

extension Design {
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
