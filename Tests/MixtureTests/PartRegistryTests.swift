import DamagedFiles
import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// An expert that is called like one of the library's.
private struct BackgroundExpert: IndependentModel {
  var height = 0.01
  static let measure = Measure.lebesgue
  var statisticsCount: Int { 0 }
  var divergence: Double { 0 }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows { scores[i] = log(height) }
  }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
  mutating func update(from statistics: Span<Double>, resum: Resum<BackgroundExpert>) {}
}

private typealias LibraryBackground = Mixtures.BackgroundExpert

/// An expert with a list that the data give its length, and a number that only it knows the bounds of.
private struct OwnExpert: IndependentModel {
  var slopes: [Double] = []
  var share = 0.5
  static let measure = Measure.lebesgue
  var statisticsCount: Int { 0 }
  var divergence: Double { 0 }
  static func configure(_ experts: inout [OwnExpert], sharing shared: inout Unshared, for data: DataSummary) {
    for k in experts.indices { experts[k].slopes = data.features.map { _ in 0 } }
  }
  func validate() throws {
    try UnfitValue.check("share", that: (0...1).contains(share), need: "\(share) must be from 0 to 1")
  }
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    for i in tile.rows { scores[i] = slopes[0] + log(share) }
  }
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {}
  mutating func update(from statistics: Span<Double>, resum: Resum<OwnExpert>) {}
}

/// Names of types in files.
@Suite struct PartRegistryTests {
  private func fit(_ experts: () throws -> [any AnyBlock]) async throws -> FittedMixture {
    var options = FitOptions()
    (options.starts, options.maximumIterations) = (1, 3)
    return try await Mixture("y ~ x", experts: experts).fit(SavedModel.table(), from: .recipe(.random), options: options)
  }

  /// The library has a `BackgroundExpert` of its own, and reading a file registers it.
  @Test func namesOfTheLibraryAreFree() async throws {
    try PartRegistry.register(BackgroundExpert.self)
    let fit = try await fit {
      [Block(1, BackgroundExpert()), Block(1, LibraryBackground()), Block(1, LinearExpert())]
    }
    let file = TemporaryModelFile()
    try fit.write(to: file.url)
    let read = try FittedMixture(contentsOf: file.url)
    #expect(read.mixture.experts(of: BackgroundExpert.self).map(\.height) == [0.01])
    #expect(read.mixture.experts(of: LibraryBackground.self).count == 1)
    #expect(try read.responsibilities(SavedModel.table()) == fit.responsibilities(SavedModel.table()))
    let text = try String(contentsOf: file.url, encoding: .utf8)
    #expect(text.contains("\"MixtureTests.BackgroundExpert\"") && text.contains("\"Experts.BackgroundExpert\""))
    #expect(read.mixture.blocks.map(\.modelName) == ["BackgroundExpert", "BackgroundExpert", "LinearExpert"])
  }

  @Test func theLibraryKnowsItsOwnParts() {
    let own: [any Part.Type] = [
      LinearExpert.self, LibraryBackground.self, GaussianPrior.self, DirichletGate.self, HierarchicalGate.self,
    ]
    #expect(own.allSatisfy(PartRegistry.isBuiltIn))
    #expect(![BackgroundExpert.self, UniformExpert.self, OwnExpert.self].contains(where: PartRegistry.isBuiltIn))
    #expect(PartRegistry.name(of: BackgroundExpert.self) == "MixtureTests.BackgroundExpert")
    #expect(BackgroundExpert.partName == "BackgroundExpert")
  }

  @Test func aSecondTypeOfOneNameIsRefused() throws {
    func one() -> any Part.Type {
      struct Twin: Part {}
      return Twin.self
    }
    func other() -> any Part.Type {
      struct Twin: Part { var number = 1 }
      return Twin.self
    }
    try PartRegistry.register(one())
    try PartRegistry.register(one())
    let name = PartRegistry.name(of: one())
    #expect(name.hasPrefix("MixtureTests.") && name.hasSuffix("Twin") && !name.contains("$"))
    #expect(throws: PartRegistry.NameTaken(name: name)) { try PartRegistry.register(other()) }
  }

  /// Lists of the wrong length, numbers that are none, and what the part itself refuses.
  @Test(arguments: [
    ("slopes", "[]", "model › mixture › blocks › [0] › value › experts › [1] › slopes: 0 entries, where the data need 1"),
    ("slopes", "[0, 1]", "experts › [1] › slopes: 2 entries, where the data need 1"),
    ("slopes", "[\"NaN\"]", "experts › [1] › slopes › [0]: nan is no finite number"),
    ("share", "-1", "model › mixture › blocks › [0] › value › experts › [1] › share: -1.0 must be from 0 to 1"),
  ])
  func partsOfOnesOwnAreChecked(key: String, value: String, message: String) async throws {
    try PartRegistry.register(OwnExpert.self)
    let file = TemporaryModelFile()
    try await fit { [try Block([OwnExpert(share: 0.3), OwnExpert()])] }.write(to: file.url)
    _ = try FittedMixture(contentsOf: file.url)
    let json = try JSON(contentsOf: file.url)
    try json.replacing("model.mixture.blocks.0.value.experts.1.\(key)", by: JSON(value)).write(to: file.url)
    let error = #expect(throws: FileError.self) { try FittedMixture(contentsOf: file.url) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
