import Foundation
import MixtureDiagnostics
import Mixtures
import SyntheticData

/// What came of one run.
public struct BenchmarkRun: Sendable, Codable, Equatable {
  /// Which run it was.
  public let cell: BenchmarkCell
  /// How good the fit is; nil if the run failed.
  public let metrics: [String: Double]?
  /// How the run failed, if it did.
  public let failure: String?
  /// How long the fit took, in seconds, while others may have run beside it.
  public let seconds: Double

  /// Draws the data, fits the model on one thread, and scores it.
  init(_ cell: BenchmarkCell, _ grid: BenchmarkGrid, _ generator: BenchmarkGenerator, _ model: BenchmarkModel) async throws
  {
    self.cell = cell
    let began = ContinuousClock.now
    do {
      (metrics, seconds) = try await Self.measure(grid, generator, model, seed: cell.seed)
      failure = nil
    } catch let error where !(error is CancellationError) {
      (metrics, failure, seconds) = (nil, "\(error)", (.now - began) / .seconds(1))
    }
  }

  private static func measure(
    _ grid: BenchmarkGrid, _ generator: BenchmarkGenerator, _ model: BenchmarkModel, seed: UInt64
  ) async throws -> (metrics: [String: Double], seconds: Double) {
    let distribution = try generator.make(seed)
    let data = try SyntheticDataSet(distribution, rows: generator.rows, seed: seed)
    let table = try data.table(threads: 1)
    let (mixture, start) = try model.make(distribution, table)
    var options = model.options
    (options.seed, options.threads) = (seed, 1)
    let fit = try await mixture.fit(table, from: start, options: options)
    let score = try TruthScore(fit, unseen: data.unseenRows(grid.unseenRows), threads: 1)
    return (Dictionary(uniqueKeysWithValues: score.metrics + [("passes", Double(fit.elboTrace.count))]), fit.seconds)
  }
}
