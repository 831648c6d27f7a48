/// The sums of one pass, and where each part's are.
struct Statistics {
  let values: [Double]
  let layout: StatisticsLayout

  /// Σ_i w_i ln Σ_k exp(score_ik).
  var logSum: Double { values[layout.logSum] }
  /// Σ_i w_i |ln Σ_k exp(score_ik)|.
  var absoluteLogSum: Double { values[layout.logSum + 1] }
  /// Σ_i w_i over the assignments.
  var assignmentWeight: Double { values[layout.logSum + 2] }
  /// Σ_i w_i r_ik over the rows, for each expert.
  var effectiveRows: [Double] { Array(values[layout.effectiveRows]) }

  func part(_ index: Int) -> [Double] { Array(values[index < layout.blocks.count ? layout.blocks[index] : layout.gate]) }
}

/// The one flat buffer of sums: the blocks' slices, the gate's, and the driver's own.
struct StatisticsLayout {
  let experts: [Range<Int>]
  let blocks: [Range<Int>]
  let gate: Range<Int>
  let effectiveRows: Range<Int>
  let logSum: Int
  var count: Int { logSum + 3 }

  init(_ mixture: MixtureModel) {
    experts = mixture.expertRanges
    let parts = ranges(
      of: mixture.blocks.map(\.statisticsCount) + [mixture.gate.statisticsCount, mixture.expertCount])
    blocks = Array(parts.dropLast(2))
    gate = parts[parts.count - 2]
    effectiveRows = parts[parts.count - 1]
    logSum = effectiveRows.upperBound
  }

  /// Adds the assignments' weights, and their part of the ELBO where the source of responsibilities knows it.
  func addELBO(_ logSums: [Double]?, _ tile: Tile, to sums: inout [Double]) {
    sums[logSum + 2] += VectorKernels.sum(tile.assignmentWeights.span)
    guard let logSums else { return }
    var (sum, absolute) = (0.0, 0.0)
    for i in 0..<tile.assignmentCount where tile.assignmentWeights[i] > 0 {
      let term = tile.assignmentWeights[i] * logSums[i]
      sum += term
      absolute += abs(term)
    }
    sums[logSum] += sum
    sums[logSum + 1] += absolute
  }
}
