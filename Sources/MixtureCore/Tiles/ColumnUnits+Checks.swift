extension ColumnUnits {
  /// Checks that there is a unit for each column, all of them powers of two that leave squares in range.
  ///
  /// - Throws: ``UnfitValue``.
  func validate(features: Int, gateFeatures: Int, responses: Int) throws {
    try UnfitValue.checkCount("features", self.features.count, features, "one for each feature")
    try UnfitValue.checkCount("ownGateFeatures", self.gateFeatures.count, gateFeatures, "one for each feature of the gate")
    try UnfitValue.checkCount(
      "gateNames", gateNames.count, ownGateFeatures?.count ?? 0, "one for each feature of the gate's own")
    try UnfitValue.checkCount("responses", self.responses.count, responses, "one for each response")
    try Self.validate("features", units: self.features)
    try Self.validate("ownGateFeatures", units: self.gateFeatures)
    try Self.validate("responses", units: self.responses)
  }

  /// Checks that units are powers of two.
  ///
  /// - Throws: ``UnfitValue``.
  package static func validate(_ key: String, units: [Double]) throws {
    let isRight = units.allSatisfy { $0 > 0 && $0.isNormal && $0.significand == 1 && abs($0.exponent) <= 1000 }
    try UnfitValue.check(key, isRight, "must be powers of two, from 2^-1000 to 2^1000")
  }
}
