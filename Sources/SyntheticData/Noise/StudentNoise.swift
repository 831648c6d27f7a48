import Foundation
import GSL
import MixtureCore

/// Student's distribution of ν degrees of freedom, scaled: heavy tails, heavier the smaller ν.
public struct StudentNoise: NoiseDistribution {
  /// σ, by which numbers of Student's distribution are multiplied.
  public let scale: Double
  /// The degrees of freedom ν.
  public let degreesOfFreedom: Double

  /// Noise of the given scale, which is its standard deviation in the limit of many degrees of freedom. Both must be positive.
  public init(scale: Double, degreesOfFreedom: Double) {
    self.scale = scale
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// With fewer degrees of freedom some numbers are too large to be written.
  static let leastFreedom = 0.1

  /// - Throws: `ArgumentError` unless σ is positive, ν more than a tenth, and both at most 10¹⁰⁰.
  public func validate() throws {
    try Self.requirePositive(scale, argument: "scale")
    try Self.requirePositive(degreesOfFreedom, argument: "degreesOfFreedom")
    try Self.require(
      degreesOfFreedom > Self.leastFreedom, argument: "degreesOfFreedom", value: degreesOfFreedom,
      need: "above \(Self.leastFreedom)")
  }

  /// Student's distribution has a mean for more than one degree of freedom.
  public var hasMean: Bool { degreesOfFreedom > 1 }

  /// Draws a number.
  public func draw(using source: inout RandomSource) -> Double {
    scale * source.studentT(degreesOfFreedom: degreesOfFreedom)
  }

  /// Writes the log densities ln Γ((ν + 1) / 2) − ln Γ(ν / 2) − ½ ln νπσ² − (ν + 1) / 2 · ln(1 + (r / σ)² / ν).
  public func replaceByLogDensities(_ values: inout Matrix, column: Int) {
    let half = 0.5 * (degreesOfFreedom + 1)
    let gammas: Double = lgamma(half) - lgamma(0.5 * degreesOfFreedom)
    let constant = gammas - 0.5 * log(degreesOfFreedom * Double.pi) - log(scale)
    for row in 0..<values.rows {
      let standardized = values[row, column] / scale
      values[row, column] = constant - half * log1p(standardized * standardized / degreesOfFreedom)
    }
  }

  /// `noise scale`, σ, and `degrees of freedom`, ν; for those who take the noise for normal also `noise sd`, σ √(ν / (ν − 2)), where ν > 2.
  public var parameters: [ParameterEstimate] {
    let own = [
      ParameterEstimate("noise scale", value: scale), ParameterEstimate("degrees of freedom", value: degreesOfFreedom),
    ]
    guard degreesOfFreedom > 2 else { return own }
    return own + [
      ParameterEstimate("noise sd", value: scale * (degreesOfFreedom / (degreesOfFreedom - 2)).squareRoot())
    ]
  }
}
