import ConjugateFamilies
import GSL
import MixtureCore

// The updates, each the maximum of the ELBO over its block, or a step that does not lower it.

extension Regression {
  /// Updates q(w_k), then the scales, then the prior, each given the newest of the others; where steps may lower the ELBO, they are checked
  /// and shortened.
  public static func update(
    _ experts: inout [Self], sharing shared: inout RegressionShared<Family>, from statistics: Span<Double>,
    resum: Resum<Block<Self>>
  ) throws {
    let (sums, before) = (sums(experts, statistics), experts)
    let isChecked = !Family.stepIsSafe && resum.isPossible
    // What a bold prior is worth is known to second order only, and shorter steps of experts do not make up for one that leads downwards.
    try updatePriorAndCoefficients(&experts, &shared, sums, isBold: !isChecked)
    try updateScales(
      &experts, shared, sums, meansOfPass: before.map(\.posterior.mean), checksSteps: resum.isPossible)
    if isChecked { try shorten(&experts, shared, from: before, sums, resum) }
  }

  /// The prior given q(w), then q(w) given the prior; where the prior has a bolder step that may be taken, and it leads higher, that instead.
  static func updatePriorAndCoefficients(
    _ experts: inout [Self], _ shared: inout RegressionShared<Family>, _ sums: [RegressionSums], isBold: Bool = true
  ) throws {
    for k in experts.indices {
      experts[k].constantFeatures = shared.constantFeatures(ofExpert: k, sums[k])
      experts[k].rowWeight = sums[k].weight
    }
    // Points that are about to become distributions tell nothing of how these spread.
    let havePoints =
      shared.estimate == .variational
      && experts.indices.contains {
        experts[$0].posterior.free.isEmpty && !shared.freeCoefficients[$0].isEmpty
      }
    if havePoints && !Family.stepIsSafe { return try updateCoefficients(&experts, shared, sums) }
    let means = experts.map(\.posterior.mean)
    let bold =
      isBold ? try shared.prior.boldUpdate(from: shared.posteriors(experts), active: sums.map { !$0.isEmpty }) : nil
    var (boldExperts, boldShared) = (experts, shared)
    try updatePrior(experts, &shared, sums)
    try updateCoefficients(&experts, shared, sums)
    if let bold {
      boldShared.prior = bold
      try updateCoefficients(&boldExperts, boldShared, sums)
      let careful = try boundOfCoefficients(experts, shared, sums, meansOfPass: means)
      if try boundOfCoefficients(boldExperts, boldShared, sums, meansOfPass: means) > careful {
        (experts, shared) = (boldExperts, boldShared)
      }
    }
    findPruned(&experts, shared, sums)
  }

  /// The coefficients whose spread a learned prior decides, of experts without rows all.
  private static func findPruned(
    _ experts: inout [Self], _ shared: RegressionShared<Family>, _ sums: [RegressionSums]
  ) {
    for k in experts.indices {
      // Most priors do not narrow, and need no posterior in their coordinates.
      experts[k].prunedCoefficients =
        shared.estimate == .variational
        ? shared.prior.prunedEntries(ofExpert: k, under: shared.posterior(experts[k])) : []
    }
  }

  /// What depends on q(w) and its prior in the ELBO, to second order: −½ Σ_k c_k Σ_i r_ik ω_ik e_ik − Σ_k KL(q(w_k) ‖ p(w_k)), up to a constant.
  private static func boundOfCoefficients(
    _ experts: [Self], _ shared: RegressionShared<Family>, _ sums: [RegressionSums], meansOfPass: [[Double]]
  ) throws -> Double {
    try experts.indices.reduce(-shared.prior.divergence(of: shared.posteriors(experts))) { bound, k in
      bound - 0.5 * experts[k].scale.precision
        * sums[k].changeOfSquares(
          step: zip(experts[k].posterior.mean, meansOfPass[k]).map(-), covariance: experts[k].posterior.covariance)
    }
  }

  /// q(w_k), given the scale and the prior.
  static func updateCoefficients(
    _ experts: inout [Self], _ shared: RegressionShared<Family>, _ sums: [RegressionSums]
  ) throws {
    for k in experts.indices {
      experts[k].posterior = try shared.posterior(
        ofExpert: k, from: experts[k].posterior, sums: sums[k], precision: experts[k].scale.precision)
    }
  }

  /// The parameters of the coefficients' prior, given q(w).
  static func updatePrior(_ experts: [Self], _ shared: inout RegressionShared<Family>, _ sums: [RegressionSums]) throws {
    try shared.prior.update(from: shared.posteriors(experts), active: sums.map { !$0.isEmpty })
  }

  /// The scales, given q(w).
  static func updateScales(
    _ experts: inout [Self], _ shared: RegressionShared<Family>, _ sums: [RegressionSums], meansOfPass: [[Double]],
    checksSteps: Bool = true
  ) throws {
    let ofScale = experts.indices.map { k in
      let (posterior, precision) = (experts[k].posterior, experts[k].scale.precision)
      return ScaleSums(
        weight: sums[k].weight,
        expectedSquares: Family.stepIsSafe
          ? sums[k].expectedSquares(
            step: zip(posterior.mean, meansOfPass[k]).map(-), covariance: posterior.covariance) : 0,
        determinedCoefficients: precision * dot(posterior.covariance.elements, sums[k].crossProducts.elements),
        terms: sums[k].terms)
    }
    var scales = experts.map(\.scale)
    if checksSteps {
      try Family.Scale.update(&scales, shared.scale, estimate: shared.estimate, from: ofScale)
    } else {
      try Family.Scale.updateUnchecked(&scales, shared.scale, estimate: shared.estimate, from: ofScale)
    }
    for k in experts.indices {
      // The rows' part of B⁻¹ is that under which B was found.
      let precision = experts[k].scale.precision
      experts[k].sharesOfScale =
        (scales[k].precisionFreedom ?? 1) < 1 ? sharesOfScale(experts[k], sums[k], precision: precision) : []
      experts[k].scale = scales[k]
    }
  }

