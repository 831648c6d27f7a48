import Dispatch
import Synchronization

extension MixtureModel {
  /// Fits the mixture to `rows` on other threads than the task's, as many as the options say.
  ///
  /// - Parameters:
  ///   - rows: the data; read once an iteration, and twice before for their moments.
  ///   - start: where the responsibilities start.
  ///   - options: when to stop, how many starts to make, the seed and the threads.
  ///   - observer: called after each iteration.
  /// - Returns: the start with the highest ELBO among those without a collapsed expert, the first if rounding alone tells them apart,
  ///   and the record of all.
  /// - Throws: ``MixtureError`` if all starts fail or the ELBO falls; ``ArgumentError`` for options that make no sense; ``DataError``; `CancellationError` if the task in which
  ///   it is called is cancelled.
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

  /// Fits the mixture to `rows` on the calling thread and others, and returns when the fit is done: for code that cannot wait with `await`.
  ///
  /// - Throws: as ``fit(_:from:options:observer:)``.
  public func fitBlocking(
    _ rows: some TileSource, from start: Start = .mixed, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) throws -> Fit {
    try withUnsafeCurrentTask { task in
      // Safe: whether a task is cancelled may be asked from any thread, and the task outlives this call.
      nonisolated(unsafe) let task = task
      return try fit(rows, from: start, options, observer) { task?.isCancelled ?? false }
    }
  }

  /// Starts a fit, whose iterations can be followed as they happen.
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
    try options.requireFit()
    try refuseWhatIsIgnored(of: rows)
    var initial = self
    let units = try units(for: rows, threads: options.threads)
    let data = try DataSummary(rows, in: units, threads: options.threads)
    try initial.configure(for: data)
    let sample = start.isGiven ? nil : EveryNthTile(rows, rows: StartSearch.subsampleSize)
    let size = SearchSize(options, experts: expertCount, features: data.features.count, rows: data.rowCount)
    let rowsOfStarts = try RowSample(
      rows, data: data, known: initial.gate.knownFeatures,
      // Experts that can be mixed with one another are of one kind of response.
      startingResponse: initial.blocks.lazy.compactMap(\.startingResponse).first)
    let states = try start.states(for: initial, sample ?? rows, data, rowsOfStarts, options, size)
    let search = StartSearch(
      initial: initial, rows: rows, sample: sample, options: options, places: size.places, observer: observer,
      isCancelled: isCancelled)
    let starts = try search.run(states)
    let complete = starts.filter(\.isComplete)
    // A collapsed expert wins only where every start has one.
    let sound = complete.filter { $0.collapsedExperts.isEmpty }
    let ranked = sound.isEmpty ? complete : sound
    let highest = ranked.max { $0.elbo < $1.elbo }?.progress?.elbo
    // Many starts end in one optimum, and rounding does not decide which of them gives the experts their order.
    guard let highest, let best = ranked.first(where: { $0.elbo >= highest.inUnitsOfFit - highest.rounding })?.progress
    else {
      throw StartSearch.failure(of: starts)
    }
    // Experts that hardly any rows are left to are alike in that, which nobody takes for two of one kind.
    let rowsOfAll = best.effectiveRows.reduce(0, +)
    let known = best.effectiveRows.indices.filter { best.effectiveRows[$0] >= 1e-3 * rowsOfAll }
    let equal = try expertCount < 2 ? [] : best.mixture.equalExperts(among: known, on: rows, within: 1e-3)
    let engine = try PassEngine(rows: rows, for: best.mixture, threads: options.threads, isCancelled: isCancelled)
    let mixture = try MeanFieldDriver(engine: engine, options: options).examined(best)
    return Fit(
      mixture: mixture, elboTrace: best.elboTrace, stopReason: best.stopReason, effectiveRows: best.effectiveRows,
      equalExperts: equal, starts: starts.map(\.record), options: options, dataOfFit: data,
      errors: try ParameterErrors(options.errors, of: mixture, engine, data: data.inUnitsOfData),
      seconds: (.now - began) / .seconds(1))
  }
}

/// Whether somebody has asked for an end.
private final class Cancellation: Sendable {
  private let flag = Atomic(false)
  var isRequested: Bool { flag.load(ordering: .relaxed) }
  func request() { flag.store(true, ordering: .relaxed) }
}

extension StartSearch.StartState {
  fileprivate var collapsedExperts: [Int] {
    guard let mixture = progress?.mixture else { return [] }
    return zip(mixture.blocks, mixture.expertRanges).flatMap { block, range in
      block.collapsedExperts.map { range.lowerBound + $0 }
    }
  }

  fileprivate var record: Fit.StartRecord {
    Fit.StartRecord(
      recipe: recipe, seed: seed, elbo: failure == nil ? progress?.elbo.total : nil, iterations: iterations,
      warmUpIterations: warmUpIterations,
      stopReason: failure == nil ? stopReason : nil, twin: twin, failure: failure.map { "\($0)" },
      collapsedExperts: collapsedExperts)
  }
}

extension StartSearch {
  /// What to say where every start has failed: the reason of most of them.
  fileprivate static func failure(of starts: [StartState]) -> MixtureError {
    let kind = starts.compactMap { $0.failure.map { "\($0)" } }.mostFrequentKind
    return .allStartsFailed(
      reason: kind?.first ?? "none was made", failures: kind?.count ?? 0, count: starts.count)
  }
}
