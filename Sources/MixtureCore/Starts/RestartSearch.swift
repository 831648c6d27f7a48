import Dispatch
import GSL
import Synchronization

/// Many short runs, of which the better ones go on: successive halving over starts (Jamieson & Talwalkar 2016). Where rows
/// are many, the short runs see a subsample. Runs go side by side, each on its share of the threads.
///
/// A place is for passes to come. So runs that have converged need none, and of those that are in one optimum one goes on.
///
/// What a run does never depends on the others, only how far it comes; so any restart can be repeated from its recipe and
/// seed.
struct RestartSearch {
  let initial: GatedExperts
  let rows: any TileSource
  /// What the short runs see, if not all rows.
  let sample: (any TileSource)?
  let options: FitOptions
  /// How many starts go on to the end.
  let restarts: Int
  let observer: FitObserver?
  let isCancelled: @Sendable () -> Bool

  /// How many rows are many enough for a subsample of that size.
  static let subsampleSize = 10_000

  /// One start and how far it has come.
  struct Candidate: Sendable {
    let number: Int
    /// How the start was made; nil if it was given.
    let recipe: StartRecipe?
    let seed: UInt64
    let source: any ResponsibilitySource
    var run: MeanFieldDriver.Run?
    var failure: MixtureError?
    var passes = 0
    var warmUpPasses = 0
    var isDropped = false
    /// The number of the start that is in the same optimum, and goes on for both.
    var twin: Int?

    /// Whether it begins with points: all but a quarter of the seeds that searches draw, of 53 bits. Where experts are too many, those that lose
    /// their rows at once are a way to fewer, which points never take.
    var isWarmedUp: Bool { seed < 1 << 32 || seed % 4 != 3 }

    /// Why it stopped, or that it was left behind before.
    var stopReason: StopReason? { isDropped ? .dropped : twin != nil ? .agreed : run?.stopReason }

    /// The bound so far; a failed run is behind all others.
    var bound: Double { failure == nil ? run?.bound.inUnitsOfFit ?? -.infinity : -.infinity }

    /// Whether it came to an end by itself.
    var isComplete: Bool { failure == nil && !isDropped && twin == nil }

    /// Whether its last pass left it in the same optimum, as far as bounds tell.
    var isSettled: Bool {
      guard failure == nil, let last = run?.bounds.suffix(2), last.count == 2 else { return false }
      return Fit.agree(last.first!.inUnitsOfFit, last.last!.inUnitsOfFit)
    }
  }

  /// Runs all candidates for 50 passes, and the best of those still on their way up to 200, and to the end.
  func run(_ candidates: [Candidate]) throws -> [Candidate] {
    var field = candidates
    var finished: [Candidate] = []
    var stages = stages(count: candidates.count)
    while stages.count > 1 {
      try advance(&field, over: sample ?? rows, stages, of: candidates.count)
      stages.removeFirst()
      findTwins(in: &field, and: finished)
      let kept = best(stages[0].startCount, of: field.filter(isOnItsWay))
      for index in field.indices where isOnItsWay(field[index]) && !kept.contains(field[index].number) {
        field[index].isDropped = true
      }
      finished += field.filter { !isOnItsWay($0) }
      field = field.filter(isOnItsWay)
    }
    repeat {
      if sample != nil { field = field.map(overAllRows) }
      try advance(&field, over: rows, stages, of: candidates.count)
      finished += field
      // Where all of them broke down, those that were left behind have their turn.
      field = finished.contains(where: \.isComplete) ? [] : takeLeftBehind(from: &finished)
    } while !field.isEmpty
    return settlingTwins(of: finished.sorted { $0.number < $1.number })
  }

  /// The start of a run over all rows where a run over the subsample came to. Bounds of both are not comparable, so that the trace
  /// begins anew.
  private func overAllRows(_ candidate: Candidate) -> Candidate {
    guard let run = candidate.run else { return candidate }
    var next = Candidate(
      number: candidate.number, recipe: candidate.recipe, seed: candidate.seed,
      source: MixtureResponsibilities(mixture: run.mixture))
    next.passes = candidate.passes
    next.warmUpPasses = candidate.warmUpPasses
    return next
  }

  /// Takes the best of those that were dropped, or had a twin that broke down, to go on.
  private func takeLeftBehind(from finished: inout [Candidate]) -> [Candidate] {
    let failed = Set(finished.filter { $0.failure != nil }.map(\.number))
    let left = finished.filter { $0.failure == nil && ($0.isDropped || $0.twin.map(failed.contains) ?? false) }
    let chosen = best(restarts, of: left)
    finished.removeAll { chosen.contains($0.number) }
    return left.filter { chosen.contains($0.number) }.map { candidate in
      var candidate = candidate
      (candidate.isDropped, candidate.twin) = (false, nil)
      return candidate
    }
  }

  /// Whether it makes no more passes. Who has converged on a subsample goes on over all rows, in the last stage.
  private func isFinished(_ candidate: Candidate, isLast: Bool) -> Bool {
    candidate.failure != nil || ((sample == nil || isLast) && candidate.run?.stopReason == .converged)
  }

  /// Whether it needs a place in the next stage.
  private func isOnItsWay(_ candidate: Candidate) -> Bool {
    !isFinished(candidate, isLast: false) && candidate.twin == nil && !candidate.isDropped
  }

  /// Gives runs still on their way a twin where another run, further up or finished, is in the same optimum.
  private func findTwins(in field: inout [Candidate], and finished: [Candidate]) {
    let settled = (field + finished).filter { $0.isSettled && $0.twin == nil && !$0.isDropped }
    var first: Candidate?
    for candidate in settled.sorted(by: { ($0.bound, -$0.number) > ($1.bound, -$1.number) }) {
      if let first, Fit.agree(candidate.bound, first.bound) {
        if isOnItsWay(candidate) { field[field.firstIndex { $0.number == candidate.number }!].twin = first.number }
      } else {
        first = candidate
      }
    }
  }

