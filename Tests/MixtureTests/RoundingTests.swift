import Foundation
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// What rounding takes from the ELBO is no fault of the updates, and is little where nothing cancels.
@Suite struct RoundingTests {
  /// Data in which large terms cancel: features that nearly or exactly follow from others, and noise far below the response.
  enum Cancelling: String, CaseIterable, Sendable {
    case dependent, nearCopy, powersOfYears, littleNoise

    func rows(_ count: Int, seed: UInt64) throws -> Observations {
      var source = RandomSource(seed: seed)
      let isYears = self == .powersOfYears
      let a = (0..<count).map { _ in isYears ? 1950 + 71 * source.uniform() : source.gaussian() }
      let b = a.map { _ in source.gaussian() }
      let c =
        switch self {
        case .dependent: zip(a, b).map { 2 * $0 - 3 * $1 + 1 }
        case .nearCopy: a.map { $0 + 1e-5 * source.gaussian() }
        case .powersOfYears: a.map { $0 * $0 }
        case .littleNoise: a.map { _ in source.gaussian() }
        }
      let y = a.indices.map { i in
        let t = isYears ? (a[i] - 1985) / 20 : a[i]
        let mean = i % 2 == 0 ? 1 + t - 0.3 * b[i] : -1 - t + 0.6 * b[i]
        return source.gaussian(mean: mean, standardDeviation: self == .littleNoise ? 1e-5 : 1e-3)
      }
      return try Observations(features: [("a", a), ("b", b), ("c", c)], responses: [("y", y)])
    }
  }

  @Test(arguments: Cancelling.allCases, [60, 1000])
  func isNoFault(kind: Cancelling, count: Int) throws {
    var options = FitOptions()
    options.starts = 1
    for seed in 1...4 as ClosedRange<UInt64> {
      let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert())])
        .fitBlocking(kind.rows(count, seed: seed), options: options)
      #expect(fit.stopReason == .converged)
      for (before, after) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
        #expect(after.total >= before.total - max(before.rounding, after.rounding))
      }
      #expect(fit.elbo.rounding < 1e-4)
    }
  }

  /// With noise of a tenth of the response, and features that have little to do with each other, a fault is still seen from its first
  /// ten-billionth.
  @Test func isLittleWhereNothingCancels() throws {
    let rows = try LinearTruth(rows: 300, features: 3, experts: 2, noise: 0.5, seed: 4).observations()
    var options = FitOptions()
    options.starts = 1
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert())])
      .fitBlocking(rows, options: options)
    #expect(fit.elbo.rounding < 1e-10)
  }
}
