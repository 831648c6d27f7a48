import GSL
import MixtureCore

// Laws of what an expert reads of a row, and of a value of its type.
extension ModelSubject {
  /// Rows of groups of one to three, with weights by group and features that the gate alone sees, against the same rows by themselves. To an expert
  /// that reads rows they are the same; to one that goes through assignments, reads their weights or the gate's features they are not.
  func grouped(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let grouping = try Grouping(examination.rows)
    let block = try examination.updated(1)
    let single = examination.rows.weighing { grouping.weights[$0] }
    let shares = Responsibilities(
      seed: 12, rowCount: grouping.assignmentOfRow.last.map { $0 + 1 } ?? 0, expertCount: block.experts.count)
    let ofRows = shares.selecting(grouping.assignmentOfRow)
    let statistics = try block.statistics(single, ofRows)
    let scale = try examination.absoluteContributions(block, single, ofRows)
    return differences(
      "scores of rows in groups, and by themselves", try block.rowScores(grouping.rows).flatMap(\.self),
      try block.scores(single).flatMap(\.self), tolerance: examination.tolerance)
      + differences(
        "statistics of rows in groups, and by themselves", try block.rowStatistics(grouping.rows, shares), statistics,
        tolerance: examination.tolerance, scale: scale)
  }

  /// Rows with an offset: scores are those of draws that know it, and not those of rows without.
  func offset(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let offsets = (0..<examination.rows.rowCount).map { [0.4, -0.2, 0.1, -0.5, 0.3][$0 % 5] }
    let shifted = PartExamination(
      part: block, rows: examination.rows.offset(by: offsets), labels: examination.labels)
    let fitted = try shifted.updated(1)
    let (with, without) = (
      try fitted.scores(shifted.rows), try fitted.scores(shifted.rows.offset(by: offsets.map { _ in 0 }))
    )
    let matters = with != without
    var violations =
      matters == offsetMatters
      ? [] : ["scores \(matters ? "change" : "do not change") with the offset, and offsetMatters is \(offsetMatters)"]
    if case .absent = exceptions[.expectedLogLikelihood] { return violations }
    let isBound = exceptions[.expectedLogLikelihood] != nil
    guard let drawLogLikelihoods else { return violations + ["the subject has no drawLogLikelihoods"] }
    violations += try shifted.scoresAreMeans(isBound: isBound) { try $0.logLikelihoods($1, &$2, drawLogLikelihoods) }
    return violations
  }

  /// Means of ln q − ln p over 4,000 draws, with five rows behind each expert and with many.
  func prior(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    guard let drawDivergence else { return ["the subject has no drawDivergence"] }
    let blocks = [("five rows", try examination.uncertain().part), ("all rows", try examination.updated(2))]
    return try blocks.compactMap { name, block in
      var source = RandomSource(seed: 15)
      let sample = Sample(try (0..<4000).map { _ in try drawDivergence(block, &source) })
      let divergence = try block.divergence()
      return sample.hasMean(divergence, within: GoodnessOfFit.standardErrors(tests: 2))
        || abs(sample.mean - divergence) <= 1e-9 * (1 + abs(divergence))
        ? nil : "with \(name) of each expert the divergence is \(divergence), but ln q − ln p is \(sample)"
    }
  }

  /// As if each row had been observed a million times: q is next to a point, where a bound of the mean log-likelihood has nothing left to lose.
  func manyRows(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    guard let drawLogLikelihoods else { return ["the subject has no drawLogLikelihoods"] }
    let many = examination.rows.weighing { _ in 1e6 }
    var trial = try examination.updated(0)
    for _ in 0..<10 { try trial.update(many, examination.nearTruth) }
    let tile = examination.rows.makeTile()
    try examination.rows.load(0, into: tile)
    let scores = try trial.scores(examination.rows)
    var source = RandomSource(seed: 14)
    let draws = try (0..<200).map { _ in try trial.logLikelihoods(tile, &source, drawLogLikelihoods) }
    let errors = GoodnessOfFit.standardErrors(tests: scores.count * trial.experts.count)
    let wrong = scores.indices.flatMap { i in
      scores[i].indices.compactMap { k -> String? in
        let sample = Sample(draws.map { $0[i][k] })
        let allowed = 1e-4 * max(1, abs(scores[i][k])) + errors * sample.standardError
        return abs(sample.mean - scores[i][k]) <= allowed
          ? nil : "row \(i), expert \(k), from rows that weigh a million: \(scores[i][k]), but the draws are \(sample)"
      }
    }
    return wrong.isEmpty ? [] : ["\(wrong.count) of \(scores.count * trial.experts.count): " + wrong[0]]
  }

