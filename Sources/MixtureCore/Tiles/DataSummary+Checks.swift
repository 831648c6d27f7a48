import GSL

extension DataSummary: Validatable {
  /// Checks that the numbers can be those of data.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate() throws {
    try UnfitValue.check("rowCount", rowCount >= 1, "\(rowCount) must be at least 1")
    try UnfitValue.check(
      "assignmentCount", (1...rowCount).contains(assignmentCount),
      "\(assignmentCount) must be from 1 to \(rowCount), the rows")
    try UnfitValue.checkPositive("totalWeight", totalWeight)
    try UnfitValue.checkPositive("assignmentWeight", assignmentWeight)
    try UnfitValue.check("responses", !responses.isEmpty, "there must be one at least")
    try UnfitValue.at("units") {
      try units.validate(features: features.count, gateFeatures: gateFeatures.count, responses: responses.count)
    }
    for (key, columns) in [("features", features), ("responses", responses), ("gateFeatures", gateFeatures)] {
      for (index, column) in columns.enumerated() { try UnfitValue.at(key, "[\(index)]") { try column.validate() } }
    }
    try UnfitValue.checkCount("quartiles", quartiles.count, 3, "lower, median and upper")
    try UnfitValue.checkMagnitude("quartiles", quartiles)
    try UnfitValue.check("quartiles", zip(quartiles, quartiles.dropFirst()).allSatisfy { $0 <= $1 }, "must ascend")
    if let responseLessOffset { try UnfitValue.at("responseLessOffset") { try responseLessOffset.validate() } }
    try UnfitValue.at("covariance") { try covariance.validate(order: features.count + 1, of: "features and response") }
    try UnfitValue.at("gateCovariance") {
      try gateCovariance.validate(order: gateFeatures.count, of: "the gate's features")
    }
  }
}

extension DataSummary.Column: Validatable {
  /// Checks that the moments are those of numbers.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate() throws {
    try UnfitValue.checkMagnitude("mean", [mean])
    try UnfitValue.checkNotNegative("standardDeviation", standardDeviation)
    try UnfitValue.checkMagnitude("standardDeviation", [standardDeviation])
    try UnfitValue.checkMagnitude("least", [least])
    try UnfitValue.checkMagnitude("greatest", [greatest])
    try UnfitValue.check("greatest", greatest >= least, "must not be below the least, \(least)")
    try UnfitValue.check("shareAtEnds", (0...1).contains(shareAtEnds), "must be from 0 to 1")
    if let twice = levels?.firstRepeated { throw UnfitValue("levels", "two of them are \(twice)") }
  }
}

extension Matrix {
  fileprivate func validate(order: Int, of what: String) throws {
    try UnfitValue.check(
      nil, rows == order && columns == order,
      "\(rows) × \(columns) where there must be \(order) × \(order), one for each of \(what)")
    try UnfitValue.checkFinite("elements", elements)
  }
}
