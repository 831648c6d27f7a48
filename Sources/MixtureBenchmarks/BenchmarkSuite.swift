import Foundation
import Mixtures
import SyntheticData

/// Grids of generator × model × seed: which model does how well on which data.
///
/// ```swift
/// let suite = BenchmarkSuite(grids: [
///   BenchmarkGrid(
///     "heavy tails", generators: [try BenchmarkGenerator("linear+heavy-tails:3", rows: 500)],
///     models: [
///       BenchmarkModel("normal noise") { generator in try Mixture("y ~ .") { Block(generator.expertCount, LinearExpert()) } },
///       BenchmarkModel("own noise") { generator in try Mixture("y ~ .") { Block(generator.expertCount, LinearExpert(noise: .perExpert)) } },
///     ])
/// ])
/// let results = try await suite.run(in: URL(fileURLWithPath: "heavy-tails"))
/// print(results.table)
/// ```
public struct BenchmarkSuite: Sendable {
  /// The grids.
  public var grids: [BenchmarkGrid]

  /// A suite of grids.
  public init(grids: [BenchmarkGrid]) { self.grids = grids }
}

/// Every one of some generators with every one of some models, for each of some seeds.
public struct BenchmarkGrid: Sendable {
  /// What tables and figures call it; different for all grids of a suite.
  public var name: String
  /// What data are drawn from.
  public var generators: [BenchmarkGenerator]
  /// What is fitted to them.
  public var models: [BenchmarkModel]
  /// The seeds: each draws a generator's parameters and its rows, and starts the fits.
  public var seeds: ClosedRange<UInt64>
  /// How many unseen rows each fit is scored on.
  public var unseenRows: Int

  /// A grid.
  public init(
    _ name: String, generators: [BenchmarkGenerator], models: [BenchmarkModel], seeds: ClosedRange<UInt64> = 1...20,
    unseenRows: Int = 10_000
  ) {
    self.name = name
    self.generators = generators
    self.models = models
    self.seeds = seeds
    self.unseenRows = unseenRows
  }
}
