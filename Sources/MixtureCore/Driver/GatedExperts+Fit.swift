import Dispatch
import Synchronization

extension GatedExperts {
  /// Fits the mixture to `rows` on the calling thread and as many others as the options say.
  ///
  /// - Parameters:
  ///   - rows: the data; read once a pass, and twice before for their moments.
  ///   - start: where the responsibilities start.
  ///   - options: when to stop, how many restarts to make, the seed and the threads.
  ///   - observer: called after each pass.
  /// - Returns: the restart with the highest bound among those without a collapsed expert, the first if rounding alone tells them apart,
  ///   and the record of all.
  /// - Throws: ``MixtureError`` if all restarts fail or the bound falls; ``DataError``; `CancellationError` if the task in which
  ///   it is called is cancelled.
  public func fit(
    _ rows: some TileSource, from start: Start = .mixed, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) throws -> Fit {
    try withUnsafeCurrentTask { task in
      // Safe: whether a task is cancelled may be asked from any thread, and the task outlives this call.
      nonisolated(unsafe) let task = task
      return try fit(rows, from: start, options, observer) { task?.isCancelled ?? false }
    }
  }

  /// Fits the mixture to `rows` on other threads than the task's; see the synchronous method of this name.
  ///
  /// - Throws: the same.
  public func fit(
    _ rows: some TileSource, from start: Start = .mixed, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) async throws -> Fit {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // A queue of its own has a thread beside those of the concurrency pool. A fit on one of these, with as many more as
        // there are processors, would keep out whoever follows or cancels it.
        DispatchQueue(label: "fit").async {
          continuation.resume(
            with: Result { try fit(rows, from: start, options, observer) { cancellation.isRequested } })
        }
      }
    } onCancel: {
      cancellation.request()
    }
  }

  /// Starts a fit, whose passes can be followed as they happen.
  public func startFit(
    _ rows: some TileSource, from start: Start = .mixed, options: FitOptions = FitOptions()
  ) -> RunningFit<Fit> {
    RunningFit { observer in try await fit(rows, from: start, options: options, observer: observer) }
  }

  private func fit(
    _ rows: some TileSource, from start: Start, _ options: FitOptions, _ observer: FitObserver?,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Fit {
    let began = ContinuousClock.now
    do { try options.validate() } catch { throw MixtureError.refused("options of a fit: \(error)") }
    try refuseIgnoredOffset(of: rows)
    let data = try DataSummary(rows, threads: options.threads)
    var initial = self
    try initial.configure(for: data)
    let sample = start.isGiven ? nil : EveryNthTile(rows, rows: RestartSearch.subsampleSize)
    let candidates = try start.candidates(
      for: initial, sample ?? rows, data, RowSample(rows, data: data, known: initial.gate.knownFeatures), options)
    let search = RestartSearch(
      initial: initial, rows: rows, sample: sample, options: options, observer: observer, isCancelled: isCancelled)
    let restarts = try search.run(candidates)
    let complete = restarts.filter { $0.failure == nil && !$0.isDropped && $0.twin == nil }
    // A collapsed expert wins only where every restart has one.
    let sound = complete.filter { $0.collapsedExperts.isEmpty }
    let ranked = sound.isEmpty ? complete : sound
    let highest = ranked.max { $0.bound < $1.bound }?.run?.bound
    // Many starts end in one optimum, and rounding does not decide which of them gives the experts their order.
    guard let highest, let best = ranked.first(where: { $0.bound >= highest.total - highest.rounding })?.run else {
      throw MixtureError.allRestartsFailed(reason: restarts.first?.failure ?? "none was made")
    }
    return Fit(
      mixture: best.mixture, bounds: best.bounds, stopReason: best.stopReason, effectiveRows: best.effectiveRows,
      restarts: restarts.map(\.record), options: options, data: data, seconds: (.now - began) / .seconds(1))
  }
}

/// Whether somebody has asked for an end.
private final class Cancellation: Sendable {
  private let flag = Atomic(false)
  var isRequested: Bool { flag.load(ordering: .relaxed) }
  func request() { flag.store(true, ordering: .relaxed) }
}

extension RestartSearch.Candidate {
  fileprivate var collapsedExperts: [Int] {
    guard let mixture = run?.mixture else { return [] }
    return zip(mixture.blocks, mixture.expertRanges).flatMap { block, range in
      block.collapsedExperts.map { range.lowerBound + $0 }
    }
  }

  fileprivate var record: Fit.Restart {
    Fit.Restart(
      recipe: recipe, seed: seed, bound: failure == nil ? bound : nil, passes: passes,
      stopReason: failure == nil ? stopReason : nil, twin: twin, failure: failure, collapsedExperts: collapsedExperts)
  }
}
