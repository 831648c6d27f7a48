import Foundation
import Mixtures
import Testing

/// Tests of several linear combinations of parameters at once.
@Suite struct WaldTests {
  typealias Name = ParameterCovariance.Name

  /// Two overlapping lines, whose parameters are correlated.
  private static func covariance() throws -> ParameterCovariance {
    var source = RandomSource(seed: 9)
    let x = (0..<200).map { _ in source.gaussian() }
    let y = x.indices.map { i in
      (i % 3 == 0 ? -0.5 + 1.5 * x[i] : 1 - 0.5 * x[i]) + source.gaussian(standardDeviation: 0.6)
    }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, LinearExpert())]).fitBlocking(rows)
    return try #require(fit.covariance)
  }

  private static let slope = [Name("x", expert: "1"): 1.0, Name("x", expert: "2"): -1]
  private static let intercept = [Name("(intercept)", expert: "1"): 1.0, Name("(intercept)", expert: "2"): -1]

  /// Of one combination it is the square of its z, and has its p-value.
  @Test func oneCombinationIsAContrast() throws {
    let covariance = try Self.covariance()
    let (contrast, test) = (try covariance.contrast(Self.slope), try covariance.waldTest([Self.slope]))
    #expect(abs(test.statistic - contrast.z * contrast.z) < 1e-9 * test.statistic && test.degreesOfFreedom == 1)
    #expect(abs(test.pValue - contrast.pValue) < 1e-9)
  }

  /// Of two it is cᵀ V⁻¹ c with the inverse of a matrix of two rows written out, and exp(−½ statistic) its p-value.
  @Test func twoCombinationsAreOneStatistic() throws {
    let covariance = try Self.covariance()
    let (one, other) = (try covariance.contrast(Self.slope), try covariance.contrast(Self.intercept))
    let sum = try covariance.contrast(Self.slope.merging(Self.intercept) { $0 + $1 })
    func variance(_ contrast: ParameterCovariance.Contrast) -> Double { contrast.standardError * contrast.standardError }
    let (a, b) = (variance(one), variance(other))
    let mixed = 0.5 * (variance(sum) - a - b)
    #expect(abs(mixed) > 0.05 * (a * b).squareRoot())
    let (c, d) = (one.estimate, other.estimate)
    let expected = (b * c * c - 2 * mixed * c * d + a * d * d) / (a * b - mixed * mixed)
    let test = try covariance.waldTest([Self.slope, Self.intercept])
    #expect(abs(test.statistic - expected) < 1e-8 * expected, "\(test.statistic) for \(expected)")
    #expect(abs(test.pValue - exp(-0.5 * expected)) <= 1e-8 * exp(-0.5 * expected) && test.degreesOfFreedom == 2)
  }

  /// The same hypothesis in other words has the same statistic.
  @Test func sumAndDifferenceSayTheSame() throws {
    let covariance = try Self.covariance()
    let sum = Self.slope.merging(Self.intercept) { $0 + $1 }
    let difference = Self.slope.merging(Self.intercept.mapValues { -3 * $0 }) { $0 + $1 }
    let (plain, mixed) = (
      try covariance.waldTest([Self.slope, Self.intercept]), try covariance.waldTest([sum, difference])
    )
    #expect(abs(plain.statistic - mixed.statistic) < 1e-8 * plain.statistic)
  }

  /// Combinations of which one follows from the others are refused.
  @Test func redundantCombinationsAreRefused() throws {
    let covariance = try Self.covariance()
    #expect(throws: MixtureError.self) { try covariance.waldTest([Self.slope, Self.slope.mapValues { 2 * $0 }]) }
  }
}
