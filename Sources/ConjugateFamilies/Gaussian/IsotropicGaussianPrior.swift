import GSL
import MixtureCore

/// N(0, v_k I) with a variance v_k for each expert, learned by maximising the bound: v_k = E ‖θ_k‖² / d (evidence
/// maximisation, MacKay 1992).
public struct IsotropicGaussianPrior: Prior, Equatable {
  /// The variances v_k; empty before a fit.
  public internal(set) var variances: [Double] = []

  /// No variance falls below this; clipping is the exact constrained maximum.
  private var floor = 0.0

  /// A prior whose variances start at the typical variance under the data.
  public init() {}

  /// Starts every v_k at the typical variance, with a floor of 10⁻¹⁰ times it.
  public mutating func configure(expertCount: Int, typicalVariance: Double) {
    variances = Array(repeating: typicalVariance, count: expertCount)
    floor = 1e-10 * typicalVariance
  }

  /// N(0, v_k I).
  public func parameters(ofExpert expert: Int, dimension: Int) -> Gaussian {
    Gaussian(
      mean: Array(repeating: 0, count: dimension),
      precision: Cholesky(identity: dimension, scale: 1 / variances[expert]))
  }

  /// v_k = (tr B_k + ‖m_k‖²) / d for the active experts, not below the floor; the others keep theirs.
  public mutating func update(from posteriors: [Gaussian], active: [Bool]) {
    for (k, posterior) in posteriors.enumerated() where active[k] {
      let secondMoment = posterior.covariance.trace + dot(posterior.mean, posterior.mean)
      variances[k] = max(secondMoment / Double(posterior.dimension), floor)
    }
  }

  /// MacKay's fixed-point step v_k = ‖m_k‖² / γ_k, with γ_k = d − tr(B_k) / v_k the number of directions that the data
  /// determine.
  public func boldUpdate(from posteriors: [Gaussian], active: [Bool]) -> IsotropicGaussianPrior? {
    var result = self
    for (k, posterior) in posteriors.enumerated() where active[k] {
      let determined = Double(posterior.dimension) - posterior.covariance.trace / variances[k]
      guard determined > 0 else { continue }
      result.variances[k] = max(dot(posterior.mean, posterior.mean) / determined, floor)
    }
    return result
  }

  /// Σ_k KL(q(θ_k) ‖ N(0, v_k I)).
  public func divergence(of posteriors: [Gaussian]) -> Double {
    posteriors.enumerated().reduce(0) {
      $0 + $1.element.divergence(from: parameters(ofExpert: $1.offset, dimension: $1.element.dimension))
    }
  }
}
