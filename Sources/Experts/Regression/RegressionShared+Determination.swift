import ConjugateFamilies
import GSL
import MixtureCore

// Whether the rows of an expert determine its coefficients where no prior does.

extension RegressionShared {
  /// The coefficients of an expert without rows and without a prior: points stay where they are, since any would do.
  ///
  /// - Throws: `Breakdown` where they have a distribution, which would have no width.
  func withoutRows(ofExpert k: Int, _ current: Gaussian) throws -> Gaussian {
    // Before the first update of a fit nobody has rows.
    guard estimate == .variational, current.free.isEmpty || current.free.count == freeCoefficients[k].count else {
      return Gaussian(point: current.mean)
    }
    guard current.free.isEmpty else {
      throw Breakdown(
        ofExpert: k,
        "no rows are left to it, and without a prior its coefficients could be anything: take fewer experts, or a prior")
    }
    return current
  }

  /// The factor of c Σ r ω x xᵀ, where it has one to rounding, or points are sought: each pivot, as a share of its diagonal entry, is what the features before
  /// do not determine of a feature among the expert's rows.
  ///
  /// - Throws: `Breakdown` with the first coefficient that the rows leave undetermined.
  func determinedFactor(
    _ precision: Matrix, ofExpert k: Int, _ sums: RegressionSums?, mean: [Double]
  ) throws -> Cholesky {
    if let factor = try? Cholesky(precision),
      zip(factor.lower.diagonal, precision.diagonal).allSatisfy({ $0 * $0 > Self.leastShare * $1 })
    {
      return factor
    }
    guard precision.elements.allSatisfy(\.isFinite) else {
      throw Breakdown(ofExpert: k, "sums over its rows are out of range")
    }
    // A point need not move where the rows are indifferent: with a ridge of the size of rounding it stays.
    if estimate != .variational {
      let ridge = precision.diagonal.map { max(16 * Double(precision.rows) * .ulpOfOne * $0, .leastNormalMagnitude) }
      return try Cholesky(precision + Matrix(diagonal: ridge))
    }
    throw Breakdown(ofExpert: k, undetermined(precision, free: freeCoefficients[k], sums, mean: mean))
  }

  /// What rounding leaves of nothing, as a share: see `DataSummary.linearDependence`.
  static var leastShare: Double { 1e-12 }

  /// What leaves a coefficient undetermined, and what to do.
  private func undetermined(
    _ precision: Matrix, free: [Int], _ sums: RegressionSums?, mean: [Double]
  ) -> String {
    let weight = sums?.weight ?? 0
    // Where the rows' mean lies in the response, by which a row far from the others is found.
    let response =
      sums.flatMap { sums -> String? in
        guard Family.isOfResiduals, let coordinates, coordinates.hasIntercept, weight > 0 else { return nil }
        let mean = (sums.slopeProducts[0] + dot(sums.crossProducts.row(0), mean)) / weight
        let place = coordinates.unit * (mean + coordinates.centre)
        // As short as a reader wants it, where that has the range.
        let short = Float(place)
        return ", about \(responseName) = " + (short.isNormal || place == 0 ? "\(short)" : "\(place)")
      } ?? ""
    let remedy = "without a prior its coefficient could be anything; leave it out, or take a prior"
    guard weight >= Double(free.count) - 0.5 else {
      let rows = (weight * 10).rounded() / 10
      return
        "its rows weigh \(rows) together\(response), too little for \(free.count) coefficients without a prior: leave out rows far "
        + "from all others, take fewer experts, or a prior"
    }
    // The first order at which the leading block has no factor tells the coefficient.
    let first = free.indices.first { m in
      let block = precision.restricted(to: Array(0...m))
      guard let factor = try? Cholesky(block) else { return true }
      return factor.lower[m, m] * factor.lower[m, m] <= Self.leastShare * block[m, m]
    }
    let hasIntercept = coordinates?.hasIntercept ?? false
    guard let first, let feature = featureNumber(free[first], hasIntercept) else {
      return "its rows do not determine the intercept; take fewer experts, or a prior"
    }
    let name = featureNames[feature]
    return isConstant(precision, first, besideIntercept: hasIntercept && free[0] == 0)
      ? "feature \(name) is constant among its rows, and \(remedy)"
      : "feature \(name) follows from others among its rows, and \(remedy)"
  }

  private func featureNumber(_ coefficient: Int, _ hasIntercept: Bool) -> Int? {
    hasIntercept ? (coefficient == 0 ? nil : coefficient - 1) : coefficient
  }

  /// Whether the column of number `index` is a multiple of the ones in column 0, or zero, where the products are weighed.
  func isConstant(_ products: Matrix, _ index: Int, besideIntercept: Bool) -> Bool {
    let square = products[index, index]
    guard besideIntercept, products[0, 0] > 0 else { return square == 0 }
    return square - products[0, index] * products[0, index] / products[0, 0] <= Self.leastShare * square
  }

  /// The features of which an expert's rows have one value, while all rows together have more.
  func constantFeatures(ofExpert k: Int, _ sums: RegressionSums) -> [Int] {
    let hasIntercept = coordinates?.hasIntercept ?? false
    // Few rows have one value by chance, or there is one row only.
    guard sums.weight >= 2 else { return [] }
    return freeCoefficients[k].compactMap { coefficient in
      guard let feature = featureNumber(coefficient, hasIntercept), !constantOverall.contains(feature),
        isConstant(sums.crossProducts, coefficient, besideIntercept: hasIntercept)
      else { return nil }
      return feature
    }
  }

  /// Whether the coefficients of an expert have a prior that is not flat.
  func hasPrior(ofExpert k: Int) -> Bool { ((try? prior.distribution(ofExpert: k)) ?? nil) != nil }
}
