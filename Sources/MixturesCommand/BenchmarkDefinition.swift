import ArgumentParser
import Foundation
import MixtureBenchmarks
import MixtureData
import Mixtures
import SyntheticData

/// A suite as it is written in a file.
struct BenchmarkDefinition {
  /// The text of the file.
  let text: Data
  private let source: String
  private let content: Content

  private struct Content: Decodable {
    var grids: [Grid]
  }

  private struct Grid: Decodable {
    var name: String
    var generators: [Generator]
    /// What stands behind `mixtures fit DATA.csv`, by the name of the model.
    var models: [String: String]
    var seeds: Int?
    var unseenRows: Int?
  }

  private struct Generator: Decodable {
    var name: String?
    var recipe: String
    var rows: Int
    var knobs: Knobs

    private enum CodingKeys: CodingKey { case name, recipe, rows }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decodeIfPresent(String.self, forKey: .name)
      recipe = try container.decode(String.self, forKey: .recipe)
      rows = try container.decode(Int.self, forKey: .rows)
      knobs = try Knobs(from: decoder)
    }
  }

  /// Reads a suite, or takes the one that comes with the program.
  ///
  /// - Throws: `DataError` for a file that cannot be read or is no suite, naming the place.
  init(_ path: String) throws {
    source = path
    do {
      text = path == "default" ? Data(Self.standard.utf8) : try Data(contentsOf: URL(fileURLWithPath: path))
      content = try JSONDecoder().decode(Content.self, from: text)
    } catch let error as DecodingError {
      throw DataError("\(path): not a suite: \(error.place)")
    } catch { throw DataError("\(path): cannot be read: \(systemReason(error))") }
  }

  /// The suite.
  ///
  /// - Throws: what is wrong with a generator or the options of a model, naming it.
  func suite(seeds: Int?) throws -> BenchmarkSuite {
    BenchmarkSuite(
      grids: try content.grids.map { grid in
        let count = seeds ?? grid.seeds ?? 20
        guard count >= 1, grid.unseenRows ?? 1 >= 1 else {
          throw DataError("\(source): grid \"\(grid.name)\": seeds and unseenRows must be at least 1")
        }
        return BenchmarkGrid(
          grid.name,
          generators: try grid.generators.map { generator in
            try named("generator \(generator.recipe)", in: grid) {
              try BenchmarkGenerator(
                generator.recipe, knobs: generator.knobs, rows: generator.rows, named: generator.name)
            }
          },
          models: try grid.models.sorted { $0.key < $1.key }.map { name, options in
            try named("model \"\(name)\"", in: grid) { try Self.model(name, options) }
          }, seeds: 1...UInt64(count), unseenRows: grid.unseenRows ?? 10_000)
      })
  }

  private func named<Result>(_ what: String, in grid: Grid, _ make: () throws -> Result) throws -> Result {
    do { return try make() } catch {
      let message = FitCommand.message(for: error)
      throw DataError("\(source): grid \"\(grid.name)\", \(what): \(message.isEmpty ? "\(error)" : message)")
    }
  }

  /// A model from what would stand behind `mixtures fit DATA.csv`.
  private static func model(_ name: String, _ options: String) throws -> BenchmarkModel {
    let words = try words(options)
    // What is wrong with the words should be said before the first run.
    let search = try command(words, target: "y", experts: 1).search
    return BenchmarkModel(
      name, definition: options, options: search.options,
      startedBy: { generator, table in
        let command = try command(words, target: generator.response[0].name, experts: generator.expertCount)
        let formula = try command.data.readFormula(gateFeatures: command.gate.gateFeatures?.names)
        return (
          try command.model.mixture(formula, table, command.data, gate: command.gate),
          try command.search.readStart(experts: command.model.experts, labels: command.data.labels)
        )
      })
  }

  /// The command that the words stand for, with a target and a number of experts unless they name them.
  private static func command(_ words: [String], target: String, experts: Int) throws -> FitCommand {
    func says(_ option: String) -> Bool { words.contains { $0 == option || $0.hasPrefix(option + "=") } }
    var all = ["-"] + words
    if !says("--formula") && !says("--target") { all += ["--target", target] }
    if !says("--experts") { all += ["--experts", "\(experts)"] }
    return try FitCommand.parse(all)
  }

  /// Splits at blanks that are not within single quotes.
  private static func words(_ text: String) throws -> [String] {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { throw DataError("a quote is left open in: \(text)") }
    return parts.enumerated().flatMap { index, part in
      index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
  }
}
