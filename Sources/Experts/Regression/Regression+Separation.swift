import ConjugateFamilies
import GSL
import MixtureCore

// Whether the likelihood of an expert's rows has a maximum: of yes or no, successes and counts it has none where the rows are separated,
// completely or quasi-completely (Albert & Anderson 1984), by a function δᵀx of the features.

extension Regression {
  /// Looks, after a fit, for coefficients with which the likelihood of an expert's rows rises without end.
  ///
  /// With the responsibilities as they are, maximum likelihood is sought from where the coefficients are. Where it exists, Newton's steps get
  /// there, and rows of which the response is uncertain stay uncertain. Where there is none, each step moves η of the rows nearest to the border by one,
  /// and the information along δ, δᵀ (Σ r ω x xᵀ) δ, vanishes while the coefficients grow.
  public static func examine(
    _ experts: inout [Self], sharing shared: RegressionShared<Family>, from statistics: Span<Double>,
    resum: Resum<Block<Self>>
  ) throws {
    for k in experts.indices { experts[k].unboundedCoefficients = [] }
    guard !Family.stepIsSafe else { return }
    let sums = sums(experts, statistics)
    // A quadratic bound has a maximum; and of responses that are all alike it is known without a look.
    let suspects =
      try shared.extreme == nil ? experts.indices.filter { try shared.isSuspect(experts[$0], $0, sums[$0]) } : []
    let seemConstant = experts.contains { !$0.constantFeatures.isEmpty }
    guard !suspects.isEmpty || seemConstant else { return }
    let flat = try shared.withoutPrior(dimension: experts[0].posterior.dimension)
    func points(_ mean: (Self) -> [Double]) -> [Self] {
      experts.map { expert in
        var point = expert
        point.posterior = Gaussian(point: mean(expert))
        return point
      }
    }
    do {
      let atCentre = try Self.sums(points { expert in expert.posterior.mean.map { _ in 0 } }, flat, resum)
      if seemConstant {
        // Where rows are all but certain, curvatures differ so much that those of a few hide the others: at the centre they do not.
        for k in experts.indices { experts[k].constantFeatures = shared.constantFeatures(ofExpert: k, atCentre[k]) }
      }
      guard !suspects.isEmpty else { return }
      let found = try withoutPrior(points(\.posterior.mean), flat, suspects, resum)
      for k in suspects {
        let (free, mean) = (shared.freeCoefficients[k], found.experts[k].posterior.mean)
        experts[k].unboundedCoefficients = try Separation.entries(
          of: free.map { mean[$0] }, information: found.sums[k].crossProducts.restricted(to: free),
          atCentre: atCentre[k].crossProducts.restricted(to: free)
        ).map { free[$0] }
      }
    } catch let error where error is Breakdown || error is GSLError {
      // Sums that are out of range tell nothing.
    }
  }

  /// By how many nats a step must promise to raise the likelihood to be taken, and how many steps are taken at most. A step changes η by
  /// about one where there is no maximum, so that after as many all probabilities are 0 or 1 to rounding.
  private static var leastGain: Double { 1e-8 }
  private static var mostSteps: Int { 40 }

  /// The experts at the maximum of the likelihood under the responsibilities as they are, or as near to it as steps lead, with their sums.
  private static func withoutPrior(
    _ start: [Self], _ flat: RegressionShared<Family>, _ suspects: [Int], _ resum: Resum<Block<Self>>
  ) throws -> (experts: [Self], sums: [RegressionSums]) {
    var (experts, flat, steps) = (start, flat, 0)
    while true {
      let statistics = try resum(Block(experts, shared: flat))
      let sums = sums(experts, statistics.span)
      let isThere = try suspects.allSatisfy {
        try flat.gain(of: experts[$0], $0, sums[$0]) < max(leastGain, rounding(sums[$0]))
      }
      if isThere || steps == mostSteps { return (experts, sums) }
      try update(&experts, sharing: &flat, from: statistics.span, resum: resum)
      steps += 1
    }
  }
}

extension RegressionShared {
  /// How many times as much as the prior rows must tell in each direction for a maximum of their likelihood not to be in question: where there is
  /// none, slopes and prior are in balance at an η of some units, so that they tell as many times as much.
  private static var enough: Double { 30 }

