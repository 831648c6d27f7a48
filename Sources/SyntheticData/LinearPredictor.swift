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
    zip(["(intercept)"] + features, self).map { ParameterEstimate($0, value: $1) }
  }
}

extension [ColumnSchema] {
  /// Checks that a linear predictor can read a number for each coefficient behind the intercept.
  ///
  /// - Throws: ``SyntheticDataError`` for none, for more coefficients than features, or for one of a category.
  func validatePredictors(coefficientCount: Int, of reader: String) throws {
    guard coefficientCount >= 1, coefficientCount - 1 <= count else {
      throw SyntheticDataError(
        "\(reader): \(coefficientCount) coefficients for an intercept and \(count) feature\(count == 1 ? "" : "s")")
    }
    if let category = prefix(coefficientCount - 1).first(where: { $0.levels != nil }) {
      throw SyntheticDataError("\(reader): feature \"\(category.name)\" is a category, and has no coefficient")
    }
  }

  /// Checks that the feature of a number is a count of something.
  ///
  /// - Throws: ``SyntheticDataError`` for a number that no feature has, or a feature of another kind.
  func validateCount(_ index: Int, _ what: String, of reader: String) throws {
    guard indices.contains(index), self[index].kind == .count else {
      throw SyntheticDataError("\(reader): the feature of number \(index), counted from 0, is no count of \(what)")
    }
  }
}
