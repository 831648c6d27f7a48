import Foundation
import GSL

/// Makes passes over the data: responsibilities from a source, then sums from the parts of a mixture.
final class PassEngine {
  let rows: any TileSource
  private let threads: Int
  private let expertCount: Int
  private let buffers: [WorkerBuffers]
  private let isCancelled: @Sendable () -> Bool

  /// An engine for mixtures like the given one, in its units.
  init(
    rows: any TileSource, for mixture: MixtureModel, threads: Int,
    isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) throws {
    self.rows = rows
    self.threads = threads
    expertCount = mixture.expertCount
    self.isCancelled = isCancelled
    let workers = TileReduction(tileCount: rows.tileCount, sumCount: 0, threads: threads).workers
    let expertCount = expertCount
    buffers = try (0..<workers).map { _ in WorkerBuffers(try mixture.makeTile(for: rows), expertCount: expertCount) }
  }

  /// The statistics of the parts of `mixture` under the responsibilities of `source`.
  ///
  /// - Parameter part: the only part that is to accumulate (a block, or the gate after the blocks); nil for all.
  func statistics(
    of mixture: MixtureModel, under source: any ResponsibilitySource, part: Int? = nil
  ) throws -> Statistics {
    try statistics(of: mixture, prepared: prepared(mixture, part: part), under: source, part: part)
  }

  /// The statistics of `mixture` under its own responsibilities. Its blocks are prepared once for both halves of the pass, so that what they leave
  /// in the rooms of a tile is found again, and each row is evaluated once.
  func statistics(of mixture: MixtureModel) throws -> Statistics {
    let blocks = try mixture.blocks.enumerated().map { index, block in
      try PartFailure.of(index) { try block.prepared() }
    }
    let accumulating = blocks.enumerated().map { accumulates($0, of: mixture, nil) ? $1 : nil }
    return try statistics(
      of: mixture, prepared: accumulating, under: MixtureResponsibilities(mixture: mixture, blocks: blocks), part: nil)
  }

  /// The blocks of `mixture` that are to accumulate, ready for a pass; the others are nil.
  ///
  /// - Throws: ``PartFailure`` of a block that cannot be prepared.
  func prepared(_ mixture: MixtureModel, part: Int? = nil) throws -> [(any PreparedBlock)?] {
    try mixture.blocks.enumerated().map { index, block in
      accumulates(index, of: mixture, part) ? try PartFailure.of(index) { try block.prepared() } : nil
    }
  }

  private func accumulates(_ index: Int, of mixture: MixtureModel, _ part: Int?) -> Bool {
    part.map { $0 == index } ?? !mixture.isFixed(part: index)
  }

  /// The statistics of blocks that are ``prepared(_:part:)``, and of the gate.
  func statistics(
    of mixture: MixtureModel, prepared: [(any PreparedBlock)?], under source: any ResponsibilitySource, part: Int?
  ) throws -> Statistics {
    let layout = StatisticsLayout(mixture)
    let gate = mixture.gate
    let gateAccumulates = accumulates(prepared.count, of: mixture, part)
    let values = try forEachTile(source, sumCount: layout.count) { buffers, logSums, sums in
      let tile = buffers.tile
      layout.addELBO(logSums, tile, to: &sums)
      buffers.weighResponsibilities()
      if gateAccumulates {
        let responsibilities = buffers.responsibilities
        var sums = sums.mutableSpan
        sums.withElements(in: layout.gate) { gate.accumulate(tile, weighedBy: responsibilities.span, into: &$0) }
      }
      buffers.spreadResponsibilitiesOverRows()
      let responsibilities = buffers.responsibilities
      for k in 0..<expertCount {
        sums[layout.effectiveRows.lowerBound + k] += VectorKernels.sum(
          responsibilities.span.extracting(tile.column(k)))
      }
      var sums = sums.mutableSpan
      for (index, block) in prepared.enumerated() {
        guard let block else { continue }
        let columns = layout.experts[index]
        let range = (columns.lowerBound * tile.capacity)..<(columns.upperBound * tile.capacity)
        sums.withElements(in: layout.blocks[index]) {
          block.accumulate(tile, weighedBy: responsibilities.span.extracting(range), into: &$0)
        }
      }
    }
    return Statistics(values: values, layout: layout)
  }

  /// Σ_i w_i Σ_k r_ik (score_ik − ln r_ik): what the data give the ELBO of `mixture` under any responsibilities.
  func expectedScore(of mixture: MixtureModel, under source: any ResponsibilitySource) throws -> Double {
    let scorers = try buffers.map { _ in try MixtureScores(mixture, capacity: buffers[0].tile.capacity) }
    let sums = try forEachTile(source, sumCount: 1) { buffers, _, sums in
      let tile = buffers.tile
      withMutableSpan(of: &buffers.scores) { scorers[buffers.index].score(tile, into: &$0) }
      for k in 0..<expertCount {
        for i in 0..<tile.assignmentCount {
          let r = buffers.responsibilities[k * tile.capacity + i]
          if r > 0 { sums[0] += tile.assignmentWeights[i] * r * (buffers.scores[k * tile.capacity + i] - log(r)) }
        }
      }
    }
    return sums[0]
  }

  /// How many threads take part.
  var workerCount: Int { buffers.count }

  /// Calls `body` for every tile with its responsibilities, on all threads; or on one, tile after tile, for so many sums that there should be one
  /// copy of them.
  func forEachTile(
    _ source: any ResponsibilitySource, sumCount: Int, isSequential: Bool = false,
    _ body: (_ buffers: WorkerBuffers, _ logSums: [Double]?, _ sums: inout [Double]) throws -> Void
  ) throws -> [Double] {
    for (index, buffer) in buffers.enumerated() {
      buffer.index = index
      buffer.reader = try source.makeReader(for: rows)
    }
    let reduction = TileReduction(
      tileCount: rows.tileCount, sumCount: sumCount, threads: threads, leaves: isSequential ? 1 : TileReduction.mostLeaves,
      isCancelled: isCancelled)
    return try reduction.run { worker, index, sums in
      let buffer = buffers[worker]
      try rows.load(index, into: buffer.tile)
      let logSums = try buffer.readResponsibilities()
      try body(buffer, logSums, &sums)
    }
  }
}
