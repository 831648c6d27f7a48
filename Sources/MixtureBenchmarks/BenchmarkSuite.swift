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

/// What the data of a benchmark are drawn from.
public struct BenchmarkGenerator: Sendable {
  /// What tables call it.
  public let name: String
  /// What tells it from others: runs of another definition are not taken for its own.
  public let definition: String
  /// The number of rows that models are fitted to.
  public let rows: Int
  let make: @Sendable (_ seed: UInt64) throws -> any Generator

  /// A generator that is drawn by a recipe.
  ///
  /// - Throws: `SyntheticDataError` for a recipe, or parameters, that make no sense.
  public init(_ recipe: String, parameters: RecipeParameters = RecipeParameters(), rows: Int, named name: String? = nil)
    throws
  {
    let parsed = try Recipe(recipe)
    // What is wrong with parameters should be said before the first run.
    _ = try SyntheticDataSet(parsed.generator(parameters, seed: 1), rows: rows)
    let definition = "\(recipe) rows=\(rows)\(parameters.words)"
    self.init(name ?? recipe, definition: definition, rows: rows) { try parsed.generator(parameters, seed: $0) }
  }

  /// A generator of your own, with parameters that may depend on the seed.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - definition: changes when the generator does, so that earlier runs do not count; the name unless given.
  ///   - rows: the number of rows that models are fitted to.
  ///   - make: makes the generator for a seed.
  public init(
    _ name: String, definition: String? = nil, rows: Int,
    _ make: @escaping @Sendable (_ seed: UInt64) throws -> any Generator
  ) {
    self.name = name
    self.definition = definition ?? "\(name) \(rows)"
    self.rows = rows
    self.make = make
  }
}

/// What is fitted to the data of a benchmark.
public struct BenchmarkModel: Sendable {
  /// What tables call it.
  public let name: String
  /// What tells it from others: runs of another definition are not taken for its own.
  public let definition: String
  let options: FitOptions
  let make: @Sendable (_ generator: any Generator, _ table: Table) throws -> (mixture: Mixture, start: Start)

  /// A model.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - definition: changes when the model does, so that earlier runs do not count; the name unless given.
  ///   - options: when fits stop; their seed and threads are the benchmark's.
  ///   - make: makes the mixture and its start for the rows of a generator, which says how many experts there truly are.
  public init(
    _ name: String, definition: String? = nil, options: FitOptions = FitOptions(),
    startedBy make:
      @escaping @Sendable (_ generator: any Generator, _ table: Table) throws -> (mixture: Mixture, start: Start)
  ) {
    self.name = name
    self.definition = definition ?? name
    self.options = options
    self.make = make
  }

  /// A model that starts as fits do unless told otherwise.
  ///
  /// - Parameters:
  ///   - name: what tables call it.
  ///   - definition: changes when the model does, so that earlier runs do not count; the name unless given.
  ///   - options: when fits stop; their seed and threads are the benchmark's.
  ///   - make: makes the mixture for a generator, which says how many experts there truly are.
  public init(
    _ name: String, definition: String? = nil, options: FitOptions = FitOptions(),
    _ make: @escaping @Sendable (_ generator: any Generator) throws -> Mixture
  ) {
    self.init(name, definition: definition, options: options, startedBy: { generator, _ in (try make(generator), .mixed) })
  }
}

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

extension RecipeParameters {
  /// Those that are turned, each behind a blank.
  fileprivate var words: String {
    func word(_ name: String, _ value: (some CustomStringConvertible)?) -> String? { value.map { " \(name)=\($0)" } }
    let words = [
      word("features", features), word("experts", experts), word("separation", separation), word("noise", noise),
      word("imbalance", imbalance),
    ]
    return words.compactMap(\.self).joined()
  }
}
