import Foundation
import GSL
import MixtureCore
import Synchronization

/// The laws that blocks of experts and gates have in common, examined with some rows and their true labels.
struct PartExamination<Part: StatisticalPart> {
  /// The part as a user makes it, before it has seen data.
  let part: Part
  let rows: LawRows
  let labels: [Int]

  /// How far sums of the same contributions in another order may differ, relative to the sum of the absolute contributions.
  let tolerance = 1e-9

  /// Nearly the true labels.
  var nearTruth: Responsibilities { Responsibilities(labels: labels, expertCount: part.expertCount) }
  /// These have nothing to do with the labels.
  var random: Responsibilities { Responsibilities(seed: 11, rowCount: rows.rowCount, expertCount: part.expertCount) }

  /// The part once it has seen the data and been updated so many times with nearly the true labels.
  func updated(_ count: Int) throws -> Part {
    var part = part
    try part.configure(for: DataSummary(rows))
    for _ in 0..<count { try part.update(rows, nearTruth) }
    return part
  }

  // MARK: Statistics

  /// Rows of weight zero against no such rows.
  func weightZero() throws -> [String] {
    let kept = (0..<rows.rowCount).filter { $0 % 3 != 1 }
    return try sameUpdates(
      rows.weighing { $0 % 3 == 1 ? 0 : 1 }, nearTruth, rows.selecting(kept), nearTruth.selecting(kept))
  }

  /// Rows of weight two against the rows twice.
  func weightTwo() throws -> [String] {
    let repeated = (0..<rows.rowCount).flatMap { $0 % 3 == 1 ? [$0, $0] : [$0] }
    return try sameUpdates(
      rows.weighing { $0 % 3 == 1 ? 2 : 1 }, nearTruth, rows.selecting(repeated), nearTruth.selecting(repeated))
  }

  /// The rows in another order.
  func rowOrder() throws -> [String] {
    // 7 has no common divisor with the modulus, so this is a permutation.
    let modulus = rows.rowCount % 7 == 0 ? rows.rowCount + 1 : rows.rowCount
    let order = (1...modulus).map { $0 * 7 % modulus }.filter { $0 < rows.rowCount }
    let shuffled = rows.selecting(order)
    let part = try updated(1)
    let scores = try part.scores(rows)
    return try sameUpdates(rows, nearTruth, shuffled, nearTruth.selecting(order))
      + differences(
        "scores", order.flatMap { scores[$0] }, try part.scores(shuffled).flatMap(\.self), tolerance: tolerance)
  }

  /// Scores of rows that weigh differently against those of rows that all weigh one.
  func weightlessScores() throws -> [String] {
    let part = try updated(1)
    return differences(
      "scores of rows of weight one, and of other weights", try part.scores(rows).flatMap(\.self),
      try part.scores(rows.unevenlyWeighted).flatMap(\.self), tolerance: tolerance)
  }

  /// One tile against many, into one buffer and into buffers of their own.
  func split() throws -> [String] {
    let part = try updated(1)
    let tiles = rows.cut([7, 16, 1, 24])
    let whole = try part.statistics(rows, nearTruth)
    let scale = try absoluteContributions(part, rows, nearTruth)
    var sum = [Double](repeating: 0, count: whole.count)
    for sums in try part.separateStatistics(tiles, nearTruth) { for j in sums.indices { sum[j] += sums[j] } }
    return differences(
      "statistics of all rows in one tile, and in many into one buffer", whole, try part.statistics(tiles, nearTruth),
      tolerance: tolerance, scale: scale)
      + differences(
        "statistics of all rows in one tile, and in many added up", whole, sum, tolerance: tolerance, scale: scale)
      + differences(
        "scores of all rows in one tile, and in many", try part.scores(rows).flatMap(\.self),
        try part.scores(tiles).flatMap(\.self), tolerance: tolerance) + (try scoresOnThreads(part))
  }

  /// Scores of several threads at once, each of other rows, against those of one: buffers that belong to the type are written by all.
  private func scoresOnThreads(_ part: Part) throws -> [String] {
    let orders = (0..<4).map { thread in rows.selecting((0..<rows.rowCount).map { ($0 * 7 + thread) % rows.rowCount }) }
    let expected = try orders.map { try part.scores($0).flatMap(\.self) }
    let found = Mutex<[String]>([])
    let group = DispatchGroup()
    // Threads of their own: a pool may have none left.
    for (rows, expected) in zip(orders, expected) {
      group.enter()
      Thread.detachNewThread {
        for _ in 0..<10 {
          let scores = (try? part.scores(rows).flatMap(\.self)) ?? []
          let differences = differencesInBits("scores of one thread, and of several at once", expected, scores)
          found.withLock { $0 += differences }
        }
        group.leave()
      }
    }
    group.wait()
    return Array(found.withLock { $0 }.prefix(1))
  }

