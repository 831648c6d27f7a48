import Foundation

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
}

extension NoiseScale {
  /// ln σ² in the units of the fit.
  public var unconstrained: [Double] { [-log(precision)] }

  /// A noise of that ln σ².
  public func having(unconstrained parameters: [Double]) -> NoiseScale { NoiseScale(.value(exp(-parameters[0]))) }

  /// Known where it is fixed.
  public static func roles(_ terms: NoiseTerms, expert: Int) -> [ScaleParameterRole] {
    if case .fixed = terms.noise { return [.known] }
    return [terms.fixedVariances[expert] != nil ? .known : terms.noise.isShared ? .shared : .own]
  }
}
