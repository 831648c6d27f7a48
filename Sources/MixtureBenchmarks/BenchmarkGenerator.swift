import Foundation
import Mixtures
import SyntheticData

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
  /// - Throws: `SyntheticDataError` for a recipe, or parameters, that make no sense; `ArgumentError` for less than one row.
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
