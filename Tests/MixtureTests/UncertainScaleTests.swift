import ConjugateFamilies
import Foundation
import GSL
import Mixtures
import Testing

@testable import Experts
@testable import MixtureCore

/// What is known of the noise goes into the predictions of Student experts, and into the intervals of their coefficients.
@Suite struct UncertainScaleTests {
  private func rows() throws -> Observations {
    var source = RandomSource(seed: 11)
    let x = (0..<14).map { Double($0) / 13 }
    let y = x.map { source.gaussian(mean: 0.8 + $0, standardDeviation: 0.35) }
    return try Observations(features: [("x", x)], responses: [("y", y)])
  }

  /// With a million degrees of freedom t is normal, and so are the predictions of 14 rows.
  @Test(arguments: [LinearNoise.shared, .perExpert, .gamma(shape: 2, rate: 0.3), .fixed(variance: 0.2)])
  func ofManyDegreesOfFreedomIsThatOfALine(noise: LinearNoise) throws {
    let rows = try rows()
    func fit(_ blocks: [any AnyBlock]) throws -> Fit {
      try MixtureModel(gate: DirichletGate(), blocks: blocks).fitBlocking(rows, from: .priors)
    }
    let line = try fit([Block(1, LinearExpert(noise: noise))])
    let student = try fit([Block(1, StudentExpert(noise: noise, degreesOfFreedom: .fixed(1e6)))])
    for (a, b) in zip(try line.mixture.predict(rows), try student.mixture.predict(rows)) {
      #expect(abs(a.mean - b.mean) < 1e-5 && abs(a.standardDeviation - b.standardDeviation) < 1e-5)
      for probability in [0.5, 0.95, 0.999] {
        let (first, second) = (try a.interval(probability), try b.interval(probability))
        #expect(abs(first.lowerBound - second.lowerBound) < 1e-4, "\(probability): \(first) \(second)")
        #expect(abs(first.upperBound - second.upperBound) < 1e-4, "\(probability): \(first) \(second)")
      }
      #expect(abs(a.logDensity(at: 1.3) - b.logDensity(at: 1.3)) < 1e-5)
    }
    for (a, b) in zip(
      line.mixture.blocks[0].parameters(for: line.data)[0], student.mixture.blocks[0].parameters(for: student.data)[0])
    where a.isCoefficient {
      #expect(a.degreesOfFreedom.map { abs($0 - (b.degreesOfFreedom ?? 0)) < 1e-3 * $0 } ?? (b.degreesOfFreedom == nil))
    }
  }

  /// Student's distribution has no mean for ν ≤ 1, and its quantiles are where they are.
  @Test(arguments: [0.5, 1.0])
  func withoutMeanThereIsNone(freedom: Double) throws {
    let rows = try rows()
    let fit = try MixtureModel(
      gate: DirichletGate(),
      blocks: [Block(1, StudentExpert(noise: .fixed(variance: 0.09), degreesOfFreedom: .fixed(freedom)))]
    ).fitBlocking(rows, from: .priors)
    let predictions = try fit.mixture.predict(rows)
    #expect(predictions.allSatisfy { $0.mean.isNaN && !$0.standardDeviation.isFinite })
    for prediction in predictions {
      for probability in [0.025, 0.5, 0.9] {
        let quantile = try prediction.quantile(probability)
        #expect(abs(prediction.cumulative(at: quantile) - probability) < 1e-9)
      }
    }
    let columns = try predictions.columns(interval: 0.95)
    #expect(columns[0].values.allSatisfy(\.isNaN) && columns[2].values.allSatisfy(\.isFinite))
  }
}
