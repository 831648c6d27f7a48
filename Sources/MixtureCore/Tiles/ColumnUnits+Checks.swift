extension ColumnUnits {
  /// Checks that there is a unit for each column, all of them powers of two that leave squares in range.
  ///
  /// - Throws: ``UnfitValue``.
  func validate(features: Int, gateFeatures: Int, responses: Int) throws {
    try UnfitValue.checkCount("features", is: self.features.count, mustBe: features, what: "one for each feature")
    try UnfitValue.checkCount(
      "ownGateFeatures", is: self.gateFeatures.count, mustBe: gateFeatures, what: "one for each feature of the gate")
    try UnfitValue.checkCount(
      "gateNames", is: gateNames.count, mustBe: ownGateFeatures?.count ?? 0, what: "one for each feature of the gate's own")
    try UnfitValue.checkCount("responses", is: self.responses.count, mustBe: responses, what: "one for each response")
    try validateNumbers()
  }

  /// Checks that units are powers of two that leave squares in range, for however many columns.
  ///
  /// - Throws: ``UnfitValue``.
  func validateNumbers() throws {
    try Self.validate("features", units: features)
    try Self.validate("ownGateFeatures", units: gateFeatures)
    try Self.validate("responses", units: responses)
  }

  /// Checks that units are powers of two.
  ///
  /// - Throws: ``UnfitValue``.
  package static func validate(_ key: String, units: [Double]) throws {
    let isRight = units.allSatisfy { $0 > 0 && $0.isNormal && $0.significand == 1 && abs($0.exponent) <= 1000 }
    try UnfitValue.check(key, that: isRight, need: "must be powers of two, from 2^-1000 to 2^1000")
  }
}
