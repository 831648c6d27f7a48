import GSL
import MixtureCore

// Steps that do not creep, of learned covariances and of means beside them. They maximise, or nearly so, what the ELBO is with q(w_k) at
// its best, where careful steps hold q(w_k) and so can move no further than that is wide.

extension GaussianPrior {
  /// For w_k integrated out, the rows say ŵ_k ~ N(w0_k, H_k⁻¹ + A_k) with H_k = B_k⁻¹ − A_k⁻¹. Means are at the maximum of that, and so are full
  /// covariances: of one vector, (1 − 1/z²) δ δᵀ with δ = ŵ_k − w0_k and z² = δᵀ H_k δ, or nothing if z² < 1. The others take MacKay's
  /// fixed-point steps v = (m − w0)² / γ with γ = 1 − B / v the share of a direction that the rows determine: in each coordinate for a
  /// diagonal covariance, summed over them for an isotropic one.
  public func boldUpdate(from posteriors: [Gaussian], active: [Bool]) throws -> GaussianPrior? {
    guard learnsCovariance else { return nil }
    var result = self
    do {
      try result.updateMeansBoldly(from: posteriors, active: active)
      try result.updateCovariancesBoldly(from: posteriors, earlier: means, active: active)
      try result.formDistributions()
    } catch is GSLError, is ArgumentError {
      // What rounding has left of a nearly singular matrix has no factor.
      return nil
    }
    return result
  }

  /// Λ_k = (H_k⁻¹ + A_k)⁻¹ = A_k⁻¹ − A_k⁻¹ B_k A_k⁻¹ and Λ_k ŵ_k = Λ_k w0_k + A_k⁻¹ (m_k − w0_k).
  private mutating func updateMeansBoldly(from posteriors: [Gaussian], active: [Bool]) throws {
    let marginals = zip(precisions, posteriors).map { $0 + (-1) * ($0 * $1.covariance * $0) }
    let targets = posteriors.indices.map { k in
      zip(marginals[k] * means[k], precisions[k] * zip(posteriors[k].mean, means[k]).map(-)).map(+)
    }
    try maximizeMeans(active: active, precisions: marginals, targets: targets)
  }

  /// Less than this share of a direction may be all rounding, as before the first pass.
  private static var leastDetermined: Double { 1e-11 }

  /// With q(w_k) at its best under the new means, m_k + B_k A_k⁻¹ (w0_k − earlier w0_k).
  private mutating func updateCovariancesBoldly(
    from posteriors: [Gaussian], earlier: [[Double]], active: [Bool]
  ) throws {
    let learned = learnedCoordinates
    for (k, posterior) in posteriors.enumerated() where active[k] && !learned.isEmpty {
      let moved = posterior.covariance * (precisions[k] * zip(means[k], earlier[k]).map(-))
      let distance = zip(zip(posterior.mean, means[k]), moved).map { $0.0 - $0.1 + $1 }
      let determined = zip(posterior.covariance.diagonal, precisions[k].diagonal).map { 1 - $0 * $1 }
      switch covariance {
      case .isotropic:
        let total = learned.reduce(0) { $0 + determined[$1] }
        guard total > Self.leastDetermined else { continue }
        let variance = learned.reduce(0) { $0 + distance[$1] * distance[$1] } / total
        for j in learned { precisions[k][j, j] = 1 / max(variance, floor) }
      case .diagonal:
        for j in learned where determined[j] > Self.leastDetermined {
          precisions[k][j, j] = 1 / max(distance[j] * distance[j] / determined[j], floor)
        }
      case .full:
        set(try oneDirection(of: posterior, learned.map { distance[$0] }, ofExpert: k), ofExpert: k)
      case .cauchy, .flat, .fixed, .given: break
      }
    }
  }

  /// The precision of a full covariance at its best: with B⁻¹ (m − w0) = H δ over the learned coordinates.
  private func oneDirection(of posterior: Gaussian, _ distance: [Double], ofExpert k: Int) throws -> Matrix {
    let learned = learnedCoordinates
    let precision = try Cholesky(posterior.covariance.restricted(to: learned)).inverse
    let pull = precision * distance
    let prior = precisions[k].restricted(to: learned)
    let determined = precision + (-1) * prior
    guard zip(determined.diagonal, prior.diagonal).allSatisfy({ $0 > Self.leastDetermined * $1 }) else { return prior }
    let step = try Cholesky(determined).solve(pull)
    let (length, evidence) = (dot(step, step), dot(step, pull))
    guard evidence > 1, length > 0 else { return .identity(learned.count, scale: 1 / floor) }
    let share = 1 / max((1 - 1 / evidence) * length, floor) - 1 / floor
    var result = Matrix.identity(learned.count, scale: 1 / floor)
    for i in step.indices { for j in step.indices { result[i, j] += share * step[i] * step[j] / length } }
    return result
  }
}
