import GSL

extension DataSummary: Validatable {
  /// Checks that the numbers can be those of data.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate() throws {
    try UnfitValue.check("rowCount", that: rowCount >= 1, need: "\(rowCount) must be at least 1")
    try UnfitValue.check(
      "assignmentCount", that: (1...rowCount).contains(assignmentCount),
      need: "\(assignmentCount) must be from 1 to \(rowCount), the rows")
    try UnfitValue.checkPositive("totalWeight", number: totalWeight)
    try UnfitValue.checkPositive("assignmentWeight", number: assignmentWeight)
    try UnfitValue.check("responses", that: !responses.isEmpty, need: "there must be one at least")
    try UnfitValue.at("units") {
      try units.validate(features: features.count, gateFeatures: gateFeatures.count, responses: responses.count)
    }
    for (index, response) in responses.enumerated() {
      try UnfitValue.at("responses", "[\(index)]") { try response.validate(rowCount: rowCount) }
    }
    for (key, columns) in [("features", features), ("gateFeatures", gateFeatures)] {
      for (index, column) in columns.enumerated() { try UnfitValue.at(key, "[\(index)]") { try column.validate() } }
    }
    try UnfitValue.checkCount(
      "quartiles", is: quartiles.count, mustBe: 3 * responses.count, what: "lower, median and upper of each response")
    try UnfitValue.checkMagnitude("quartiles", numbers: quartiles)
    try UnfitValue.check(
      "quartiles", that: quartiles.indices.allSatisfy { $0 % 3 == 0 || quartiles[$0 - 1] <= quartiles[$0] },
      need: "must ascend")
    if let responseLessOffset { try UnfitValue.at("responseLessOffset") { try responseLessOffset.validate() } }
    try UnfitValue.check(
      "offset", that: offset == nil || responseLessOffset != nil, need: "must not be there without responseLessOffset")
    if let offset { try UnfitValue.at("offset") { try offset.validate() } }
    try UnfitValue.at("covariance") {
      try covariance.validate(order: features.count + responses.count, of: "features and responses")
    }
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
    try UnfitValue.checkMagnitude("mean", numbers: [mean])
    try UnfitValue.checkNotNegative("standardDeviation", number: standardDeviation)
    try UnfitValue.checkMagnitude("standardDeviation", numbers: [standardDeviation])
    try UnfitValue.checkMagnitude("least", numbers: [least])
    try UnfitValue.checkMagnitude("greatest", numbers: [greatest])
    try UnfitValue.check("greatest", that: greatest >= least, need: "must not be below the least, \(least)")
    try UnfitValue.check("shareAtEnds", that: (0...1).contains(shareAtEnds), need: "must be from 0 to 1")
    try column.validate()
  }
}

extension DataSummary.Response {
  /// Checks that the findings agree with the range.
  ///
  /// - Throws: ``UnfitValue``.
  fileprivate func validate(rowCount: Int) throws {
    try moments.validate()
    try firstNegative?.validate("firstNegative", rowCount: rowCount)
    try firstNotWhole?.validate("firstNotWhole", rowCount: rowCount)
    try firstAboveOne?.validate("firstAboveOne", rowCount: rowCount)
    try UnfitValue.check(
      "firstNegative", that: firstNegative == nil ? moments.least >= 0 : moments.least <= 0,
      need: "must be there if, and only if, the least value is negative, but that is \(moments.least)")
    try UnfitValue.check(
      "logarithm", that: logarithm == nil ? firstNegative != nil || firstNotWhole != nil : firstNegative == nil,
      need: "must be there unless a value is no count, and must not be where one is negative")
    if let logarithm {
      try UnfitValue.at("logarithm") {
        try UnfitValue.checkFinite("mean", numbers: [logarithm.mean])
        try UnfitValue.checkNotNegative("standardDeviation", number: logarithm.standardDeviation)
      }
    }
    guard let trials else { return }
    try UnfitValue.at("trials") {
      try UnfitValue.checkFinite("total", numbers: [trials.total])
      try trials.firstNegative?.validate("firstNegative", rowCount: rowCount)
      try trials.firstNotWhole?.validate("firstNotWhole", rowCount: rowCount)
      try trials.firstExceeded?.validate("firstExceeded", rowCount: rowCount)
      try trials.firstFailure?.validate("firstFailure", rowCount: rowCount)
    }
  }
}

extension DataSummary.RowValue {
  /// Checks that it is a row's, under a key.
  ///
  /// - Throws: ``UnfitValue``.
  fileprivate func validate(_ key: String, rowCount: Int) throws {
    try UnfitValue.at(key) {
      try UnfitValue.check(
        "row", that: (0..<rowCount).contains(row), need: "\(row) is none of the \(rowCount) rows, counted from 0")
      try UnfitValue.checkFinite("value", numbers: [value])
    }
  }
}

extension Matrix {
  fileprivate func validate(order: Int, of what: String) throws {
    try UnfitValue.check(
      nil, that: rows == order && columns == order,
      need: "\(rows) × \(columns) where there must be \(order) × \(order), one for each of \(what)")
    try UnfitValue.checkFinite("elements", numbers: elements)
  }
}
