import GSL

/// Many short runs, of which the better ones go on: successive halving over starts (Jamieson & Talwalkar 2016). Where rows
/// are many, the short runs see a subsample.
///
/// What a run does never depends on the others, only how far it comes; so any restart can be repeated from its recipe and
/// seed.
struct RestartSearch {
  let driver: MeanFieldDriver
  /// The driver of the short runs, if they see a subsample.
  let scout: MeanFieldDriver?
  let initial: Mixture
  let report: (PassReport) -> Void

  /// How many rows are many enough for a subsample of that size.
  static let subsampleSize = 10_000

  /// One start and how far it has come.
  struct Candidate {
    let number: Int
    let recipe: StartRecipe?
    let seed: UInt64
    let source: any ResponsibilitySource
    var run: MeanFieldDriver.Run?
    var failure: String?
    var passes = 0
    var isDropped = false

    /// Why it stopped, or that it was dropped before.
    var stopReason: StopReason? { isDropped ? .dropped : run?.stopReason }

    /// The bound so far; a failed run is behind all others.
    var bound: Double { failure == nil ? run?.bounds.last?.total ?? -.infinity : -.infinity }
  }

  /// Runs all candidates for 20 passes, twice the number of the `finalists` up to 40, and those to the end.
  func run(_ candidates: [Candidate], finalists: Int) throws -> [Candidate] {
    var field = candidates
    var finished: [Candidate] = []
    for (passes, survivors) in [(20, 2 * finalists), (40, finalists)] {
      for index in field.indices { try advance(&field[index], scout ?? driver, to: passes) }
      let kept = best(survivors, of: field)
      for index in field.indices where !kept.contains(field[index].number) {
        field[index].isDropped = true
        finished.append(field[index])
      }
      field = field.filter { kept.contains($0.number) }
    }
    for index in field.indices {
      if scout != nil, let run = field[index].run {
        // Bounds of a subsample and of all rows are not comparable: the trace begins anew.
        field[index].run = nil
        try advance(&field[index], driver, from: run.mixture, to: driver.options.maximumPasses)
      } else {
        try advance(&field[index], driver, to: driver.options.maximumPasses)
      }
    }
    return (field + finished).sorted { $0.number < $1.number }
  }

  /// The numbers of the best candidates, recipe by recipe in turn: bounds after few passes favour whichever recipe begins
  /// high, and its runs often end in one optimum.
  private func best(_ count: Int, of field: [Candidate]) -> Set<Int> {
    guard count < field.count else { return Set(field.map(\.number)) }
    let ranked = field.sorted { ($0.bound, -$0.number) > ($1.bound, -$1.number) }
    var lanes = StartRecipe.allCases.map { recipe in ranked.filter { $0.recipe == recipe }.map(\.number)[...] }
    var kept: Set<Int> = []
    while kept.count < count {
      for lane in lanes.indices where kept.count < count {
        if let next = lanes[lane].popFirst() { kept.insert(next) }
      }
    }
    return kept
  }

  /// Runs a candidate up to `limit` passes: from its start, from where it stopped, or from the mixture given.
  private func advance(
    _ candidate: inout Candidate, _ driver: MeanFieldDriver, from mixture: Mixture? = nil, to limit: Int
  ) throws {
    let earlier = candidate.run
    let limit = min(limit, driver.options.maximumPasses)
    guard candidate.failure == nil, earlier?.stopReason != .converged, (earlier?.bounds.count ?? 0) < limit else { return }
    var passes = 0
    do {
      let source = mixture.map { MixtureResponsibilities(mixture: $0) } ?? candidate.source
      candidate.run = try driver.run(mixture ?? initial, from: source, continuing: earlier, to: limit) { report in
        passes = report.pass - (earlier?.bounds.count ?? 0)
        var report = report
        report.restart = candidate.number
        self.report(report)
      }
    } catch let error as MixtureError where error.endsOneRestartOnly {
      candidate.failure = "\(error)"
    }
    candidate.passes += passes
  }
}

extension MixtureError {
  /// Whether another start may still succeed.
  fileprivate var endsOneRestartOnly: Bool {
    switch self {
    case .partFailed, .notFinite: true
    default: false
    }
  }
}
