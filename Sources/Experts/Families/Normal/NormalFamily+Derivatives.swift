import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

extension NormalFamily {
  /// With z = y − η and φ = ln σ² = −ln β: gradient β z and ½ (β z² − 1), information β, β z and ½ β z².
  public func differentiate(
    _ cell: ResponseCell, eta: Double, scale: NoiseScale, into derivatives: inout LikelihoodDerivatives
  ) {
    let residual = cell.value - eta
    let (slope, square) = (scale.precision * residual, scale.precision * residual * residual)
    derivatives.gradient[0] = slope
    derivatives.gradient[1] = 0.5 * (square - 1)
    derivatives[0, 0] = scale.precision
    derivatives[0, 1] = slope
    derivatives[1, 1] = 0.5 * square
  }

  /// The gradient with e = z² + v for z². The information of φ has z² itself, for the coefficients' covariance goes along with σ²: v / σ² stays, and
  /// what coefficients take from the rows is not counted as known of the noise.
  public func differentiate(
    _ response: ResponseRows, means: [Double], variances: [Double], scale: NoiseScale,
    into derivatives: inout TileDerivatives
  ) {
    let (precision, capacity, values) = (scale.precision, derivatives.capacity, response.values)
    withMutableSpan(of: &derivatives.gradients) { gradients in
      withMutableSpan(of: &derivatives.information) { information in
        for i in 0..<response.count {
          let residual = values[i] - means[i]
          let (slope, square) = (precision * residual, precision * residual * residual)
          gradients[i] = slope
          gradients[capacity + i] = 0.5 * (square + precision * variances[i] - 1)
          information[i] = precision
          information[capacity + i] = slope
          information[2 * capacity + i] = 0.5 * square
        }
      }
    }
  }
}

extension NoiseScale {
  /// ln σ² in the units of the fit.
  public var unconstrained: [Double] { [-log(precision)] }

  /// A noise of that ln σ².
  public func having(unconstrained parameters: [Double]) -> NoiseScale { NoiseScale(.value(exp(-parameters[0]))) }

  /// That of ln β under a Gamma distribution of β; of points that of β itself.
  public func logPriors(_ terms: NoiseTerms, estimate: Estimate) -> [Double] {
    [terms.prior.map { $0.logDensity(at: precision) + (estimate == .variational ? log(precision) : 0) } ?? 0]
  }

  /// b β of a Gamma distribution of β, whose logarithm in ln β is a ln β − b β.
  public func priorCurvatures(_ terms: NoiseTerms) -> [Double] { [terms.prior.map { $0.rate * precision } ?? 0] }

  /// A Gamma distribution of β at its mean, whose ln β has the variance ψ′(shape).
  public func spread(over variances: [Double]) -> NoiseScale {
    guard variances[0] > 0, let shape = try? inverseTrigamma(variances[0]),
      distributionOfFit.map({ $0.shape > shape }) ?? true,
      let distribution = try? Gamma(shape: shape, rate: shape / precision)
    else { return self }
    return NoiseScale(.gamma(distribution))
  }

  /// Known where it is fixed.
  public static func roles(_ terms: NoiseTerms, expert: Int) -> [ScaleParameterRole] {
    if case .fixed = terms.noise { return [.known] }
    return [terms.fixedVariances[expert] != nil ? .known : terms.noise.isShared ? .shared : .own]
  }
}
