import Dispatch
import GSL
import Synchronization

/// Many starts that make a few iterations, of which the better ones go on: successive halving (Jamieson & Talwalkar 2016). Where rows
/// are many, the first iterations see a subsample. Starts go side by side, each on its share of the threads.
///
/// A place is for iterations to come. So starts that have converged need none, and of those that are in one optimum one goes on.
///
/// What a start does never depends on the others, only how far it comes; so any start can be repeated from its recipe and
/// seed.
struct StartSearch {
  let initial: MixtureModel
  let rows: any TileSource
  /// What the first iterations see, if not all rows.
  let sample: (any TileSource)?
  let options: FitOptions
  /// How many starts go on to the end.
  let places: Int
  let observer: FitObserver?
  let isCancelled: @Sendable () -> Bool

  /// How many rows are many enough for a subsample of that size.
  static let subsampleSize = 10_000

  /// One start and how far it has come.
  struct StartState: Sendable {
    let number: Int
    /// How the start was made; nil if it was given.
    let recipe: StartRecipe?
    let seed: UInt64
    let source: any ResponsibilitySource
    var progress: MeanFieldDriver.Progress?
    var failure: MixtureError?
    var iterations = 0
    var warmUpIterations = 0
    var isDropped = false
    /// The number of the start that is in the same optimum, and goes on for both.
    var twin: Int?

    /// Whether it begins with points: all but a quarter of the seeds that searches draw, of 53 bits. Where experts are too many, those that lose
    /// their rows at once are a way to fewer, which points never take.
    var isWarmedUp: Bool { seed < 1 << 32 || seed % 4 != 3 }

    /// Why it stopped, or that it was left behind before.
    var stopReason: StopReason? { isDropped ? .dropped : twin != nil ? .agreed : progress?.stopReason }

    /// The ELBO so far; a failed start is behind all others.
    var elbo: Double { failure == nil ? progress?.elbo.inUnitsOfFit ?? -.infinity : -.infinity }

    /// Whether it came to an end by itself.
    var isComplete: Bool { failure == nil && !isDropped && twin == nil }

    /// Whether its last iteration left it in the same optimum, as far as ELBOs tell.
    var isSettled: Bool {
      guard failure == nil, let last = progress?.elboTrace.suffix(2), last.count == 2 else { return false }
      return Fit.agree(last.first!.inUnitsOfFit, last.last!.inUnitsOfFit)
    }
  }

  /// Runs all starts for 50 iterations, and the best of those still on their way up to 200, and to the end.
  func run(_ starts: [StartState]) throws -> [StartState] {
    var field = starts
    var finished: [StartState] = []
    var stages = stages(count: starts.count)
    while stages.count > 1 {
      try advance(&field, over: sample ?? rows, stages, of: starts.count)
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
      try advance(&field, over: rows, stages, of: starts.count)
      finished += field
      // Where all of them broke down, those that were left behind have their turn.
      field = finished.contains(where: \.isComplete) ? [] : takeLeftBehind(from: &finished)
    } while !field.isEmpty
    return settlingTwins(of: finished.sorted { $0.number < $1.number })
  }

  /// The start over all rows where one over the subsample came to. ELBOs of both are not comparable, so that the trace
  /// begins anew.
  private func overAllRows(_ start: StartState) -> StartState {
    guard let progress = start.progress else { return start }
    var next = StartState(
      number: start.number, recipe: start.recipe, seed: start.seed,
      source: MixtureResponsibilities(mixture: progress.mixture))
    next.iterations = start.iterations
    next.warmUpIterations = start.warmUpIterations
    return next
  }

  /// Takes the best of those that were dropped, or had a twin that broke down, to go on.
  private func takeLeftBehind(from finished: inout [StartState]) -> [StartState] {
    let failed = Set(finished.filter { $0.failure != nil }.map(\.number))
    let left = finished.filter { $0.failure == nil && ($0.isDropped || $0.twin.map(failed.contains) ?? false) }
    let chosen = best(places, of: left)
    finished.removeAll { chosen.contains($0.number) }
    return left.filter { chosen.contains($0.number) }.map { start in
      var start = start
      (start.isDropped, start.twin) = (false, nil)
      return start
    }
  }

  /// Whether it makes no more iterations. Who has converged on a subsample goes on over all rows, in the last stage.
  private func isFinished(_ start: StartState, isLast: Bool) -> Bool {
    start.failure != nil || ((sample == nil || isLast) && start.progress?.stopReason == .converged)
  }

  /// Whether it needs a place in the next stage.
  private func isOnItsWay(_ start: StartState) -> Bool {
    !isFinished(start, isLast: false) && start.twin == nil && !start.isDropped
  }

