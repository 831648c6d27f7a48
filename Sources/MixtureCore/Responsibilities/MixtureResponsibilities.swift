import GSL

/// The responsibilities that a mixture gives to its experts: q(Z) as it maximises the ELBO, by log-sum-exp.
struct MixtureResponsibilities: ResponsibilitySource {
  let mixture: MixtureModel
  /// With τ < 1 the entropy of q(Z) counts 1 / τ times: r_ik ∝ exp(τ score_ik).
  var inverseTemperature = 1.0
  /// The mixture's blocks, where they are prepared already.
  var blocks: [any PreparedBlock]?

  func makeReader(for rows: any TileSource) throws -> any ResponsibilityReader {
    try mixture.refuseWhatIsIgnored(of: rows)
    return try MixtureScores(
      mixture, capacity: VectorKernels.padded(rows.tileCapacity), inverseTemperature: inverseTemperature, blocks: blocks)
  }
}

/// Computes the scores of all experts, E ln π_k + E ln p(y | x, θ_k), for tile after tile.
final class MixtureScores: ResponsibilityReader {
  private let blocks: [any PreparedBlock]
  private let expertRanges: [Range<Int>]
  private let gate: any Gate
  private let capacity: Int
  private let inverseTemperature: Double
  private var rowScores: [Double]
  private var logSums: [Double]

  /// - Parameter blocks: the mixture's blocks, where they are prepared already.
  init(
    _ mixture: MixtureModel, capacity: Int, inverseTemperature: Double = 1, blocks: [any PreparedBlock]? = nil
  ) throws {
    self.blocks = try blocks ?? mixture.blocks.map { try $0.prepared() }
    expertRanges = mixture.expertRanges
    gate = mixture.gate
    self.capacity = capacity
    self.inverseTemperature = inverseTemperature
    rowScores = Array(repeating: 0, count: mixture.expertCount * capacity)
    logSums = Array(repeating: 0, count: capacity)
  }

  func read(_ tile: Tile, into responsibilities: inout MutableSpan<Double>) -> [Double]? {
    score(tile, into: &responsibilities)
    if inverseTemperature < 1 { for i in responsibilities.indices { responsibilities[i] *= inverseTemperature } }
    VectorKernels.softmax(&responsibilities, columns: gate.expertCount, stride: capacity, logSums: &logSums)
    if inverseTemperature < 1 { for i in logSums.indices { logSums[i] /= inverseTemperature } }
    return logSums
  }

  /// Writes the scores of each assignment of the tile; those beyond the last one are zero.
  func score(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    gate.expectedLogWeights(tile, into: &scores)
    withMutableSpan(of: &rowScores) { scoreRows(tile, into: &$0) }
    let rowScores = rowScores
    for k in 0..<gate.expertCount {
      let column = tile.column(k)
      if let assignmentOfRow = tile.assignmentOfRow {
        for i in tile.rows { scores[column.lowerBound + assignmentOfRow[i]] += rowScores[column.lowerBound + i] }
      } else {
        scores.withElements(in: column) { VectorKernels.add(rowScores.span.extracting(column), to: &$0) }
      }
      for i in tile.assignmentCount..<capacity { scores[column.lowerBound + i] = 0 }
    }
  }

  /// Writes the experts' scores of each row, without the gate's.
  func scoreRows(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for (block, range) in zip(blocks, expertRanges) {
      scores.withElements(in: (range.lowerBound * capacity)..<(range.upperBound * capacity)) {
        block.expectedLogLikelihood(tile, into: &$0)
      }
    }
  }
}
