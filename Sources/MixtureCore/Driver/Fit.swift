import Foundation

/// A fitted mixture and how it came about.
public struct Fit: Sendable, Codable {
  /// One restart.
  public struct Restart: Sendable, Codable, Equatable {
    /// How its responsibilities were made; nil for a given table.
    public var recipe: StartRecipe?
    /// Its seed: a fit with this recipe, this seed and one restart repeats it.
    public var seed: UInt64
    /// The bound that it reached; nil if it failed.
    public var bound: Double?
    /// The passes that it made, those over a subsample included.
    public var passes: Int
    /// Why it stopped; nil if it failed.
    public var stopReason: StopReason?
    /// Why it failed, if it did.
    public var failure: String?
    /// The experts that collapsed onto few rows, by their numbers from zero: their likelihood has no bound.
    public var collapsedExperts: [Int] = []
  }

  /// The fitted mixture of the best restart.
  public var mixture: Mixture
  /// The bound after q(Z) of each pass of the best restart.
  public var bounds: [Bound]
  /// Why the best restart stopped.
  public var stopReason: StopReason
  /// Σ_i w_i r_ik over the rows, for each expert.
  public var effectiveRows: [Double]
  /// All restarts, in the order of their numbers.
  public var restarts: [Restart]
  /// The options of the fit.
  public var options: FitOptions
  /// What the data looked like.
  public var data: DataSummary
  /// The seconds that the fit took.
  public var seconds: Double

  /// What a user should know about the result.
  public var warnings: [String] {
    let seenOnce = "the best bound was reached by one start only: more restarts may find a better one"
    return mixture.blocks.flatMap(\.warnings) + (restarts.count > 1 && reachedBest == 1 ? [seenOnce] : [])
  }

  /// How many restarts reached the best bound, to a millionth of it.
  public var reachedBest: Int {
    restarts.count { restart in
      restart.collapsedExperts.isEmpty && restart.stopReason != .dropped
        && restart.bound.map { abs($0 - bound.total) <= 1e-6 * max(1, abs(bound.total)) } ?? false
    }
  }

  /// The bound that was reached.
  public var bound: Bound { bounds[bounds.count - 1] }
}

extension Mixture {
  /// Fits the mixture to `rows`.
  ///
  /// - Parameters:
  ///   - rows: the data; read once a pass, and twice before for their moments.
  ///   - start: where the responsibilities start.
  ///   - options: when to stop, how many restarts to make, the seed and the threads.
  ///   - observer: called after each pass.
  /// - Returns: the restart with the highest bound among those without a collapsed expert, and the record of all.
  /// - Throws: ``MixtureError`` if all restarts fail or the bound falls; ``DataError``; `CancellationError`.
  public func fit(
    _ rows: some TileSource, from start: Start = .mixed, options: FitOptions = FitOptions(),
    observer: FitObserver? = nil
  ) throws -> Fit {
    let began = ContinuousClock.now
    let data = try DataSummary(rows, threads: options.threads)
    var initial = self
    try initial.configure(for: data)
    let candidates = try start.candidates(RowSample(rows, data: data), expertCount: expertCount, options)
    let sample = start.isGiven ? nil : EveryNthTile(rows, rows: RestartSearch.subsampleSize)
    let search = RestartSearch(initial: initial, rows: rows, sample: sample, options: options, observer: observer)
    let restarts = try search.run(candidates)
    let complete = restarts.filter { $0.failure == nil && $0.stopReason != .dropped }
    // A collapsed expert wins only where every restart has one.
    let sound = complete.filter { $0.collapsedExperts.isEmpty }
    let ranked = (sound.isEmpty ? complete : sound).sorted { ($0.bound, -$0.number) > ($1.bound, -$1.number) }
    guard let best = ranked.first?.run else {
      throw MixtureError.allRestartsFailed(reason: restarts.first?.failure ?? "none was made")
    }
    return Fit(
      mixture: best.mixture, bounds: best.bounds, stopReason: best.stopReason, effectiveRows: best.effectiveRows,
      restarts: restarts.map(\.record), options: options, data: data, seconds: (.now - began) / .seconds(1))
  }
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
      stopReason: failure == nil ? stopReason : nil, failure: failure, collapsedExperts: collapsedExperts)
  }
}
