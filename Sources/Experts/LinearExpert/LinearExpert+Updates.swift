import ConjugateFamilies
import GSL
import MixtureCore

// The updates, each the maximum of the ELBO over its block.

extension LinearExpert {
  /// The prior given q(w), then q(w) given the prior; where the prior has a bolder step and it leads higher, that instead.
  static func updatePriorAndCoefficients(
    _ experts: inout [LinearExpert], _ shared: inout LinearShared, _ sums: [LinearSums]
  ) throws {
    for k in experts.indices {
      experts[k].constantFeatures = shared.constantFeatures(ofExpert: k, sums[k])
      experts[k].rowWeight = sums[k].weight
    }
    let means = experts.map(\.posterior.mean)
    let bold = try shared.prior.boldUpdate(from: shared.posteriors(experts), active: sums.map { !$0.isEmpty })
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
  private static func findPruned(_ experts: inout [LinearExpert], _ shared: LinearShared, _ sums: [LinearSums]) {
    for k in experts.indices {
      // Most priors do not narrow, and need no posterior in their coordinates.
      experts[k].prunedCoefficients =
        shared.estimate == .variational
        ? shared.prior.prunedEntries(ofExpert: k, under: shared.posterior(experts[k])) : []
    }
  }

  /// What depends on q(w) and its prior in the ELBO: −½ Σ_k E β_k Σ_i r_ik e_ik − Σ_k KL(q(w_k) ‖ p(w_k)).
  private static func boundOfCoefficients(
    _ experts: [LinearExpert], _ shared: LinearShared, _ sums: [LinearSums], meansOfPass: [[Double]]
  ) throws -> Double {
    let squares = expectedSquares(experts, sums, meansOfPass: meansOfPass)
    return try zip(experts, squares).reduce(-shared.prior.divergence(of: shared.posteriors(experts))) {
      $0 - 0.5 * $1.0.precisionOfFit.mean * $1.1
    }
  }

  /// Σ_i r_ik e_ik of each expert.
  private static func expectedSquares(
    _ experts: [LinearExpert], _ sums: [LinearSums], meansOfPass: [[Double]]
  ) -> [Double] {
    experts.indices.map { k in
      sums[k].expectedSquares(
        step: zip(experts[k].posterior.mean, meansOfPass[k]).map(-), covariance: experts[k].posterior.covariance)
    }
  }

  /// q(w_k), given the noise and the prior.
  static func updateCoefficients(
    _ experts: inout [LinearExpert], _ shared: LinearShared, _ sums: [LinearSums]
  ) throws {
    for k in experts.indices {
      experts[k].posterior = try shared.posterior(
        ofExpert: k, from: experts[k].posterior, sums: sums[k],
        noisePrecision: experts[k].precisionOfFit.mean)
    }
  }

  /// The noise precision, given q(w).
  static func updateNoise(
    _ experts: inout [LinearExpert], _ shared: LinearShared, _ sums: [LinearSums], meansOfPass: [[Double]]
  ) throws {
    let squares = expectedSquares(experts, sums, meansOfPass: meansOfPass)
    countDegreesOfFreedom(&experts, shared, sums)
    if shared.noise.isShared {
      let precision = try noisePrecision(
        shared, weight: sums.reduce(0) { $0 + $1.weight }, squares: squares.reduce(0, +),
        current: experts[0].precisionOfFit)
      for k in experts.indices { experts[k].precisionOfFit = precision }
    } else {
      for k in experts.indices where shared.fixedVariances[k] == nil {
        experts[k].precisionOfFit = try noisePrecision(
          shared, weight: sums[k].weight, squares: squares[k], current: experts[k].precisionOfFit)
      }
    }
  }

  /// N − Σ_k γ_k of an estimated noise, with γ_k = E β tr(B_k Σ r x xᵀ) the coefficients that the rows determine, not the prior.
  private static func countDegreesOfFreedom(
    _ experts: inout [LinearExpert], _ shared: LinearShared, _ sums: [LinearSums]
  ) {
    guard shared.estimate == .variational, shared.noise == .shared || shared.noise == .perExpert else { return }
    let rest = experts.indices.map { k in
      let (covariance, products) = (experts[k].posterior.covariance.elements, sums[k].crossProducts.elements)
      return sums[k].weight - experts[k].precisionOfFit.mean * dot(covariance, products)
    }
    for k in experts.indices {
      let count = shared.noise == .shared ? rest.reduce(0, +) : rest[k]
      let rows = shared.noise == .shared ? sums.reduce(0) { $0 + $1.weight } : sums[k].weight
      // Fewer rows than one tell nothing; and no more coefficients are determined than there are rows, but for rounding.
      experts[k].degreesOfFreedom =
        rows >= 1 && shared.fixedVariances[k] == nil ? max(count, Self.leastDegreesOfFreedom) : nil
      let isNextToUnknown = (experts[k].degreesOfFreedom ?? 1) < 1
      experts[k].sharesOfNoise = isNextToUnknown ? sharesOfNoise(experts[k], sums[k]) : []
    }
  }

  /// diag(T⁻¹ B M B T⁻ᵀ) / diag(T⁻¹ B T⁻ᵀ) with M = E β Σ r x xᵀ, the part of B⁻¹ that is the rows', and w = T c + t: d ln var(c_j) / d ln (1 / β).
  private static func sharesOfNoise(_ expert: LinearExpert, _ sums: LinearSums) -> [Double] {
    let (covariance, map) = (expert.posterior.covariance, expert.coordinates.coefficientMap.inverse)
    let ofRows = expert.precisionOfFit.mean * (covariance * sums.crossProducts * covariance)
    func variances(_ matrix: Matrix) -> [Double] { (map * matrix * map.transposed).diagonal }
    return zip(variances(ofRows), variances(covariance)).map { $1 > 0 ? min(max($0 / $1, 0), 1) : 1 }
  }

  /// What is left where rows determine as many coefficients as they are: next to nothing is known of the noise then.
  private static var leastDegreesOfFreedom: Double { 0.1 }

  /// The parameters of the coefficients' prior, given q(w).
  static func updatePrior(_ experts: [LinearExpert], _ shared: inout LinearShared, _ sums: [LinearSums]) throws {
    try shared.prior.update(from: shared.posteriors(experts), active: sums.map { !$0.isEmpty })
  }

  /// The best noise precision for `squares` = Σ r e over rows of total weight Σ r.
  private static func noisePrecision(
    _ shared: LinearShared, weight: Double, squares: Double, current: NoisePrecision
  ) throws -> NoisePrecision {
    if case .fixed = shared.noise { return current }
    if let prior = shared.noisePrior {
      let distribution = try Gamma(shape: prior.shape + 0.5 * weight, rate: prior.rate + 0.5 * squares)
      // The peak of the density of β; with a shape of at most one that would be zero, and the floor of β stands in.
      return shared.estimate == .variational
        ? .gamma(distribution) : .value(max(distribution.shape - 1, 1e-10) / distribution.rate)
    }
    return weight < 1e-8 ? current : .value(1 / max(squares / weight, shared.varianceFloor))
  }
}
