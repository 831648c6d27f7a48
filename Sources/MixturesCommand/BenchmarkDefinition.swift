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
  private let grids: [Grid]

  private struct Content: SuiteObject {
    var grids: [Strict<Grid>]

    enum CodingKeys: CodingKey, CaseIterable { case grids }
  }

  private struct Grid: SuiteObject {
    var name: String
    var generators: [Strict<Generator>]
    var models: [Strict<Model>]
    var seeds: Int?
    var unseenRows: Int?

    enum CodingKeys: CodingKey, CaseIterable { case name, generators, models, seeds, unseenRows }
  }

  private struct Generator: SuiteObject {
    var name: String?
    var recipe: String
    var rows: Int
    var features: Int?
    var experts: Int?
    var separation: Double?
    var noise: Double?
    var imbalance: Double?

    enum CodingKeys: CodingKey, CaseIterable {
      case name, recipe, rows, features, experts, separation, noise, imbalance
    }

    var parameters: RecipeParameters {
      RecipeParameters(features: features, experts: experts, separation: separation, noise: noise, imbalance: imbalance)
    }
  }

  private struct Model: SuiteObject {
    var name: String
    /// What stands behind `mixtures fit DATA.csv`.
    var options: String?

    enum CodingKeys: CodingKey, CaseIterable { case name, options }
  }

  /// Reads a suite, or takes the one that comes with the program.
  ///
  /// - Throws: `DataError` for a file that cannot be read or is no suite, naming the place.
  init(_ path: String) throws {
    source = path
    do {
      text = path == "default" ? Data(Self.standard.utf8) : try ByteSource(InputFile(argument: path).url).all()
    } catch { throw DataError("\(path): cannot be read: \(systemReason(error))") }
    do {
      // Unlike the decoder, it says where a file is no JSON.
      _ = try JSONSerialization.jsonObject(with: text)
      grids = try JSONDecoder().decodeWithPlace(Strict<Content>.self, from: text).content.grids.map(\.content)
    } catch let error as DecodingError {
      throw DataError("\(path): not a suite: \(error.place)")
    } catch {
      throw DataError("\(path): not JSON: \((error as NSError).userInfo[NSDebugDescriptionErrorKey] ?? error)")
    }
  }

  /// The suite.
  ///
  /// - Throws: what is wrong with a generator or the options of a model, naming it.
  func suite(seeds: Int?) throws -> BenchmarkSuite {
    BenchmarkSuite(
      grids: try grids.map { grid in
        let count = seeds ?? grid.seeds ?? 20
        guard (1...100_000).contains(count), (1...ScoreCommand.mostRows).contains(grid.unseenRows ?? 1) else {
          throw DataError(
            "\(source): grid \"\(grid.name)\": seeds must be from 1 to 100000, and unseenRows from 1 to \(ScoreCommand.mostRows)"
          )
        }
        return BenchmarkGrid(
          grid.name,
          generators: try grid.generators.map(\.content).map { generator in
            try named("generator \"\(generator.name ?? generator.recipe)\"", in: grid) {
              try BenchmarkGenerator(
                generator.recipe, parameters: generator.parameters, rows: generator.rows, named: generator.name)
            }
          },
          models: try grid.models.map(\.content).map { model in
            try named("model \"\(model.name)\"", in: grid) { try Self.model(model) }
          }, seeds: 1...UInt64(count), unseenRows: grid.unseenRows ?? 10_000)
      })
  }

  private func named<Result>(_ what: String, in grid: Grid, _ make: () throws -> Result) throws -> Result {
    do { return try make() } catch {
      let message =
        FitCommand.exitCode(for: error) == .success
        ? "help and the version are no options of a model" : FitCommand.message(for: error)
      throw DataError("\(source): grid \"\(grid.name)\", \(what): \(message.isEmpty ? "\(error)" : message)")
    }
  }

  private static func model(_ model: Model) throws -> BenchmarkModel {
    let options = model.options ?? ""
    let words = try words(options)
    // What is wrong with the words should be said before the first run.
    let search = try command(words, on: nil).search
    return BenchmarkModel(
      model.name, definition: options, options: search.options,
      startedBy: { generator, table in
        let command = try command(words, on: generator)
        let formula = try command.data.readFormula(gateFeatures: command.gate.gateFeatures?.names)
        return (
          try command.model.mixture(command.data.design(formula, for: table), command.data, gate: command.gate),
          try command.search.readStart(experts: command.model.experts, labels: command.data.labels)
        )
      })
  }

  /// The command that the words stand for, with the target, features, trials or exposure and number of experts of a generator unless they
  /// name them.
  private static func command(_ words: [String], on generator: (any SyntheticData.Generator)?) throws -> FitCommand {
    func says(_ option: String, _ letter: Character? = nil) -> Bool {
      words.contains { word in
        let name = word.prefix { $0 != "=" }
        return name == option || letter.map { name.wholeMatch(of: /-[a-z]+/) != nil && name.contains($0) } ?? false
      }
    }
    let idle: [(String, Character?)] = [
      ("--output", "o"), ("--responsibilities", nil), ("--json", "j"), ("--quiet", "q"), ("--seed", "s"),
      ("--threads", nil), ("--digits", nil),
    ]
    if let (option, _) = idle.first(where: says) {
      throw DataError("\(option) means nothing in a benchmark; leave it out")
    }
    let hasFormula = says("--formula")
    var all = ["-"] + words
    // Families may say how many experts they have.
    let areCounted = words.contains { $0.wholeMatch(of: /(--family=)?[a-z]+:\d+/) != nil }
    if !says("--experts", "k") && !areCounted { all += ["--experts", "\(generator?.expertCount ?? 1)"] }
    let target = hasFormula || says("--target") ? [] : ["--target", generator?.response[0].name ?? "y"]
    let bare = try parse(all + target)
    guard let generator, !hasFormula else { return bare }
    // What families read as trials, or as an offset, is no feature for them.
    let families = bare.model.family.families.map(\.family)
    let trials = families.contains(.binomial) && !says("--trials") ? generator.trialsFeature : nil
    let exposure =
      families.contains(.poisson) && !says("--offset") && !says("--target") && !says("--features")
      ? generator.exposureFeature : nil
    let names = generator.features.map(\.name)
    let features = names.indices.filter { $0 != trials && $0 != exposure }.map { names[$0] }
    if let trials { all += ["--trials", names[trials]] }
    if let exposure {
      let terms = (features + ["offset(log(\(names[exposure])))"]).joined(separator: " + ")
      return try parse(all + ["--formula", "\(generator.response[0].name) ~ \(terms)"])
    }
    // Where rows come in groups, the number of the group is a column too.
    if !says("--features") && !features.isEmpty { all += ["--features", features.joined(separator: ",")] }
    return try parse(all + target)
  }

  private static func parse(_ words: [String]) throws -> FitCommand {
    do { return try FitCommand.parse(words) } catch let error where FitCommand.exitCode(for: error) != .success {
      throw UnknownWord.argument(in: ["fit"] + words) ?? error
    }
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

/// An object in the file of a suite.
private protocol SuiteObject: Decodable {
  associatedtype CodingKeys: CodingKey & CaseIterable
}

/// An object without keys that mean nothing, which would be misprints.
private struct Strict<Content: SuiteObject>: Decodable {
  let content: Content

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let known = Content.CodingKeys.allCases.map(\.stringValue)
    if let stranger = container.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) {
      throw DecodingError.dataCorruptedError(
        forKey: Key(stringValue: stranger), in: container,
        debugDescription: "means nothing here; there are \(known.joined(separator: ", "))")
    }
    content = try Content(from: decoder)
  }
}
