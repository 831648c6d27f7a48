// The updates of an iteration, part after part.

extension MeanFieldDriver {
  /// The mixture after updates of all parts, one after another.
  func updated(
    _ mixture: MixtureModel, _ sums: Statistics, under source: (any ResponsibilitySource)?, checksBlocks: Bool = true,
    iteration: Int
  ) throws -> MixtureModel {
    var mixture = mixture
    for part in mixture.parts {
      try update(part, of: &mixture, sums, under: source, checksBlocks: checksBlocks, iteration: iteration)
    }
    return mixture
  }

  /// Why a part's wish for another pass cannot be granted.
  private struct NoResponsibilities: Error {}

  /// Updates one part, giving it another pass under the same responsibilities whenever it asks.
  private func update(
    _ part: Int, of mixture: inout MixtureModel, _ statistics: Statistics, under source: (any ResponsibilitySource)?,
    checksBlocks: Bool = true, iteration: Int
  ) throws {
    let isChecked = checksBlocks || part == mixture.blocks.count || !mixture.blocks[part].stepsUnchecked
    let canResum = source != nil && isChecked
    try withPasses(for: part, of: mixture, under: source, iteration: iteration) { resum in
      try update(part, of: &mixture, statistics.part(part), canResum, resum)
    }
  }

  /// Lets the experts look once more at the rows of a start that is done, for what warnings should say of them.
  ///
  /// - Throws: ``MixtureError``, what a data source throws, or `CancellationError`.
  func examined(_ progress: Progress) throws -> MixtureModel {
    var mixture = progress.mixture
    let source = MixtureResponsibilities(mixture: progress.mixture)
    for part in mixture.parts where part < mixture.blocks.count {
      let sums = progress.statistics.part(part)
      try withPasses(for: part, of: progress.mixture, under: source, iteration: progress.iterations) { resum in
        try mixture.blocks[part].examine(from: sums.span) { trial in
          var mixture = progress.mixture
          mixture.blocks[part] = trial
          return try resum(mixture)
        }
      }
    }
    return mixture
  }

  /// Runs what a part does with the sums of other values of a mixture under the same responsibilities.
  private func withPasses(
    for part: Int, of current: MixtureModel, under source: (any ResponsibilitySource)?, iteration: Int,
    _ body: (_ resum: @escaping (MixtureModel) throws -> [Double]) throws -> Void
  ) throws {
    let frozen = source.map(RecordedResponsibilities.init)
    // That a trial cannot be prepared is the part's fault; what the rows of another pass throw is not.
    var errorOfRows: (any Error)?
    func resum(_ trial: MixtureModel) throws -> [Double] {
      let prepared = try engine.prepared(trial, part: part)
      do {
        guard let frozen else { throw NoResponsibilities() }
        return try engine.statistics(of: trial, prepared: prepared, under: frozen, part: part).part(part)
      } catch {
        errorOfRows = error
        throw error
      }
    }
    try naming(iteration, current) {
      do { try PartFailure.of(part) { try body(resum) } } catch {
        throw errorOfRows ?? error
      }
    }
  }

  /// Updates one part from its sums; `resum` gives those of another value of the mixture.
  private func update(
    _ part: Int, of mixture: inout MixtureModel, _ sums: [Double], _ canResum: Bool,
    _ resum: @escaping (MixtureModel) throws -> [Double]
  ) throws {
    let current = mixture
    if part < mixture.blocks.count {
      try mixture.blocks[part].update(from: sums.span, canResum: canResum) { trial in
        var mixture = current
        mixture.blocks[part] = trial
        return try resum(mixture)
      }
    } else {
      try mixture.gate.update(sums.span, canResum: canResum) { trial in
        var mixture = current
        mixture.gate = trial
        return try resum(mixture)
      }
    }
  }

  /// Replays the updates of `mixture` part by part under its own responsibilities, and names the first that lowers the
  /// ELBO.
  func culprit(_ mixture: MixtureModel, iteration: Int) throws -> MixtureError? {
    let source = MixtureResponsibilities(mixture: mixture)
    let statistics = try naming(iteration, mixture) { try engine.statistics(of: mixture) }
    func elbo(_ mixture: MixtureModel) throws -> ELBO {
      try naming(iteration, mixture) {
        try ELBO(of: mixture, data: engine.expectedScore(of: mixture, under: source), statistics)
      }
    }
    var trial = mixture
    var before = try elbo(trial)
    for part in trial.parts {
      try update(part, of: &trial, statistics, under: source, iteration: iteration)
      let after = try elbo(trial)
      if after.isBelow(before) {
        return .elboDecreased(
          part: trial.partNames[part], iteration: iteration, from: before.total, to: after.total,
          isRounding: trial.isBuiltIn(part: part))
      }
      before = after
    }
    return nil
  }
}

extension MixtureModel {
  /// The indices of the parts to be fitted, as in ``partNames``: the blocks, then the gate.
  fileprivate var parts: [Int] { (0...blocks.count).filter { !isFixed(part: $0) } }
}

extension Gate {
  /// Updates a gate behind an existential.
  fileprivate mutating func update(
    _ statistics: Span<Double>, canResum: Bool, _ resum: @escaping (any Gate) throws -> [Double]
  ) throws {
    try update(from: statistics, resum: Resum(isPossible: canResum) { try resum($0) })
  }
}
