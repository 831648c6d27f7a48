import Foundation
import GSL
import MixtureCore

/// What the experts of a block and a gate have in common: scores, statistics, an update, a term of the ELBO. Laws of both
/// are written for it.
protocol StatisticalPart: Codable, Sendable {
  var expertCount: Int { get }
  /// Whether its scores and sums are those of assignments, or of the rows that may share one.
  static var seesAssignments: Bool { get }
  var statisticsCount: Int { get }
  mutating func configure(for data: DataSummary) throws
  /// What is checked of a part that was read from a file.
  func validate(for data: DataSummary) throws
  func prepared() throws -> any PreparedBlock
  func divergence() throws -> Double
  mutating func update(from statistics: [Double], resum: Resum<Self>) throws
  /// What is told of each expert, and of all together, in the units of the data.
  func estimates(_ data: DataSummary) -> [[ParameterEstimate]]
  func cancellingTerms(in statistics: [Double]) -> Double
  var warnings: [String] { get }
  /// How much higher scores are in the old units: the logarithm of the factors of what they are densities of.
  func logVolume(_ change: UnitChange) -> Double
}

extension Block: StatisticalPart {
  var expertCount: Int { experts.count }
  static var seesAssignments: Bool { false }

  mutating func update(from statistics: [Double], resum: Resum<Block>) throws {
    try Model.update(&experts, sharing: &shared, from: statistics.span, resum: resum)
  }
  func estimates(_ data: DataSummary) -> [[ParameterEstimate]] { parameters(for: data) }
  func cancellingTerms(in statistics: [Double]) -> Double {
    Model.cancellingTerms(of: experts, sharing: shared, in: statistics.span)
  }
  func logVolume(_ change: UnitChange) -> Double { log(change.response) }
  var warnings: [String] {
    Model.warnings(of: experts, sharing: shared, names: experts.indices.map { "expert number \($0)" })
  }
}

/// A gate as a part whose scores are E ln π_k.
struct GatePart<G: Gate>: StatisticalPart {
  var gate: G

  var expertCount: Int { gate.expertCount }
  static var seesAssignments: Bool { true }
  var statisticsCount: Int { gate.statisticsCount }
  mutating func configure(for data: DataSummary) throws { try gate.configure(for: data) }
  func validate(for data: DataSummary) throws {
    try gate.validate()
    try gate.validate(for: data)
  }
  func prepared() throws -> any PreparedBlock { Pass(gate: gate) }
  func divergence() throws -> Double { gate.divergence }

  mutating func update(from statistics: [Double], resum: Resum<GatePart>) throws {
    try gate.update(from: statistics.span, resum: Resum(isPossible: resum.isPossible) { try resum(GatePart(gate: $0)) })
  }
  func estimates(_ data: DataSummary) -> [[ParameterEstimate]] {
    gate.parameters(for: data) + [gate.commonParameters(for: data)]
  }
  func cancellingTerms(in statistics: [Double]) -> Double { gate.cancellingTerms(in: statistics.span) }
  var warnings: [String] { gate.warnings }
  func logVolume(_ change: UnitChange) -> Double { Double(gate.densityFeatures.count) * log(change.features) }

  private struct Pass: PreparedBlock {
    let gate: G
    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      gate.expectedLogWeights(tile, into: &scores)
    }
    func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      gate.accumulate(tile, weighedBy: responsibilities, into: &statistics)
    }
  }
}

extension StatisticalPart {
  /// The scores of each assignment, or of each row.
  func scores(_ rows: some TileSource) throws -> [[Double]] {
    let pass = try prepared()
    var result: [[Double]] = []
    try rows.forEachTile { tile, _ in
      // What the buffer held before must not matter.
      var scores = [Double](repeating: 7, count: expertCount * tile.capacity)
      withMutableSpan(of: &scores) { pass.expectedLogLikelihood(tile, into: &$0) }
      for i in 0..<(Self.seesAssignments ? tile.assignmentCount : tile.rowCount) {
        result.append((0..<expertCount).map { scores[$0 * tile.capacity + i] })
      }
    }
    return result
  }

  /// The statistics of all rows, tile by tile into one buffer.
  func statistics(_ rows: some TileSource, _ responsibilities: Responsibilities) throws -> [Double] {
    var sums = [Double](repeating: 0, count: statisticsCount)
    let pass = try prepared()
    try rows.forEachTile { tile, numbers in
      let columns = columns(responsibilities, tile, numbers)
      withMutableSpan(of: &sums) { pass.accumulate(tile, weighedBy: columns.span, into: &$0) }
    }
    return sums
  }

  /// The statistics of each tile for itself.
  func separateStatistics(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> [[Double]] {
    let pass = try prepared()
    var result: [[Double]] = []
    try rows.forEachTile { tile, numbers in
      let columns = columns(responsibilities, tile, numbers)
      var sums = [Double](repeating: 0, count: statisticsCount)
      withMutableSpan(of: &sums) { pass.accumulate(tile, weighedBy: columns.span, into: &$0) }
      result.append(sums)
    }
    return result
  }

  /// Σ_i w_i Σ_k r_ik score_ik less the divergence: what of the ELBO depends on the part under frozen responsibilities.
  func elbo(_ rows: LawRows, _ responsibilities: Responsibilities) throws -> ELBOValue {
    let divergence = try divergence()
    var elbo = ELBOValue(total: -divergence, absolute: abs(divergence))
    for (i, scores) in try scores(rows).enumerated() {
      for (r, score) in zip(responsibilities.rows[i], scores) where r > 0 {
        elbo.total += rows.weights[i] * r * score
        elbo.absolute += rows.weights[i] * r * abs(score)
      }
    }
    return elbo
  }

  /// One pass under frozen responsibilities, and one update.
  mutating func update(_ rows: some TileSource, _ responsibilities: Responsibilities) throws {
    try update(from: statistics(rows, responsibilities), resum: Resum { try $0.statistics(rows, responsibilities) })
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

extension StatisticalPart {
  /// The columns of responsibilities of a tile, each of an assignment or of a row, multiplied by its weight, and zero beyond the last.
  fileprivate func columns(_ responsibilities: Responsibilities, _ tile: Tile, _ numbers: Range<Int>) -> [Double] {
    var columns = [Double](repeating: 0, count: expertCount * tile.capacity)
    let weights = Self.seesAssignments ? tile.assignmentWeights : tile.rowWeights
    for i in 0..<(Self.seesAssignments ? tile.assignmentCount : tile.rowCount) {
      let assignment = Self.seesAssignments ? i : tile.assignmentOfRow?[i] ?? i
      let shares = responsibilities.rows[numbers.lowerBound + assignment]
      for k in 0..<expertCount { columns[k * tile.capacity + i] = weights[i] * shares[k] }
    }
    return columns
  }
}
