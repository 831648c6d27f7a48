import Foundation
import GSL
import MixtureCore

extension StudentFamily {
  /// Of the density itself, in η, ln σ² = −ln β and ln ν. With z = y − η, t = β z² and d = ν + t the gradient is (ν+1) β z / d,
  /// ½ ((ν+1) t / d − 1) and ν ℓ, where ℓ = ½ [ψ(½(ν+1)) − ψ(½ν) − 1/ν − ln(1 + t/ν) + (ν+1) t / (ν d)]. (Lange, Little & Taylor 1989, §3.)
  public func differentiate(
    _ cell: ResponseCell, eta: Double, scale: StudentScale, into derivatives: inout LikelihoodDerivatives
  ) {
    let (residual, precision, freedom) = (cell.value - eta, scale.precision, scale.degreesOfFreedom)
    let square = precision * residual * residual
    let whole = freedom + square
    let (weight, ratio) = ((freedom + 1) / whole, square / whole)
    // Of ν itself; ν ℓ and ν ℓ + ν² ℓ′ of its logarithm.
    let terms = scale.gammaTerms
    let ofFreedom = 0.5 * (terms.slope - log1p(square / freedom) + weight * square / freedom)
    let bend =
      0.5
      * (terms.bend + ratio / freedom
        + square * (freedom * whole - (freedom + 1) * (freedom + whole)) / (freedom * whole * freedom * whole))
    derivatives.gradient[0] = weight * precision * residual
    derivatives.gradient[1] = 0.5 * (weight * square - 1)
    derivatives.gradient[2] = freedom * ofFreedom
    derivatives[0, 0] = weight * precision * (freedom - square) / whole
    derivatives[0, 1] = weight * precision * residual * freedom / whole
    derivatives[0, 2] = -freedom * precision * residual * (square - 1) / (whole * whole)
    derivatives[1, 1] = 0.5 * weight * freedom * ratio
    derivatives[1, 2] = -0.5 * freedom * square * (square - 1) / (whole * whole)
    derivatives[2, 2] = -freedom * (ofFreedom + freedom * bend)
  }
}

extension StudentScale {
  /// What the derivatives in ν have in common for all rows: ψ(½(ν+1)) − ψ(½ν) − 1/ν, and its derivative.
  fileprivate var gammaTerms: (slope: Double, bend: Double) {
    let half = 0.5 * degreesOfFreedom
    func difference(_ function: (Double) throws -> Double) -> Double {
      ((try? function(half + 0.5)) ?? .nan) - ((try? function(half)) ?? .nan)
    }
    return (
      difference(digamma) - 1 / degreesOfFreedom,
      0.5 * difference(trigamma) + 1 / (degreesOfFreedom * degreesOfFreedom)
    )
  }

  /// ln σ² in the units of the fit, and ln ν.
  public var unconstrained: [Double] { noise.unconstrained + [log(degreesOfFreedom)] }

  /// Noise and degrees of freedom of those logarithms.
  public func having(unconstrained parameters: [Double]) -> StudentScale {
    StudentScale(noise.having(unconstrained: [parameters[0]]), degreesOfFreedom: exp(parameters[1]))
  }

  /// The noise's, and nothing of ν.
  public func logPriors(_ terms: StudentTerms, estimate: Estimate) -> [Double] {
    noise.logPriors(terms.noise, estimate: estimate) + [0]
  }

  /// The noise's, and nothing of ν.
  public func priorCurvatures(_ terms: StudentTerms) -> [Double] { noise.priorCurvatures(terms.noise) + [0] }

  /// That of the noise; ν stays a point.
  public func spread(over variances: [Double]) -> StudentScale {
    StudentScale(noise.spread(over: [variances[0]]), degreesOfFreedom: degreesOfFreedom)
  }

  /// The noise's, and ν known where it is fixed.
  public static func roles(_ terms: StudentTerms, expert: Int) -> [ScaleParameterRole] {
    NoiseScale.roles(terms.noise, expert: expert) + [terms.degreesOfFreedom == .estimated ? .own : .known]
  }
}
