import GSL
import MixtureCore

/// What the experts of a block and a gate have in common: scores, statistics, an update, a term of the bound. Laws of both
/// are written for it.
protocol StatisticalPart: Codable {
  var expertCount: Int { get }
  var statisticsCount: Int { get }
  mutating func configure(for data: DataSummary) throws
  /// What is checked of a part that was read from a file.
  func validate(for data: DataSummary) throws
  func prepared() throws -> any PreparedExperts
  func divergence() throws -> Double
  mutating func update(_ statistics: [Double], resumming: @escaping (Self) throws -> [Double]) throws
}

extension Experts: StatisticalPart {
  var expertCount: Int { experts.count }

  mutating func update(_ statistics: [Double], resumming: @escaping (Experts) throws -> [Double]) throws {
    try Model.update(&experts, &shared, statistics.span, resum: Resum(resumming))
  }
}

/// A gate as a part whose scores are E ln π_k.
struct GatePart<G: Gate>: StatisticalPart {
  var gate: G

  var expertCount: Int { gate.expertCount }
  var statisticsCount: Int { gate.statisticsCount }
  mutating func configure(for data: DataSummary) throws { try gate.configure(for: data) }
  func validate(for data: DataSummary) throws {
    try gate.validate()
    try gate.validate(for: data)
  }
  func prepared() throws -> any PreparedExperts { Pass(gate: gate) }
  func divergence() throws -> Double { gate.divergence }

  mutating func update(_ statistics: [Double], resumming: @escaping (GatePart) throws -> [Double]) throws {
    try gate.update(statistics.span, resum: Resum { try resumming(GatePart(gate: $0)) })
  }

  private struct Pass: PreparedExperts {
    let gate: G
    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      gate.expectedLogWeights(tile, into: &scores)
    }
    func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      gate.accumulate(tile, responsibilities, into: &statistics)
    }
  }
}

extension StatisticalPart {
  /// The scores of each assignment; the rows of blocks are not grouped.
  func scores(_ rows: some TileSource) throws -> [[Double]] {
    let pass = try prepared()
    var result: [[Double]] = []
    try rows.forEachTile { tile, _ in
      // What the buffer held before must not matter.
      var scores = [Double](repeating: 7, count: expertCount * tile.capacity)
      withMutableSpan(of: &scores) { pass.expectedLogLikelihood(tile, into: &$0) }
      for i in 0..<tile.assignmentCount { result.append((0..<expertCount).map { scores[$0 * tile.capacity + i] }) }
    }
    return result
  }

  /// The statistics of all rows, tile by tile into one buffer.
  func statistics(_ rows: some TileSource, _ responsibilities: Responsibilities) throws -> [Double] {
    var sums = [Double](repeating: 0, count: statisticsCount)
    let pass = try prepared()
    try rows.forEachTile { tile, numbers in
      let columns = responsibilities.columns(tile, numbers, expertCount: expertCount)
      withMutableSpan(of: &sums) { pass.accumulate(tile, columns.span, into: &$0) }
    }
    return sums
  }

  /// The statistics of each tile for itself.
  func separateStatistics(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> [[Double]] {
    let pass = try prepared()
    var result: [[Double]] = []
    try rows.forEachTile { tile, numbers in
      let columns = responsibilities.columns(tile, numbers, expertCount: expertCount)
      var sums = [Double](repeating: 0, count: statisticsCount)
      withMutableSpan(of: &sums) { pass.accumulate(tile, columns.span, into: &$0) }
      result.append(sums)
    }
    return result
  }

  /// Σ_i w_i Σ_k r_ik score_ik less the divergence: what of the bound depends on the part under frozen responsibilities.
  func bound(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> BoundValue {
    let divergence = try divergence()
    var bound = BoundValue(total: -divergence, absolute: abs(divergence))
    for (i, scores) in try scores(rows).enumerated() {
      for (r, score) in zip(responsibilities.rows[i], scores) where r > 0 {
        bound.total += rows.weights[i] * r * score
        bound.absolute += rows.weights[i] * r * abs(score)
      }
    }
    return bound
  }

  /// One pass under frozen responsibilities, and one update.
  mutating func update(_ rows: some TileSource, _ responsibilities: Responsibilities) throws {
    try update(statistics(rows, responsibilities)) { try $0.statistics(rows, responsibilities) }
  }
}

extension TileSource {
  /// Calls `body` for each tile, with the numbers of its assignments.
  func forEachTile(_ body: (Tile, Range<Int>) throws -> Void) throws {
    let tile = makeTile()
    for index in 0..<tileCount {
      try load(index, into: tile)
      try body(tile, tile.firstAssignment..<(tile.firstAssignment + tile.assignmentCount))
    }
  }
}

extension Responsibilities {
  /// The columns of a tile, each assignment multiplied by its weight and zero beyond the last one.
  fileprivate func columns(_ tile: Tile, _ numbers: Range<Int>, expertCount: Int) -> [Double] {
    var columns = [Double](repeating: 0, count: expertCount * tile.capacity)
    for (i, number) in numbers.enumerated() {
      for k in 0..<expertCount { columns[k * tile.capacity + i] = tile.weights[i] * rows[number][k] }
    }
    return columns
  }
}