  /// What differs between parts that have been configured for and updated with rows that ought to mean the same.
  func sameUpdates(
    _ rowsA: LawRows, _ responsibilitiesA: Responsibilities, _ rowsB: some TileSource,
    _ responsibilitiesB: Responsibilities
  ) throws -> [String] {
    var (a, b) = (part, part)
    try a.configure(for: DataSummary(rowsA))
    try b.configure(for: DataSummary(rowsB))
    for _ in 0..<2 {
      let (sumsA, sumsB) = (try a.statistics(rowsA, responsibilitiesA), try b.statistics(rowsB, responsibilitiesB))
      let scale = try absoluteContributions(a, rowsA, responsibilitiesA)
      let found = differences("statistics", sumsA, sumsB, tolerance: tolerance, scale: scale)
      if !found.isEmpty { return found }
      try a.update(rowsA, responsibilitiesA)
      try b.update(rowsB, responsibilitiesB)
    }
    return differences(
      "scores after two updates", try a.scores(rows).flatMap(\.self), try b.scores(rows).flatMap(\.self), tolerance: 1e-7)
  }

  /// Σ_i |contribution of row i| to each statistic.
  func absoluteContributions(
    _ part: Part, _ rows: LawRows, _ responsibilities: Responsibilities
  ) throws -> [Double] {
    try part.separateStatistics(rows.singleRows, responsibilities).reduce(
      into: Array(repeating: 0, count: part.statisticsCount)
    ) { for j in $1.indices { $0[j] += abs($1[j]) } }
  }

  // MARK: The value

  /// Updates of a copy, seen from the original.
  func copyIsIndependent() throws -> [String] {
    let original = try updated(1)
    func state() throws -> (json: Data, numbers: [Double]) { (try json(original), try numbers(original)) }
    let before = try state()
    var copy = original
    try copy.update(rows, random)
    // What is behind a reference may be written at any time.
    var other = original
    try other.configure(for: DataSummary(rows.unevenlyWeighted))
    _ = try (other.statistics(rows, random), other.scores(rows), other.divergence(), numbers(copy))
    let after = try state()
    return (before.json == after.json ? [] : ["updating a copy changes the JSON of the original"])
      + differencesInBits("updating a copy changes the original's numbers", before.numbers, after.numbers)
      + (try json(copy) == before.json && part.statisticsCount > 0 ? ["an update with new statistics changes nothing"] : [])
  }

  /// A way through JSON, an update behind it, and the checks of what comes from a file.
  func jsonRoundTrip() throws -> [String] {
    let updated = try updated(1)
    do { try updated.validate(for: DataSummary(rows)) } catch {
      return ["what it learned from rows does not pass its checks for them: \(error)"]
    }
    return try roundTripViolations(updated) { part in
      var next = part
      try next.update(rows, random)
      return try numbers(part) + numbers(next)
    }
  }

  /// Scores, statistics and divergence.
  private func numbers(_ part: Part) throws -> [Double] {
    try part.scores(rows).flatMap(\.self) + part.statistics(rows, nearTruth) + [part.divergence()]
  }

  // MARK: The ELBO

  /// KL ≥ 0 wherever updates lead, and no more than the penalty where no row says anything.
  func divergence(penalty: (Part) throws -> Double = { _ in 0 }) throws -> [String] {
    var trial = try updated(0)
    var violations: [String] = []
    for responsibilities in [nearTruth, random, nearTruth] {
      try trial.update(rows, responsibilities)
      let divergence = try trial.divergence()
      if !(divergence >= 0) { violations.append("the divergence is \(divergence) after an update") }
    }
    let silent = rows.weighing { _ in 0 }
    var untouched = try updated(0)
    try untouched.update(silent, nearTruth)
    let (atPrior, penalty) = (try untouched.divergence(), try penalty(untouched))
    if !(abs(atPrior - penalty) <= 1e-9 * (1 + abs(penalty))) {
      violations.append("the divergence is \(atPrior) after an update without rows, and the penalty is \(penalty)")
    }
    return violations
  }

  /// The ELBO under frozen responsibilities, from update to update.
  func updateNeverLowers() throws -> [String] {
    for count in [0, 1, 2, 3, 5] {
      let violations = try updateNeverLowers(rowsOfEach: count)
      if !violations.isEmpty { return violations }
    }
    var trial = try updated(1)
    let phases = [("nearly true", nearTruth), ("random", random), ("nearly true", nearTruth)]
    for (name, responsibilities) in phases {
      let violations = try updates(of: &trial, count: 6, rows, responsibilities, "under \(name) responsibilities")
      if !violations.isEmpty { return violations }
    }
    return []
  }