  /// The terms of maximum likelihood.
  fileprivate func withoutPrior(dimension: Int) throws -> Self {
    var result = self
    result.estimate = .maximumLikelihood
    result.prior = GaussianPrior(covariance: .flat)
    try result.prior.configure(
      for: PriorSetting(
        expertCount: freeCoefficients.count, names: (0..<dimension).map(String.init), free: freeCoefficients,
        typicalVariance: 1))
    return result
  }

  /// Whether an expert's likelihood may have no maximum: the rows of an expert tell little more than the prior about some combination of coefficients, or there is none.
  fileprivate func isSuspect(_ expert: Regression<Family>, _ k: Int, _ sums: RegressionSums) throws -> Bool {
    let free = freeCoefficients[k]
    guard !free.isEmpty, sums.weight >= 0.05 else { return false }
    guard let prior = try coefficientPrior(ofExpert: k) else { return true }
    let information = expert.scale.precision * sums.crossProducts.restricted(to: free)
    return (try? Cholesky(information + (-Self.enough) * prior.precision.matrix.restricted(to: free))) == nil
  }

  /// What Newton's step of an expert without a prior promises, ½ gᵀ I⁻¹ g, in nats.
  fileprivate func gain(of expert: Regression<Family>, _ k: Int, _ sums: RegressionSums) throws -> Double {
    let free = freeCoefficients[k]
    let factor = try determinedFactor(
      sums.crossProducts.restricted(to: free), ofExpert: k, sums, mean: expert.posterior.mean)
    let slopes = free.map { sums.slopeProducts[$0] }
    return 0.5 * dot(slopes, factor.solve(slopes))
  }
}

/// Directions in which rows have stopped to tell anything.
private enum Separation {
  /// Of what rows told at the centre no more than this is left along δ.
  private static let leastInformation = 1e-5
  /// Wald's statistic along δ: the squared change of η over the rows, each by its information. Where the likelihood has a maximum, some row of
  /// weight is uncertain, within an η of one of the border, and it is not much less than 1, however strong the effect.
  private static let leastStatistic = 1e-4
  /// What the rows did not tell apart at the centre they need not tell apart later.
  private static let leastPivot = 1e-9
  /// Coefficients that are smaller than this share of the largest along δ hardly belong to it.
  private static let leastShare = 0.1

  /// The entries of the coefficients without a maximum.
  static func entries(of mean: [Double], information: Matrix, atCentre: Matrix) throws -> [Int] {
    let sizes = atCentre.diagonal.map { $0 > 0 ? $0.squareRoot() : 1 }
    let scaled = Matrix(symmetricOfOrder: mean.count) { atCentre[$0, $1] / (sizes[$0] * sizes[$1]) }
    let known = try SymmetricEigen(scaled)
    let kept = known.values.indices.filter { known.values[$0] > leastPivot }
    guard !kept.isEmpty else { return [] }
    // Of each direction δ with δᵀ I δ = 1 at the centre its entries, and the coefficient along it.
    let roots = known.values.map { max($0, 0).squareRoot() }
    let directions = kept.map { q in mean.indices.map { known.vectors[$0, q] / (sizes[$0] * roots[q]) } }
    let along = kept.map { q in mean.indices.reduce(0.0) { $0 + known.vectors[$1, q] * sizes[$1] * mean[$1] } * roots[q] }
    let left = try SymmetricEigen(
      Matrix(symmetricOfOrder: kept.count) { dot(directions[$0], information * directions[$1]) })
    var part = [Double](repeating: 0, count: mean.count)
    for q in kept.indices {
      let coefficient = kept.indices.reduce(0.0) { $0 + left.vectors[$1, q] * along[$1] }
      let information = max(left.values[q], 0)
      guard information < leastInformation, coefficient * coefficient * information < leastStatistic else { continue }
      for p in kept.indices {
        for j in part.indices { part[j] += coefficient * left.vectors[p, q] * directions[p][j] }
      }
    }
    let largest = part.map(abs).max() ?? 0
    return largest > 0 ? part.indices.filter { abs(part[$0]) >= leastShare * largest } : []
  }
}
