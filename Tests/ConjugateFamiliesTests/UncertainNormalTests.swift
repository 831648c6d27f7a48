import Foundation
import GSL
import References
import Testing

@testable import ConjugateFamilies

/// Noise of uncertain size, against quadrature with 30 digits (see Tests/References/generate_noise.py).
@Suite struct UncertainNormalTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var shape, rate, mean, varianceOfMean, value: Double
    var logDensity, cumulative, exceedance: Double
    var testDescription: String { "Gamma(\(shape), \(rate)), N(\(mean), \(varianceOfMean)) at \(value)" }

    var distribution: UncertainNormal {
      get throws {
        UncertainNormal(
          mean: mean, varianceOfMean: varianceOfMean, noise: try UncertainNoise(precision: Gamma(shape: shape, rate: rate)))
      }
    }
  }

  struct Content: Decodable { var predictions: [Case] }

  static let cases = (try? Reference.load("noise", as: Content.self))?.predictions ?? []

  @Test(arguments: cases)
  func equalsTheIntegral(_ reference: Case) throws {
    let distribution = try reference.distribution
    #expect(abs(distribution.cumulative(at: reference.value) - reference.cumulative) <= 2e-7)
    #expect(abs(distribution.exceedance(at: reference.value) - reference.exceedance) <= 2e-7)
    #expect(
      abs(distribution.logDensity(at: reference.value) - reference.logDensity) <= 1e-7
        * max(10, reference.logDensity * reference.logDensity))
  }

  @Test func allCasesAreThere() { #expect(Self.cases.count == 32) }

  @Test func varianceIsThatOfStudent() throws {
    let noise = try UncertainNoise(precision: Gamma(shape: 3, rate: 8))
    // ν = 6 and scale² = 8 / 3, whose variance is 8 / 3 · 6 / 4.
    #expect(relativeError(UncertainNormal(mean: 1, varianceOfMean: 0.5, noise: noise).variance, 4.5) <= 1e-14)
    for shape in [0.5, 1] {
      let heavy = try UncertainNoise(precision: Gamma(shape: shape, rate: 1))
      #expect(UncertainNormal(mean: 0, varianceOfMean: 1, noise: heavy).variance == .infinity)
    }
    let known = UncertainNormal(mean: 0, varianceOfMean: 1, noise: UncertainNoise(variance: 3))
    #expect(known.variance == 4 && known.logDensity(at: 2) == NormalDistribution(mean: 0, variance: 4).logDensity(at: 2))
  }
}
