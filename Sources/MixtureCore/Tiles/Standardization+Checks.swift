extension Standardization: Validatable {
  /// Checks that features can be standardised.
  ///
  /// - Throws: ``UnfitValue`` unless there is a centre and a scale above zero for each feature, all finite.
  public func validate() throws {
    try UnfitValue.checkCount("scales", is: scales.count, mustBe: centres.count, what: "one for each centre")
    try UnfitValue.checkMagnitude("centres", numbers: centres)
    for (index, scale) in scales.enumerated() {
      try UnfitValue.at("scales") {
        try UnfitValue.checkPositive("[\(index)]", number: scale)
        // They divide.
        try UnfitValue.checkMagnitude("[\(index)]", numbers: [scale, 1 / scale])
      }
    }
    try UnfitValue.checkCount("units", is: units.count, mustBe: centres.count, what: "one for each centre")
    try ColumnUnits.validate("units", units: units)
  }

  /// Checks that it is of as many features as it must be, as one that comes from a file may not be.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate(featureCount: Int) throws {
    try UnfitValue.at("standardization") {
      try UnfitValue.checkCount("centres", is: centres.count, mustBe: featureCount, what: "one for each feature")
    }
  }
}
