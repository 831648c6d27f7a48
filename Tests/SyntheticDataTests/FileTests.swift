import Foundation
import GSL
import MixtureCore
import MixtureData
import SyntheticData
import Testing

/// Data and their truth on disk.
@Suite struct SyntheticFileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
  private func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  static let sets = Result {
    // Multiples of all numbers of rows that share an assignment.
    try LawTests.recipes.map { try SyntheticDataSet(Recipe($0).generator(seed: 2), rows: 420..<3360, seed: 5) }
      + [SyntheticDataSet(Visits(), rows: 120..<3120, seed: 5)]
  }

  @Test(arguments: try sets.get())
  func filesAreTheTable(data: SyntheticDataSet) throws {
    defer { cleanUp() }
    let expected = try data.table()
    for name in ["data.csv", "data.npy"] {
      try data.write(to: url(name), truth: url("truth.json"), threads: 2)
      let categories = Set(data.columns.filter { $0.levels != nil }.map(\.name))
      let table =
        name.hasSuffix("csv")
        ? try Table(csv: url(name), format: Table.Format(categories: categories)) : try Table(npy: url(name))
      #expect(table.rowCount == data.rows.count)
      for (column, read) in zip(data.columns, table.columnNames) {
        switch (try expected.column(column.name), try table.column(read)) {
        case (.numbers(let old), .numbers(let new)): #expect(old.map(\.bitPattern) == new.map(\.bitPattern))
        case (.categories(let levels, let codes), .categories(let readLevels, let readCodes)):
          #expect(codes.map { levels[$0] } == readCodes.map { readLevels[$0] })
        case (.categories(_, let codes), .numbers(let new)): #expect(codes.map { Double($0) } == new)
        default: Issue.record("column \(column.name) is of another type")
        }
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
  }

  @Test(arguments: try sets.get())
  func threadsDoNotChangeFiles(data: SyntheticDataSet) throws {
    defer { cleanUp() }
    for name in ["data.csv", "data.npy"] {
      for threads in [1, 2, 7] {
        try data.write(
          to: url("\(threads)\(name)"), truth: url("\(threads).json"), assignments: true, threads: threads)
        #expect(try Data(contentsOf: url("\(threads)\(name)")) == Data(contentsOf: url("1\(name)")))
        #expect(try Data(contentsOf: url("\(threads).json")) == Data(contentsOf: url("1.json")))
      }
    }
    #expect(try BayesFigures(data, threads: 1) == BayesFigures(data, threads: 7))
  }

  @Test(arguments: try sets.get())
  func truthsComeBackToTheBit(data: SyntheticDataSet) throws {
    defer { cleanUp() }
    try PartRegistry.register(Visits.self)
    let written = try data.write(to: url("data.csv"), truth: url("truth.json"), recipe: "some", assignments: true)
    let read = try Truth(contentsOf: url("truth.json"))
    #expect(read.assignments == (try data.assignments()) && read.recipe == "some")
    #expect(read.bayes == written.bayes && read.weights == written.weights && read.experts == written.experts)
    #expect(read.features == data.generator.features && read.response == data.generator.response)
    try read.write(to: url("again.json"))
    let again = try Truth(contentsOf: url("again.json"))
    #expect(again.assignments == read.assignments && again.bayes == read.bayes)
    // The generator that was read draws the same rows, and has the same truth.
    try read.data().write(to: url("data2.csv"), truth: url("truth2.json"), recipe: "some", assignments: true)
    for (one, other) in [("data.csv", "data2.csv"), ("truth.json", "truth2.json")] {
      #expect(try Data(contentsOf: url(one)) == Data(contentsOf: url(other)))
    }
  }

  /// The mean weights of experts are how often they are drawn, but for chance: 5 standard deviations, so that a false alarm has a
  /// probability of 6·10⁻⁷.
  @Test func meanWeightsAreShares() throws {
    let data = try SyntheticDataSet(Recipe("linear+softmax").generator(), rows: 20_000)
    let (truth, assignments) = (try Truth(data), try data.assignments())
    #expect(abs(truth.weights.reduce(0, +) - 1) < 1e-12)
    for (k, weight) in truth.weights.enumerated() {
      let share = Double(assignments.count { $0 == k }) / 20_000
      #expect(abs(share - weight) < 5 * (weight * (1 - weight) / 20_000).squareRoot())
    }
  }

  @Test func truthsThatCannotBeReadSayWhy() throws {
    struct Unregistered: GeneratorModifier {
      @CodedByName var base: any Generator
    }
    defer { cleanUp() }
    func error() -> FileError? { #expect(throws: FileError.self) { try Truth(contentsOf: url("truth.json")) } }
    let path = url("truth.json").relativePath
    let generator = try Recipe("linear").generator()
    try Truth(SyntheticDataSet(Unregistered(base: generator), rows: 10)).write(to: url("truth.json"))
    #expect(
      error()
        == .unknownPart(
          path: path,
          reason:
            "generator › part: \"SyntheticDataTests.SyntheticFileTests.Unregistered\" is a part of another program: read the file with one that "
            + "registers it (PartRegistry)"
        ))
    try Truth(SyntheticDataSet(generator, rows: 10)).write(to: url("truth.json"))
    let text = try String(contentsOf: url("truth.json"), encoding: .utf8)
    func change(_ old: String, _ new: String) throws {
      #expect(text.contains(old))
      try Data(text.replacing(old, with: new).utf8).write(to: url("truth.json"))
    }
    try change("\"format\" : 2", "\"format\" : 9")
    #expect(error() == .newer(path: path, version: 9, known: 2))
    for (field, number) in [
      ("rowCount\" : 10", "0"), ("rowCount\" : 10", "-3"), ("firstRow\" : 0", "-1"), ("firstRow\" : 0", "\(Int.max)"),
    ] {
      try change(field, field.prefix { $0 != ":" } + ": \(number)")
      #expect(error()?.description.contains("a damaged truth file") == true)
    }
    try change("swift-mixtures truth", "swift-mixtures")
    #expect(error()?.description.contains("not a truth file; those are written by `mixtures generate") == true)
    try Data(text.utf8.prefix(text.utf8.count / 2)).write(to: url("truth.json"))
    #expect(error()?.description.contains("it is not complete JSON") == true)
    try FileManager.default.removeItem(at: url("truth.json"))
    #expect(error()?.description.contains("cannot be read") == true)
  }

  @Test func whatFailsLeavesNothing() async throws {
    defer { cleanUp() }
    let data = try SyntheticDataSet(Recipe("linear").generator(), rows: 100_000)
    try Data("old".utf8).write(to: url("data.csv"))
    #expect(throws: FileError.self) { try data.write(to: url("data.csv"), truth: url("nowhere/truth.json")) }
    let (file, truth) = (url("data.csv"), url("truth.json"))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try data.write(to: file, truth: truth)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["data.csv"])
    #expect(try String(contentsOf: url("data.csv"), encoding: .utf8) == "old")
  }
}