  /// diag(T⁻¹ B M B T⁻ᵀ) / diag(T⁻¹ B T⁻ᵀ) with M = c Σ r ω x xᵀ, the part of B⁻¹ that is the rows', and w = T c + t: d ln var(c_j) / d ln (1 / c).
  private static func sharesOfScale(_ expert: Self, _ sums: RegressionSums, precision: Double) -> [Double] {
    let (covariance, map) = (expert.posterior.covariance, expert.coordinates.coefficientMap.inverse)
    let ofRows = precision * (covariance * sums.crossProducts * covariance)
    func variances(_ matrix: Matrix) -> [Double] { (map * matrix * map.transposed).diagonal }
    return zip(variances(ofRows), variances(covariance)).map { $1 > 0 ? min(max($0 / $1, 0), 1) : 1 }
  }
}

// MARK: Steps that are checked

extension Regression {
  /// The shortest share of a step that is tried; then an expert stays where it is. Far below the best rate a step is e to the distance too long.
  private static var leastShare: Double { 0x1p-60 }

  /// Halves the way of each expert that lowers its own part of the ELBO, Σ r s − KL(q ‖ p), until it does not: a step between natural parameters leads
  /// upwards at first, since s is concave in η, or is curved as if it were.
  private static func shorten(
    _ experts: inout [Self], _ shared: RegressionShared<Family>, from before: [Self], _ sums: [RegressionSums],
    _ resum: Resum<Block<Self>>
  ) throws {
    let full = experts
    var (start, startSums) = (before, sums)
    // A point that has become a distribution is compared with the same distribution about the point.
    for k in before.indices where before[k].posterior.free.count < full[k].posterior.free.count {
      let posterior = full[k].posterior
      start[k].posterior = Gaussian(mean: before[k].posterior.mean, free: posterior.free, precision: posterior.precision)
    }
    if start != before { startSums = try Self.sums(start, shared, resum) }
    let bounds = try bounds(start, shared, startSums)
    var shares = [Double](repeating: 1, count: experts.count)
    var isChecked = false
    while !isChecked {
      let trials = try Self.bounds(experts, shared, Self.sums(experts, shared, resum))
      isChecked = true
      for k in experts.indices {
        // A bound that is no number fails the comparison.
        if shares[k] == 0 || trials[k] >= bounds[k] - rounding(startSums[k]) { continue }
        isChecked = false
        shares[k] = shares[k] > leastShare ? shares[k] / 2 : 0
        experts[k] = try full[k].shortened(to: shares[k], from: start[k])
      }
    }
  }

  /// What rounding may take of long sums of scores.
  static func rounding(_ sums: RegressionSums) -> Double {
    16 * .ulpOfOne * (abs(sums.squaresOrScore) + sums.weight)
  }

  /// The sums of trial experts under the responsibilities of the pass.
  static func sums(
    _ experts: [Self], _ shared: RegressionShared<Family>, _ resum: Resum<Block<Self>>
  ) throws -> [RegressionSums] {
    let statistics = try resum(Block(experts, shared: shared))
    return sums(experts, statistics.span)
  }

  /// What of the ELBO belongs to each expert, Σ r s − KL(q ‖ p).
  private static func bounds(
    _ experts: [Self], _ shared: RegressionShared<Family>, _ sums: [RegressionSums]
  ) throws -> [Double] {
    var bounds = sums.map(\.squaresOrScore)
    for k in experts.indices { bounds[k] -= try experts[k].divergence(k, shared) }
    return bounds
  }

  /// KL(q(w_k) ‖ p(w_k)), up to a constant, and what the scale takes of its own.
  private func divergence(_ k: Int, _ shared: RegressionShared<Family>) throws -> Double {
    let ofScale = Family.Scale.divergence(of: [scale], shared.scale)
    guard let prior = try shared.coefficientPrior(ofExpert: k) else { return ofScale - posterior.entropy }
    return ofScale + posterior.divergence(from: prior)
  }

  /// The expert at `share` of the way from `before` to itself, in natural parameters where both have a distribution.
  private func shortened(to share: Double, from before: Self) throws -> Self {
    var result = self
    result.scale = before.scale.moved(to: scale, share: share)
    guard share > 0 else {
      result.posterior = before.posterior
      return result
    }
    func between(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + share * ($1 - $0) } }
    let (old, new) = (before.posterior, posterior)
    guard !new.free.isEmpty, new.free == old.free else {
      result.posterior = Gaussian(mean: between(old.mean, new.mean), free: new.free, precision: new.precision)
      return result
    }
    let precisions = (old.precision.matrix, new.precision.matrix)
    let step = new.free.map { new.mean[$0] - old.mean[$0] }
    // Λ (m − m_old) = share Λ_new (m_new − m_old), which keeps every digit of a small step.
    let factor = try Cholesky((1 - share) * precisions.0 + share * precisions.1)
    var mean = old.mean
    for (a, move) in factor.solve((precisions.1 * step).map { share * $0 }).enumerated() { mean[new.free[a]] += move }
    result.posterior = Gaussian(mean: mean, free: new.free, precision: factor)
    return result
  }
}
