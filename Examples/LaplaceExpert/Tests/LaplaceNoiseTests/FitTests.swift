import Foundation
import Mixtures
import Testing

@testable import LaplaceNoise

/// Fits with the expert: against other programs, saved and read again, and beside built-in experts.
@Suite struct FitTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  private func table() throws -> Table { try Table(csv: Self.folder.appendingPathComponent("rows.csv")) }

  /// What `generate.py` wrote.
  private struct Reference: Decodable {
    struct ELBO: Decodable { var value, scale: Double, means, standardDeviations: [Double] }
    var leastAbsoluteDeviations: [Double]
    var bound: ELBO
  }

  @Test func agreesWithOtherPrograms() async throws {
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: Self.folder.appendingPathComponent("reference.json")))
    let model = try Mixture("y ~ u + v") { Block(1, LaplaceExpert(), named: "line") }
    var options = FitOptions()
    options.tolerance = .absolute(1e-10)
    let fit = try await model.fit(table(), options: options)
    let expert = try fit.expert("line", as: LaplaceExpert.self)
    let distribution = expert.line.coefficients
    // The maximum of the ELBO is known to 12 digits, and its place to half as many.
    #expect(abs(fit.elbo.total - reference.bound.value) < 1e-7)
    #expect(abs(expert.scale / reference.bound.scale - 1) < 1e-5)
    for j in 0..<3 {
      let deviation = reference.bound.standardDeviations[j]
      #expect(abs(distribution.mean[j] - reference.bound.means[j]) < 1e-4 * deviation)
      #expect(abs(distribution.standardDeviations[j] / deviation - 1) < 1e-4)
      // The root of E (y − wᵀx)² rounds the corner of |y − wᵀx| off.
      #expect(abs(distribution.mean[j] - reference.leastAbsoluteDeviations[j]) < 0.5 * deviation)
    }
  }

  /// Two lines, one with Laplace and one with normal noise, and a tenth of the rows anywhere.
  private func mixed() async throws -> FittedMixture {
    var source = RandomSource(seed: 5)
    let x = (0..<400).map { _ in source.uniform() * 4 }
    let y = x.enumerated().map { i, x in
      if i % 10 == 0 { return source.uniform() * 60 - 30 }
      return i % 2 == 0
        ? NormalLaplace(mean: 8 + 2 * x, deviation: 1e-6, scale: 0.3).sample(using: &source)
        : source.gaussian(mean: -8 - x, standardDeviation: 0.3)
    }
    let model = try Mixture("y ~ x") {
      Block(1, LaplaceExpert(), named: "Laplace")
      Block(1, LinearExpert(), named: "normal")
      Block(1, BackgroundExpert(varianceFactor: 3), named: "background")
    }
    var options = FitOptions()
    options.starts = 8
    return try await model.fit(Table([("x", .numbers(x)), ("y", .numbers(y))]), seed: 1, options: options)
  }

  @Test func standsBesideOtherExperts() async throws {
    let fit = try await mixed()
    #expect(zip(fit.elboTrace, fit.elboTrace.dropFirst()).allSatisfy { $1.total >= $0.total - $1.rounding })
    let expert = try fit.expert("Laplace", as: LaplaceExpert.self)
    let normal = try fit.expert("normal", as: LinearExpert.self)
    // Either may take either line.
    let slopes = [expert.line.coefficients, normal.coefficients].map { ($0.mean[1], $0.standardDeviations[1]) }
    let truths = slopes[0].0 > 0 ? [2.0, -1] : [-1.0, 2]
    // Five standard errors: a false alarm in some 10⁶ seeds.
    for ((mean, error), truth) in zip(slopes, truths) { #expect(abs(mean - truth) < 5 * error, "\(mean) ± \(error)") }
    #expect(abs(fit.effectiveRows[2] - 40) < 12)
    #expect("\(fit)".contains("scale"))
  }

  @Test func predictsTheSameFromAFile() async throws {
    let fit = try await mixed()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try PartRegistry.register(LaplaceExpert.self)
    try fit.write(to: file)
    let read = try FittedMixture(contentsOf: file)
    let new = try Table([("x", .numbers([-1, 0.5, 2, 7]))])
    let (before, after) = (try fit.predict(new), try read.predict(new))
    #expect(before.count == 4 && after.count == 4)
    for (a, b) in zip(before, after) {
      #expect(a.mean.bitPattern == b.mean.bitPattern && a.variance.bitPattern == b.variance.bitPattern)
      #expect(a.density(at: 9).bitPattern == b.density(at: 9).bitPattern)
      #expect(try a.quantile(0.9).bitPattern == b.quantile(0.9).bitPattern)
    }
  }
}
