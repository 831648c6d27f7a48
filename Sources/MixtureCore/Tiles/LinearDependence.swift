import GSL

/// What linear functions of the features say of each other and of the response, over all rows.
package struct LinearDependence: Sendable, Equatable {
  /// A feature that follows from features before it.
  package struct Feature: Sendable, Equatable {
    /// Its number among all features.
    package var index: Int
    /// The numbers of those from which it follows; none if it is constant, or zero where there is no intercept.
    package var others: [Int]
  }

  /// The features that are linear functions of those before them, to rounding.
  package var features: [Feature]
  /// The variance that the best linear function of the features leaves of ``DataSummary/explained``; its mean square where there
  /// is no intercept.
  package var residualVariance: Double
}

extension DataSummary {
  /// Which of some features follow from others of them, and what all of them leave of the response.
  ///
  /// The Cholesky factorisation of their correlations (without intercept of their cosines), row by row: what a pivot leaves of one is
  /// the share of the feature that those before it do not determine. At 10⁻¹² of its variance or below, a feature is said to
  /// follow; sums of rounded products tell no smaller share from none. Such features are left out of the factor.
  ///
  /// - Complexity: O(features³).
  package func linearDependence(among features: [Int], hasIntercept: Bool) -> LinearDependence {
    let response = self.features.count
    let means = (self.features + [explained]).map { hasIntercept ? 0 : $0.mean }
    func moment(_ a: Int, _ b: Int) -> Double { covariance[a, b] + means[a] * means[b] }
    func isNothing(_ j: Int) -> Bool {
      hasIntercept ? (j == response ? explained : self.features[j]).isConstant : moment(j, j) == 0
    }
    let sizes = (self.features.indices + [response]).map { moment($0, $0).squareRoot() }
    var independent: [Int] = []
    var factor = TriangularRows()
    var dependent: [LinearDependence.Feature] = []
    // The new row of the factor, with its pivot, for correlations with the features that are in it.
    func row(_ j: Int) -> (entries: [Double], pivot: Double) {
      let entries = factor.solve(independent.map { moment($0, j) / (sizes[$0] * sizes[j]) })
      return (entries, entries.reduce(1) { $0 - $1 * $1 })
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
        let shares = factor.solveTransposed(entries)
        let largest = shares.map(abs).max() ?? 0
        let others = shares.indices.filter { abs(shares[$0]) > 1e-6 * largest }.map { independent[$0] }
        dependent.append(LinearDependence.Feature(index: j, others: others))
      }
    }
    let left = isNothing(response) ? 0 : max(row(response).pivot, 0) * moment(response, response)
    return LinearDependence(features: dependent, residualVariance: left)
  }
}

/// A lower triangular matrix L that grows row by row.
private struct TriangularRows {
  private var entries: [Double] = []
  private var count = 0

  /// Adds a row, of one entry more than the last.
  mutating func append(_ row: [Double]) {
    entries += row
    count += 1
  }

  /// The solution x of L x = b.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    var start = 0
    let entries = entries.span
    for i in 0..<count {
      var value = x[i]
      for j in 0..<i { value -= entries[start + j] * x[j] }
      x[i] = value / entries[start + i]
      start += i + 1
    }
    return x
  }

  /// The solution x of Lᵀ x = b.
  func solveTransposed(_ b: [Double]) -> [Double] {
    var x = b
    var end = entries.count
    let entries = entries.span
    for i in (0..<count).reversed() {
      let start = end - i - 1
      x[i] /= entries[start + i]
      let value = x[i]
      for j in 0..<i { x[j] -= entries[start + j] * value }
      end = start
    }
    return x
  }
}