  /// What is told of a fitted block: numbers and sentences within reason.
  func telling(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let block = try examination.updated(3)
    let data = try DataSummary(examination.rows)
    var violations: [String] = []
    for (k, parameters) in block.parameters(data).enumerated() {
      if let wrong = parameters.first(where: {
        !$0.value.isFinite || !($0.standardError.map { $0 > 0 && $0.isFinite } ?? true)
      }) {
        violations.append("expert \(k): parameter \(wrong.name) is \(wrong.value) ± \(wrong.standardError ?? .nan)")
      }
      if parameters.contains(where: { $0.name.isEmpty }) { violations.append("expert \(k): a parameter has no name") }
    }
    let collapsed = Model.collapsedExperts(block.experts, block.shared)
    if !collapsed.allSatisfy(block.experts.indices.contains) || Set(collapsed).count != collapsed.count {
      violations.append("the collapsed experts \(collapsed) are not of \(block.experts.count), each once")
    } else if !collapsed.isEmpty {
      violations.append("experts \(collapsed) of many rows each are called collapsed")
    }
    let statistics = try block.statistics(examination.rows, examination.nearTruth)
    let cancelling = Model.cancellingTerms(block.experts, block.shared, statistics.span)
    let size = try block.bound(examination.rows, examination.nearTruth).absolute
    // Rounding takes 64 ε of it; beyond this, a tenth of a nat could vanish unseen.
    if !(cancelling >= 0) || cancelling > 1e7 * (1 + size) {
      violations.append("the cancelling terms are \(cancelling), where the terms of the bound add up to \(size)")
    }
    let names = block.experts.indices.map { "expert number \($0)" }
    let warnings = Model.warnings(block.experts, block.shared, names: names)
    if warnings.count > 10 + 5 * names.count || warnings.contains(where: { $0.isEmpty || $0.count > 1000 }) {
      violations.append("\(warnings.count) warnings, the longest of \(warnings.map(\.count).max() ?? 0) characters")
    }
    return violations
  }

  /// Configured once or twice it is the same, and each expert alone is what it was among the others.
  func configuration(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let data = try DataSummary(examination.rows)
    var (once, twice) = (block, block)
    try once.configure(for: data)
    for _ in 0..<2 { try twice.configure(for: data) }
    var violations = try json(once) == json(twice) ? [] : ["configuring twice is not configuring once"]
    for kept in block.experts.indices.map({ [$0] }) {
      var alone = try examination.updated(1)
      let scores = try alone.scores(examination.rows)
      alone.select(kept)
      violations += differences(
        "scores of expert \(kept[0]) alone", scores.map { $0[kept[0]] }, try alone.scores(examination.rows).map { $0[0] },
        tolerance: 1e-12)
    }
    // Without another pass a part throws, or does what it can.
    var trial = try examination.updated(1)
    let statistics = try trial.statistics(examination.rows, examination.nearTruth)
    do {
      try Model.update(
        &trial.experts, &trial.shared, statistics.span, resum: Resum(isPossible: false) { _ in throw NoOtherPass() })
      if try !trial.scores(examination.rows).joined().allSatisfy(\.isFinite) {
        violations.append("an update without another pass leaves scores that are no numbers")
      }
    } catch is NoOtherPass {}
    return violations
  }

  /// Predictive laws of rows whose responses are zero.
  func predictionsAlone(_ examination: PartExamination<Experts<Model>>) throws -> [String] {
    let (rows, silent) = (examination.rows, examination.rows.responding(0))
    return try (examination.updated(2).predictive ?? []).enumerated().flatMap { k, expert in
      differencesInBits(
        "expert \(k): moments of predictions beside responses, and beside zeros", try expert.moments(rows),
        try expert.moments(silent))
    }
  }

  /// Why a law has nothing to say of the type; nil if it has.
  public func reasonNotToApply(_ law: ModelLaw) -> String? {
    switch law {
    case .offset where !Model.acceptsOffset: "rows with an offset are refused"
    case .predictiveDensity, .likelihoodAtMean, .predictionsAlone:
      block.predictive == nil ? "the type is not Predictive" : nil
    default: nil
    }
  }
}

private struct NoOtherPass: Error {}

/// The rows of a subject in groups, with what follows of each row.
private struct Grouping {
  let rows: Observations
  let assignmentOfRow: [Int]
  let weights: [Double]

  init(_ rows: LawRows) throws {
    var numbers: [Int] = []
    while numbers.count < rows.rowCount {
      let next = (numbers.last ?? -1) + 1
      numbers += Array(repeating: next, count: min(1 + next % 3, rows.rowCount - numbers.count))
    }
    assignmentOfRow = numbers
    weights = zip(rows.weights, numbers).map { $0 * [0.5, 3, 1, 2][$1 % 4] }
    self.rows = try rows.grouped(by: numbers, weights: weights)
  }
}

extension Predictive {
  fileprivate func moments(_ rows: LawRows) throws -> [Double] {
    var result: [Double] = []
    try rows.forEachTile { tile, _ in for law in try laws(tile) { result += [law.mean, law.variance] } }
    return result
  }
}

extension StatisticalPart {
  /// The scores of each row, also of rows in groups.
  fileprivate func rowScores(_ rows: some TileSource) throws -> [[Double]] {
    let pass = try prepared()
    var result: [[Double]] = []
    try rows.forEachTile { tile, _ in
      var scores = [Double](repeating: 7, count: expertCount * tile.capacity)
      withMutableSpan(of: &scores) { pass.expectedLogLikelihood(tile, into: &$0) }
      for i in tile.rows { result.append((0..<expertCount).map { scores[$0 * tile.capacity + i] }) }
    }
    return result
  }

  /// The statistics of rows in groups, under responsibilities of the groups, as the driver spreads them.
  fileprivate func rowStatistics(_ rows: some TileSource, _ shares: Responsibilities) throws -> [Double] {
    var sums = [Double](repeating: 0, count: statisticsCount)
    let pass = try prepared()
    try rows.forEachTile { tile, numbers in
      var columns = [Double](repeating: 0, count: expertCount * tile.capacity)
      for i in tile.rows {
        let assignment = numbers.lowerBound + (tile.assignmentOfRow?[i] ?? i)
        for k in 0..<expertCount { columns[k * tile.capacity + i] = tile.rowWeights[i] * shares.rows[assignment][k] }
      }
      withMutableSpan(of: &sums) { pass.accumulate(tile, columns.span, into: &$0) }
    }
    return sums
  }
}
