import Foundation

/// One run of a suite: what tells it from all others.
public struct BenchmarkCell: Sendable, Codable, Hashable {
  /// The name of the grid.
  public let grid: String
  /// The name of the generator.
  public let generator: String
  /// The name of the model.
  public let model: String
  /// The seed.
  public let seed: UInt64
  /// What generator, model and scores are, beyond their names.
  public let definition: String

  init(_ grid: BenchmarkGrid, _ generator: BenchmarkGenerator, _ model: BenchmarkModel, seed: UInt64) {
    self.grid = grid.name
    self.generator = generator.name
    self.model = model.name
    self.seed = seed
    definition = "\(generator.definition) | \(model.definition) | \(grid.unseenRows)"
  }
}
