import MixtureCore

/// Coefficients of a linear predictor: the intercept, then one for each feature.
extension [Double] {
  /// w_0 + wᵀ x in a row of a block.
  func predictor(_ block: RowBlock, row: Int) -> Double {
    var sum = self[0]
    for j in 1..<Swift.max(1, count) { sum += self[j] * block.features[row, j - 1] }
    return sum
  }

  /// The coefficients, called as a fit calls them.
  func parameters(features: [String]) -> [ParameterEstimate] {
    zip(["(intercept)"] + features, self).map { ParameterEstimate($0, $1) }
  }
}
