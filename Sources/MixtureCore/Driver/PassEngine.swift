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
    let layout = StatisticsLayout(mixture)
    let gate = mixture.gate
    let accumulates = (0...mixture.blocks.count).map { part == nil ? !mixture.isFixed(part: $0) : part == $0 }
    let prepared = try zip(mixture.blocks, accumulates).map { try $1 ? $0.prepared() : nil }
    let values = try forEachTile(source, sumCount: layout.count) { buffers, logSums, sums in
      let tile = buffers.tile
      layout.addELBO(logSums, tile, to: &sums)
      buffers.weighResponsibilities()
      if accumulates[prepared.count] {
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
          if r > 0 { sums[0] += tile.weights[i] * r * (buffers.scores[k * tile.capacity + i] - log(r)) }
        }
      }
    }
    return sums[0]
  }

  /// Calls `body` for every tile with its responsibilities, on all threads.
  private func forEachTile(
    _ source: any ResponsibilitySource, sumCount: Int,
    _ body: (_ buffers: WorkerBuffers, _ logSums: [Double]?, _ sums: inout [Double]) throws -> Void
  ) throws -> [Double] {
    for (index, buffer) in buffers.enumerated() {
      buffer.index = index
      buffer.reader = try source.makeReader(for: rows)
    }
    let reduction = TileReduction(
      tileCount: rows.tileCount, sumCount: sumCount, threads: threads, isCancelled: isCancelled)
    return try reduction.run { worker, index, sums in
      let buffer = buffers[worker]
      try rows.load(index, into: buffer.tile)
      let logSums = try buffer.readResponsibilities()
      try body(buffer, logSums, &sums)
    }
  }
}

/// The sums of one iteration, and where each part's are.
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
    sums[logSum + 2] += VectorKernels.sum(tile.weights.span)
    guard let logSums else { return }
    var (sum, absolute) = (0.0, 0.0)
    for i in 0..<tile.assignmentCount {
      let term = tile.weights[i] * logSums[i]
      sum += term
      absolute += abs(term)
    }
    sums[logSum] += sum
    sums[logSum + 1] += absolute
  }
}

/// What one thread needs to work through tiles.
private final class WorkerBuffers {
  let tile: Tile
  var index = 0
  var reader: (any ResponsibilityReader)?
  var responsibilities: [Double]
  var scores: [Double]

  init(_ tile: Tile, expertCount: Int) {
    self.tile = tile
    responsibilities = Array(repeating: 0, count: expertCount * tile.capacity)
    scores = responsibilities
  }

  func readResponsibilities() throws -> [Double]? {
    var failure: (any Error)?
    let logSums = withMutableSpan(of: &responsibilities) { responsibilities -> [Double]? in
      do { return try reader!.read(tile, into: &responsibilities) } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return logSums
  }

  /// Multiplies each assignment's responsibilities by its weight; beyond the last one they become zero.
  func weighResponsibilities() {
    let weights = tile.weights
    withMutableSpan(of: &responsibilities) { responsibilities in
      for start in stride(from: 0, to: responsibilities.count, by: tile.capacity) {
        responsibilities.withElements(in: start..<(start + tile.capacity)) {
          VectorKernels.multiply(by: weights.span, &$0)
        }
      }
    }
  }

  /// Replaces each assignment's responsibilities by those of its rows.
  func spreadResponsibilitiesOverRows() {
    guard let assignmentOfRow = tile.assignmentOfRow else { return }
    for start in stride(from: 0, to: responsibilities.count, by: tile.capacity) {
      // Backwards, because an assignment never comes after its rows.
      for i in tile.rows.reversed() { responsibilities[start + i] = responsibilities[start + assignmentOfRow[i]] }
      for i in tile.rowCount..<tile.capacity { responsibilities[start + i] = 0 }
    }
  }
}
