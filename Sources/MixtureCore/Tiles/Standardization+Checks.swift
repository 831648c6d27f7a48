extension Standardization: Validatable {
  /// Checks that features can be standardised.
  ///
  /// - Throws: ``UnfitValue`` unless there is a centre and a scale above zero for each feature, all finite.
  public func validate() throws {
    try UnfitValue.checkCount("scales", scales.count, centres.count, "one for each centre")
    try UnfitValue.checkMagnitude("centres", centres)
    for (index, scale) in scales.enumerated() {
      try UnfitValue.at("scales") {
        try UnfitValue.checkPositive("[\(index)]", scale)
        // They divide.
        try UnfitValue.checkMagnitude("[\(index)]", [scale, 1 / scale])
      }
    }
    try UnfitValue.checkMagnitude("responseCentre", [responseCentre])
    try UnfitValue.checkCount("units", units.count, centres.count, "one for each centre")
    try ColumnUnits.validate("units", units: units)
    try ColumnUnits.validate("responseUnit", units: [responseUnit])
  }

  /// Checks that it is of as many features as it must be, as one that comes from a file may not be.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate(featureCount: Int) throws {
    try UnfitValue.at("standardization") {
      try UnfitValue.checkCount("centres", centres.count, featureCount, "one for each feature")
    }
  }
}
