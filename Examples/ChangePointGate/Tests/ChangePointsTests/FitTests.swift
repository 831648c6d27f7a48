import Foundation
import Mixtures
import Testing

@testable import ChangePoints

/// Fits with the gate: a change is found, and a saved mixture predicts the same.
@Suite struct FitTests {
  /// A machine that is well in nine of ten days until day 80, and ill in three of four from then on: two lines of what it makes of x.
  private func machine() async throws -> FittedMixture {
    var source = RandomSource(seed: 7)
    let day = (0..<120).map(Double.init)
    let x = day.map { _ in source.uniform() * 4 }
    let y = zip(day, x).map { day, x in
      let isWell = source.uniform() < (day < 80 ? 0.9 : 0.25)
      return (isWell ? 1 + 2 * x : 6 - x) + source.gaussian(standardDeviation: 0.3)
    }
    let table = try Table([("day", .numbers(day)), ("x", .numbers(x)), ("y", .numbers(y))])
    let model = try Mixture("y ~ x | day", gate: ChangePointGate(candidates: (1..<120).map(Double.init))) {
      Block(2, LinearExpert())
    }
    var options = FitOptions()
    options.starts = 8
    return try await model.fit(table, seed: 1, options: options)
  }

  @Test func findsTheChange() async throws {
    let fit = try await machine()
    #expect(zip(fit.elboTrace, fit.elboTrace.dropFirst()).allSatisfy { $1.total >= $0.total - $1.rounding })
    let gate = try #require(fit.mixture.gate as? ChangePointGate)
    let probable = zip(gate.candidates, gate.change.probabilities).filter { $0.1 > 0.01 }.map(\.0)
    #expect(probable.contains(80) && probable.count < 15, "\(probable)")
    // The rising line is that of a well machine. Of 80 rows 0.9 and of 40 rows 0.25 with five standard errors: 0.17 and 0.34.
    let slopes = fit.mixture.experts(of: LinearExpert.self).map { $0.coefficients.mean[1] }
    let well = slopes[0] > slopes[1] ? 0 : 1
    #expect(abs(gate.sides[0].mean[well] - 0.9) < 0.17 && abs(gate.sides[1].mean[well] - 0.25) < 0.34)
    #expect("\(fit)".contains("change"))
  }

  @Test func predictsTheSameFromAFile() async throws {
    let fit = try await machine()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try PartRegistry.register(ChangePointGate.self)
    try fit.write(to: file)
    let read = try FittedMixture(contentsOf: file)
    let new = try Table([("day", .numbers([-10, 79, 80, 500])), ("x", .numbers([1, 1, 1, 1]))])
    let (before, after) = (try fit.predict(new), try read.predict(new))
    for (a, b) in zip(before, after) {
      #expect(a.weights.map(\.bitPattern) == b.weights.map(\.bitPattern))
      #expect(a.mean.bitPattern == b.mean.bitPattern && a.density(at: 4).bitPattern == b.density(at: 4).bitPattern)
    }
    #expect(before.count == 4 && before[0].weights != before[3].weights)
  }
}
