import MixtureCore

extension KnownGate {
  /// Checks that there is a column for each expert of the other gate, and a place for each column.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    if let twice = columns.compactMap(\.self).firstRepeated {
      throw UnfitValue("columns", need: "two experts have the column \(twice)")
    }
    if let base {
      try UnfitValue.at("base", "value") {
        try UnfitValue.check(
          nil, that: base.expertCount == columns.count,
          need: "is for \(base.expertCount) experts, but there are \(columns.count)")
      }
    }
    guard !places.isEmpty else { return }
    try UnfitValue.checkCount("places", is: places.count, mustBe: columns.count, what: "one for each expert")
    for (k, (place, column)) in zip(places, columns).enumerated() {
      try UnfitValue.at("places") {
        try UnfitValue.check(
          "[\(k)]", that: (place == nil) == (column == nil), need: "there must be one for a column, and only for one")
      }
    }
  }

  /// Checks that the columns are in their places among the features of the data, and that the other gate is of the others.
  ///
  /// - Throws: `UnfitValue`, or what the gate throws if it cannot be fitted to such data.
  public func validate(for data: DataSummary) throws {
    let names = data.gateFeatures.map(\.name)
    try UnfitValue.checkCount("places", is: places.count, mustBe: columns.count, what: "one for each expert")
    for (k, (place, column)) in zip(places, columns).enumerated() {
      let isRight = place.map { names.indices.contains($0) && names[$0] == column } ?? true
      try UnfitValue.at("places") {
        try UnfitValue.check("[\(k)]", that: isRight, need: "is not that of the column among the features")
      }
    }
    let others = names.indices.filter { !knownFeatures.contains(names[$0]) }
    try UnfitValue.check("otherPlaces", that: otherPlaces == others, need: "must be those of the other features, \(others)")
    if let base { try UnfitValue.at("base", "value") { try base.validate(for: baseSummary(data)) } }
  }
}
