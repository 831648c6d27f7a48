import ConjugateFamilies
import GSL
import MixtureCore

// The distribution of the coefficients at its maximum, and how it is solved for.

extension RegressionShared {
  /// q(w_k) at its maximum for the given sums (none: the prior itself), or the point where that has its peak.
  ///
  /// Solving for the step from the mean of the pass, not for the new mean, keeps every digit of a small step.
  ///
  /// - Throws: `Breakdown` where neither the rows nor a prior determine the coefficients.
  func posterior(
    ofExpert k: Int, from current: Gaussian, sums: RegressionSums?, precision: Double
  ) throws -> Gaussian {
    let (free, mean) = (freeCoefficients[k], current.mean)
    let factor: Cholesky
    let step: [Double]
    if let prior = try coefficientPrior(ofExpert: k) {
      (factor, step) = try solve(prior, free, from: mean, sums, precision)
    } else if let sums, !sums.isEmpty {
      let ofRows = precision * sums.crossProducts.restricted(to: free)
      factor = try determinedFactor(ofRows, ofExpert: k, sums, mean: mean)
      step = factor.solve(free.map { precision * sums.slopeProducts[$0] })
    } else {
      return try withoutRows(ofExpert: k, current)
    }
    var maximum = mean
    for (a, i) in free.enumerated() { maximum[i] += step[a] }
    return estimate == .variational
      ? Gaussian(mean: maximum, free: free, precision: factor) : Gaussian(point: maximum)
  }

  /// The factor of Λ + c Σ r ω x xᵀ over the free coefficients, and the step (Λ + c Σ r ω x xᵀ)⁻¹ [Λ (w0 − m) + c Σ r z x].
  ///
  /// No pivot of the sum can be below that of Λ, because Schur complements grow with their matrices (Horn & Johnson 2013, §7.7). Where
  /// one is, or the sum is singular to rounding, the step is that of least squares, ‖Lᵀ s − Lᵀ (w0 − m)‖² + ‖Fᵀ s − f‖² with F Fᵀ the
  /// rows' share: the columns of F are rotated into L, which squares nothing and so loses half as many digits (Golub & Van Loan, §5.3).
  private func solve(
    _ prior: Gaussian, _ free: [Int], from mean: [Double], _ sums: RegressionSums?, _ ofScale: Double
  ) throws -> (Cholesky, [Double]) {
    let distance = zip(prior.mean, mean).map(-)
    let (least, pull): (Cholesky, [Double])
    if free.count == prior.dimension {
      (least, pull) = (prior.precision, prior.precision.whitening(distance))
    } else {
      let precision = prior.precision.matrix
      let ofFree = try Cholesky(precision.restricted(to: free))
      let drawn = precision * distance
      (least, pull) = (ofFree, ofFree.whitening(ofFree.solve(free.map { drawn[$0] })))
    }
    // Rows that weigh next to nothing may still tell more than a prior of data far away.
    guard let sums, sums.weight > 0 else { return (least, least.solveTransposed(pull)) }
    let share = ofScale * sums.crossProducts.restricted(to: free)
    let drawn = free.map { ofScale * sums.slopeProducts[$0] }
    let precision = least + share
    if let factor = try? Cholesky(precision), Self.isAccurate(factor, of: precision, over: least) {
      return (factor, factor.solve(zip(least.colouring(pull), drawn).map(+)))
    }
    // Of a share that is singular to rounding, the diagonal grows by as much as rounding may have taken.
    let rounding = share.diagonal.map { max(16 * Double(free.count) * .ulpOfOne * $0, .leastNormalMagnitude) }
    let rows = try Cholesky(share + Matrix(diagonal: rounding))
    let (factor, right) = least.rotating(in: rows, pull, rows.whitening(rows.solve(drawn)))
    return (factor, factor.solveTransposed(right))
  }

  /// Whether rounding has left each pivot most of its digits, and none below that of the prior.
  private static func isAccurate(_ factor: Cholesky, of precision: Matrix, over least: Cholesky) -> Bool {
    zip(factor.lower.diagonal, zip(least.lower.diagonal, precision.diagonal)).allSatisfy { pivot, bounds in
      pivot >= 0.9 * bounds.0 && pivot * pivot >= 1e-10 * bounds.1
    }
  }
}
