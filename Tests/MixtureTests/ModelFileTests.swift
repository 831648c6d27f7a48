import Foundation
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// Model files in Swift.
@Suite struct ModelFileTests {
  private func file() -> URL { FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json") }

  /// Every noise and prior, and each estimate: whatever a fit holds comes back to the bit.
  @Test(arguments: allNoises, Estimate.allCases)
  func everyNumberComesBackToTheBit(noise: LinearNoise, estimate: Estimate) async throws {
    guard estimate != .maximumLikelihood || !noise.hasPrior else { return }
    let table = try LinearTruth(rows: 80, features: 2, experts: 3, noise: 0.5, seed: 3).table()
    var options = FitOptions()
    options.starts = 2
    options.maximumIterations = 60
    for prior in allGaussianPriors where estimate != .maximumAPosteriori || !prior.learnsCovariance {
      guard prior.covariance != .flat || estimate == .maximumLikelihood else { continue }
      let fit = try await Mixture("y ~ x1 + x2", gate: DirichletGate(estimate: estimate)) {
        Block(3, LinearExpert(estimate: estimate, prior: prior, noise: noise))
      }.fit(table, from: .recipe(.localised), options: options)
      let (first, second) = (file(), file())
      defer { for url in [first, second] { try? FileManager.default.removeItem(at: url) } }
      try fit.write(to: first)
      let read = try FittedMixture(contentsOf: first)
      try read.write(to: second)
      #expect(try Data(contentsOf: first) == Data(contentsOf: second))
      #expect(read.elboTrace == fit.elboTrace && read.starts == fit.starts && read.options == fit.options)
      #expect(try read.responsibilities(table) == fit.responsibilities(table))
      #expect(read.mixture.linear.experts == fit.mixture.linear.experts)
    }
  }

  /// The old file stays until the new one is complete, and a failed write leaves nothing behind.
  @Test func aFailedWriteLosesNothing() async throws {
    let table = try LinearTruth(rows: 80, features: 1, experts: 2, noise: 0.5, seed: 3).table()
    let fit = try await Mixture("y ~ x1") { Block(2, LinearExpert()) }.fit(table)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.json")
    // A folder in the place of the file cannot be replaced by one.
    try FileManager.default.createDirectory(at: path.appendingPathComponent("inside"), withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try fit.write(to: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.json"])
    try FileManager.default.removeItem(at: path)
    try Data("old".utf8).write(to: path)
    try fit.write(to: path)
    #expect(try FittedMixture(contentsOf: path).elbo == fit.elbo)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.json"])
  }

  @Test func predictionNeedsTheFeaturesOnly() async throws {
    let truth = LinearTruth(rows: 80, features: 2, experts: 2, noise: 0.5, seed: 3)
    let fit = try await Mixture("y ~ x1 + x2") { Block(2, LinearExpert()) }.fit(truth.table())
    let table = try Table([
      ("g", .categories(levels: ["a"], codes: [0])), ("x2", .numbers([0.5])), ("x1", .numbers([-1])),
    ])
    let rows = try Observations(features: [("x1", [-1]), ("x2", [0.5])], responses: [("y", [0])])
    #expect(try fit.predict(table)[0].mean == fit.mixture.predict(rows)[0].mean)
    #expect(throws: DataError("table: no column \"x2\"; there are x1")) {
      try fit.predict(Table([("x1", .numbers([1]))]))
    }
  }
}