  /// Whether any of some updates under the same responsibilities lowers the ELBO.
  private func updates(
    of trial: inout Part, count: Int, _ rows: LawRows, _ responsibilities: Responsibilities, _ circumstances: String
  ) throws -> [String] {
    var before = try trial.elbo(rows, responsibilities)
    for number in 1...count {
      try trial.update(rows, responsibilities)
      let after = try trial.elbo(rows, responsibilities)
      if after.isBelow(before) {
        return ["update \(number) \(circumstances) lowers the ELBO from \(before.total) to \(after.total)"]
      }
      before = after
    }
    return []
  }

  /// The same with so few rows of each label. A part may refuse them.
  private func updateNeverLowers(rowsOfEach count: Int) throws -> [String] {
    let few = counting(firstRows(count))
    var trial = try updated(0)
    do {
      try trial.update(few, nearTruth)
      return try updates(of: &trial, count: 4, few, nearTruth, "with \(count) rows an expert")
    } catch is Breakdown {}
    return []
  }

  /// The part after twenty updates with so few rows of each label, each wholly its expert's, and these rows; nil if it refuses them.
  func fewRows(_ count: Int) throws -> (part: Part, rows: LawRows, labels: [Int])? {
    let indices = firstRows(count)
    let weighed = counting(indices)
    let own = Responsibilities(certain: labels, expertCount: part.expertCount)
    var trial = try updated(0)
    do { for _ in 0..<20 { try trial.update(weighed, own) } } catch is Breakdown { return nil }
    return (trial, rows.selecting(indices), indices.map { labels[$0] })
  }

  /// The ELBO where updates have come to rest, and for what one update settles, after one.
  func stationary(_ variations: [Variation<Part>]) throws -> [String] {
    guard !variations.isEmpty else { return ["the subject names no variations: how to move each free parameter"] }
    let violations = try stationaryWithAllRows(variations)
    guard violations.isEmpty else { return violations }
    return try [3, 5].flatMap { count in
      try stationary(variations, rowsOfEach: count).map { "with \(count) rows an expert, " + $0 }
    }
  }

  /// What one update settles, with so few rows of each label. A part may refuse them.
  private func stationary(_ variations: [Variation<Part>], rowsOfEach count: Int) throws -> [String] {
    let few = counting(firstRows(count))
    var trial = try updated(0)
    do { for _ in 0..<3 { try trial.update(few, nearTruth) } } catch is Breakdown { return [] }
    return try variations.filter(\.isUpdatedLast).flatMap {
      try $0.violations(at: trial) { try $0.elbo(few, nearTruth) }
    }
  }

  private func stationaryWithAllRows(_ variations: [Variation<Part>]) throws -> [String] {
    func elbo(_ part: Part) throws -> ELBOValue { try part.elbo(rows, nearTruth) }
    var trial = try updated(0)
    for _ in 0..<2 { try trial.update(rows, random) }
    try trial.update(rows, nearTruth)
    let early = try variations.filter(\.isUpdatedLast).flatMap { try $0.violations(at: trial, elbo: elbo) }
    var before = try elbo(trial)
    for _ in 0..<500 {
      try trial.update(rows, nearTruth)
      let after = try elbo(trial)
      if after.total <= before.total + after.rounding { break }
      before = after
    }
    return try early.map { "after one update, " + $0 }
      + variations.flatMap { try $0.violations(at: trial, elbo: elbo) }.map { "at rest, " + $0 }
  }

  // MARK: Draws

  /// A part with few rows behind it, so that q is wide enough for what belongs to its width to show, and rows to look at.
  struct Uncertain {
    let part: Part
    let rows: LawRows
    let labels: [Int]
    let tile: Tile

    /// 2000 draws from the part's parameters, and what `draw` makes of each.
    func draws(_ draw: (Part, Tile, inout RandomSource) throws -> [[Double]]) throws -> [[[Double]]] {
      var source = RandomSource(seed: 12)
      return try (0..<2000).map { _ in try draw(part, tile, &source) }
    }
  }

  /// The part after three updates with five rows of each label, and twenty rows of each.
  func uncertain() throws -> Uncertain { try uncertain(behind: firstRows(5)) }

  /// The same with the given rows.
  func uncertain(behind counted: [Int]) throws -> Uncertain {
    let few = counting(counted)
    var trial = try updated(0)
    for _ in 0..<3 { try trial.update(few, nearTruth) }
    let indices = firstRows(20)
    let examined = rows.selecting(indices)
    let tile = examined.makeTile()
    try examined.load(0, into: tile)
    return Uncertain(part: trial, rows: examined, labels: indices.map { labels[$0] }, tile: tile)
  }

  /// All rows, of which the given ones count.
  private func counting(_ indices: [Int]) -> LawRows {
    let counted = Set(indices)
    return rows.weighing { counted.contains($0) ? 1 : 0 }
  }

  /// The first `count` rows of each label.
  private func firstRows(_ count: Int) -> [Int] {
    let rowsOfLabel = Dictionary(grouping: labels.indices) { labels[$0] }
    return rowsOfLabel.values.flatMap { $0.prefix(count) }.sorted()
  }
}
