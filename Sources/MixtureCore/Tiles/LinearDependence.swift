import GSL

/// What linear functions of the features say of each other and of the response, over all rows.
public struct LinearDependence: Sendable, Equatable {
  /// A feature that follows from features before it.
  public struct Feature: Sendable, Equatable {
    /// Its number among all features.
    public var index: Int
    /// The numbers of those from which it follows; none if it is constant, or zero where there is no intercept.
    public var others: [Int]
  }

  /// The features that are linear functions of those before them, to rounding.
  public var features: [Feature]
  /// The variance that the best linear function of the features leaves of ``DataSummary/explained``; its mean square where there
  /// is no intercept.
  public var residualVariance: Double
}

extension DataSummary {
  /// Which of some features follow from others of them, and what all of them leave of the response.
  ///
  /// The Cholesky factorisation of their correlations (without intercept of their cosines), row by row: what a pivot leaves of one is
  /// the share of the feature that those before it do not determine. At 10⁻¹² of its variance or below, a feature is said to
  /// follow; sums of rounded products tell no smaller share from none. Such features are left out of the factor.
  ///
  /// - Complexity: O(features³).
  public func linearDependence(among features: [Int], hasIntercept: Bool) -> LinearDependence {
    let response = self.features.count
    let means = (self.features + [explained]).map { hasIntercept ? 0 : $0.mean }
    func moment(_ a: Int, _ b: Int) -> Double { covariance[a, b] + means[a] * means[b] }
    func isNothing(_ j: Int) -> Bool {
      hasIntercept ? (j == response ? explained : self.features[j]).isConstant : moment(j, j) == 0
    }
    var independent: [Int] = []
    var factor: [[Double]] = []
    var dependent: [LinearDependence.Feature] = []
    // The new row of the factor, with its pivot, for correlations with the features that are in it.
    func row(_ j: Int) -> (entries: [Double], pivot: Double) {
      var (entries, pivot) = ([Double](), 1.0)
      for (a, i) in independent.enumerated() {
        var entry = moment(i, j) / (moment(i, i) * moment(j, j)).squareRoot()
        for b in 0..<a { entry -= factor[a][b] * entries[b] }
        entries.append(entry / factor[a][a])
        pivot -= entries[a] * entries[a]
      }
      return (entries, pivot)
    }
    for j in features {
      guard !isNothing(j) else {
        dependent.append(LinearDependence.Feature(index: j, others: []))
        continue
      }
      let (entries, pivot) = row(j)
      if pivot > 1e-12 {
        independent.append(j)
        factor.append(entries + [pivot.squareRoot()])
      } else {
        let shares = Self.solveTransposed(factor, entries)
        let largest = shares.map(abs).max() ?? 0
        let others = shares.indices.filter { abs(shares[$0]) > 1e-6 * largest }.map { independent[$0] }
        dependent.append(LinearDependence.Feature(index: j, others: others))
      }
    }
    let left = isNothing(response) ? 0 : max(row(response).pivot, 0) * moment(response, response)
    return LinearDependence(features: dependent, residualVariance: left)
  }

  /// The solution x of Lᵀ x = b for the rows of a lower triangular L.
  private static func solveTransposed(_ rows: [[Double]], _ b: [Double]) -> [Double] {
    var x = b
    for i in rows.indices.reversed() {
      for j in (i + 1)..<max(rows.count, i + 1) { x[i] -= rows[j][i] * x[j] }
      x[i] /= rows[i][i]
    }
    return x
  }
}