  /// Gives starts still on their way a twin where another, further up or finished, is in the same optimum.
  private func findTwins(in field: inout [StartState], and finished: [StartState]) {
    let settled = (field + finished).filter { $0.isSettled && $0.twin == nil && !$0.isDropped }
    var first: StartState?
    for start in settled.sorted(by: { ($0.elbo, -$0.number) > ($1.elbo, -$1.number) }) {
      if let first, Fit.agree(start.elbo, first.elbo) {
        if isOnItsWay(start) { field[field.firstIndex { $0.number == start.number }!].twin = first.number }
      } else {
        first = start
      }
    }
  }

  /// All starts, each with the twin that was the last to go on; if that did not come to an end, they were dropped with it.
  private func settlingTwins(of starts: [StartState]) -> [StartState] {
    starts.map { start in
      var start = start
      while let next = start.twin.flatMap({ starts[$0].twin }) { start.twin = next }
      if let twin = start.twin, starts[twin].isDropped || starts[twin].failure != nil {
        (start.twin, start.isDropped) = (nil, true)
      }
      return start
    }
  }

  /// The stages of the search over `count` starts. Between the last two, over the same rows, runs end whose twins go on.
  private func stages(count: Int) -> [SearchState.Stage] {
    let limits = [50, 200, options.maximumIterations].map { min($0, options.maximumIterations) }
    let places = min(count, places)
    return (0..<3).map { stage in
      let isFirst = stage == 0 || (stage == 2 && sample != nil)
      return SearchState.Stage(
        startCount: stage == 0 ? count : places, iterations: (isFirst ? 0 : limits[stage - 1])..<limits[stage],
        tileCount: (stage < 2 ? sample ?? rows : rows).tileCount)
    }
  }

  /// The numbers of the best starts, recipe by recipe in turn, the recipe of the best one first: ELBOs after few iterations
  /// favour whichever recipe begins high, and its runs often end in one optimum.
  private func best(_ count: Int, of field: [StartState]) -> Set<Int> {
    guard count < field.count else { return Set(field.map(\.number)) }
    let ranked = field.sorted { ($0.elbo, -$0.number) > ($1.elbo, -$1.number) }
    var lanes: [(recipe: StartRecipe?, numbers: [Int])] = []
    for start in ranked {
      if let lane = lanes.firstIndex(where: { $0.recipe == start.recipe }) {
        lanes[lane].numbers.append(start.number)
      } else {
        lanes.append((start.recipe, [start.number]))
      }
    }
    var kept: Set<Int> = []
    for round in field.indices {
      for lane in lanes where kept.count < count && round < lane.numbers.count { kept.insert(lane.numbers[round]) }
    }
    return kept
  }

  /// Runs all starts through the first of the stages, side by side; there were `count` in the beginning.
  ///
  /// - Throws: what the first of them throws, by their numbers, if another start could not help.
  private func advance(
    _ field: inout [StartState], over rows: any TileSource, _ stages: [SearchState.Stage], of count: Int
  ) throws {
    let started = field
    let workers = max(1, min(options.threads, started.count))
    let isLast = stages.count == 1
    var search = SearchState(
      startCount: count, finishedCount: count - started.count(where: { !isFinished($0, isLast: isLast) }), stages: stages)
    search.stages[0].startCount = started.count { $0.failure == nil && $0.progress?.stopReason != .converged }
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
        var start = started[index]
        let result = Result {
          try advance(&start, driver, to: stages[0].iterations.upperBound) { state.withLock { $0.search } }
        }
        let isNewlyFinished =
          !isFinished(started[index], isLast: isLast) && (isLast || isFinished(start, isLast: false))
        state.withLock { state in
          state.finished[index] = start
          if isNewlyFinished { state.search.finishedCount += 1 }
          if case .failure(let error) = result { state.failures[index] = error }
        }
      }
    }
    let failures = state.withLock { $0.failures }
    if let first = failures.min(by: { $0.key < $1.key }) { throw first.value }
    field = state.withLock { $0.finished }
  }

  /// Runs a start up to `limit` iterations, from its start or from where it stopped.
  private func advance(
    _ start: inout StartState, _ driver: MeanFieldDriver, to limit: Int, search: () -> SearchState
  ) throws {
    guard start.failure == nil else { return }
    let number = start.number
    var iterations = 0
    defer { start.iterations += iterations }
    func tell(_ report: IterationReport) {
      iterations += 1
      var report = report
      report.start = number
      report.search = search()
      observer?(report)
    }
    do {
      if start.progress == nil {
        var source = start.source
        if start.iterations == 0, options.isAnnealed {
          source = MixtureResponsibilities(
            mixture: try driver.anneal(initial, from: source) { start.warmUpIterations += 1 })
        } else if start.iterations == 0, start.recipe != nil, start.isWarmedUp {
          source = try driver.warmUp(initial, from: source) { start.warmUpIterations += 1 }
        }
        let progress = try driver.begin(initial, from: source, report: tell)
        if start.recipe == nil { try progress.mixture.refuseEqualExperts(on: driver.engine.rows) }
        start.progress = progress
      }
      try driver.advance(&start.progress!, to: limit, report: tell)
    } catch let error as MixtureError where error.endsOneStartOnly {
      start.failure = error
    }
  }
}