  /// All candidates, each with the twin that was the last to go on; if that did not come to an end, they were dropped with it.
  private func settlingTwins(of candidates: [Candidate]) -> [Candidate] {
    candidates.map { candidate in
      var candidate = candidate
      while let next = candidate.twin.flatMap({ candidates[$0].twin }) { candidate.twin = next }
      if let twin = candidate.twin, candidates[twin].isDropped || candidates[twin].failure != nil {
        (candidate.twin, candidate.isDropped) = (nil, true)
      }
      return candidate
    }
  }

  /// The stages of the search over `count` candidates. Between the last two, over the same rows, runs end whose twins go on.
  private func stages(count: Int) -> [SearchState.Stage] {
    let limits = [50, 200, options.maximumPasses].map { min($0, options.maximumPasses) }
    let places = min(count, restarts)
    return (0..<3).map { stage in
      let isFirst = stage == 0 || (stage == 2 && sample != nil)
      return SearchState.Stage(
        startCount: stage == 0 ? count : places, passes: (isFirst ? 0 : limits[stage - 1])..<limits[stage],
        tileCount: (stage < 2 ? sample ?? rows : rows).tileCount)
    }
  }

  /// The numbers of the best candidates, recipe by recipe in turn, the recipe of the best one first: bounds after few passes
  /// favour whichever recipe begins high, and its runs often end in one optimum.
  private func best(_ count: Int, of field: [Candidate]) -> Set<Int> {
    guard count < field.count else { return Set(field.map(\.number)) }
    let ranked = field.sorted { ($0.bound, -$0.number) > ($1.bound, -$1.number) }
    var lanes: [(recipe: StartRecipe?, numbers: [Int])] = []
    for candidate in ranked {
      if let lane = lanes.firstIndex(where: { $0.recipe == candidate.recipe }) {
        lanes[lane].numbers.append(candidate.number)
      } else {
        lanes.append((candidate.recipe, [candidate.number]))
      }
    }
    var kept: Set<Int> = []
    for round in field.indices {
      for lane in lanes where kept.count < count && round < lane.numbers.count { kept.insert(lane.numbers[round]) }
    }
    return kept
  }

  /// Runs all candidates through the first of the stages, side by side; there were `count` in the beginning.
  ///
  /// - Throws: what the first of them throws, by their numbers, if another start could not help.
  private func advance(
    _ field: inout [Candidate], over rows: any TileSource, _ stages: [SearchState.Stage], of count: Int
  ) throws {
    let started = field
    let workers = max(1, min(options.threads, started.count))
    let isLast = stages.count == 1
    var search = SearchState(
      startCount: count, finishedCount: count - started.count(where: { !isFinished($0, isLast: isLast) }), stages: stages)
    search.stages[0].startCount = started.count { $0.failure == nil && $0.run?.stopReason != .converged }
    let drivers = try (0..<workers).map { _ in
      MeanFieldDriver(
        engine: try PassEngine(
          rows: rows, for: initial, threads: max(1, options.threads / workers), isCancelled: isCancelled),
        options: options)
    }
    let state = Mutex((next: 0, finished: started, failures: [Int: any Error](), search: search))
    // Safe: each thread has its own.
    nonisolated(unsafe) let ownDrivers = drivers
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let driver = ownDrivers[worker]
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.failures.isEmpty ? state.next : started.count
        }
        guard index < started.count else { return }
        var candidate = started[index]
        let result = Result {
          try advance(&candidate, driver, to: stages[0].passes.upperBound) { state.withLock { $0.search } }
        }
        let isNewlyFinished =
          !isFinished(started[index], isLast: isLast) && (isLast || isFinished(candidate, isLast: false))
        state.withLock { state in
          state.finished[index] = candidate
          if isNewlyFinished { state.search.finishedCount += 1 }
          if case .failure(let error) = result { state.failures[index] = error }
        }
      }
    }
    let failures = state.withLock { $0.failures }
    if let first = failures.min(by: { $0.key < $1.key }) { throw first.value }
    field = state.withLock { $0.finished }
  }

  /// Runs a candidate up to `limit` passes, from its start or from where it stopped.
  private func advance(
    _ candidate: inout Candidate, _ driver: MeanFieldDriver, to limit: Int, search: () -> SearchState
  ) throws {
    guard candidate.failure == nil else { return }
    let number = candidate.number
    var passes = 0
    defer { candidate.passes += passes }
    func tell(_ report: PassReport) {
      passes += 1
      var report = report
      report.restart = number
      report.search = search()
      observer?(report)
    }
    do {
      if candidate.run == nil {
        var start = candidate.source
        if candidate.passes == 0, options.isAnnealed {
          start = MixtureResponsibilities(mixture: try driver.anneal(initial, from: start) { candidate.warmUpPasses += 1 })
        } else if candidate.passes == 0, candidate.recipe != nil, candidate.isWarmedUp {
          start = try driver.warmUp(initial, from: start) { candidate.warmUpPasses += 1 }
        }
        let run = try driver.begin(initial, from: start, report: tell)
        if candidate.recipe == nil { try run.mixture.refuseEqualExperts(on: driver.engine.rows) }
        candidate.run = run
      }
      try driver.advance(&candidate.run!, to: limit, report: tell)
    } catch let error as MixtureError where error.endsOneStartOnly {
      candidate.failure = error
    }
  }
}
