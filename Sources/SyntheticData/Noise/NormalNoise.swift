import Foundation
import GSL
import MixtureCore

/// Normal noise, N(0, σ²).
public struct NormalNoise: NoiseDistribution {
  /// The standard deviation σ.
  public let standardDeviation: Double

  /// Noise of the given standard deviation, which is positive.
  public init(standardDeviation: Double) { self.standardDeviation = standardDeviation }

  /// - Throws: `ArgumentError` unless σ is positive, and at most 10¹⁰⁰.
  public func validate() throws { try Self.requirePositive(standardDeviation, argument: "standardDeviation") }

  /// Draws a number.
  public func draw(using source: inout RandomSource) -> Double { source.gaussian(standardDeviation: standardDeviation) }

  /// Writes the log densities −½ ln 2πσ² − ½ (r / σ)².
  public func replaceByLogDensities(_ values: inout Matrix, column: Int) {
    let constant = -0.5 * log(2 * .pi) - log(standardDeviation)
    for row in 0..<values.rows {
      let standardized = values[row, column] / standardDeviation
      values[row, column] = constant - 0.5 * standardized * standardized
    }
  }

  /// The parameter is called `noise sd`.
  public var parameters: [ParameterEstimate] { [ParameterEstimate("noise sd", value: standardDeviation)] }
}
