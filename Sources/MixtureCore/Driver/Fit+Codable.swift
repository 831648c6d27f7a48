extension Fit {
  enum CodingKeys: String, CodingKey {
    case mixture, elboTrace, stopReason, effectiveRows, equalExperts, options, errors, seconds
    case starts = "restarts"
    case dataOfFit = "data"
  }

  /// Decodes a fit, and checks that its parts belong together.
  ///
  /// - Throws: `DecodingError` with the place of a value that is unfit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    mixture = try container.decode(MixtureModel.self, forKey: .mixture)
    elboTrace = try container.decode([ELBO].self, forKey: .elboTrace)
    stopReason = try container.decode(StopReason.self, forKey: .stopReason)
    effectiveRows = try container.decode([Double].self, forKey: .effectiveRows)
    equalExperts = try container.decode([[Int]].self, forKey: .equalExperts)
    starts = try container.decode([StartRecord].self, forKey: .starts)
    options = try container.decode(FitOptions.self, forKey: .options)
    dataOfFit = try container.decode(DataSummary.self, forKey: .dataOfFit)
    errors = try container.decodeIfPresent(ParameterErrors.self, forKey: .errors)
    seconds = try container.decode(Double.self, forKey: .seconds)
    try decoder.checking { try validate() }
  }
}

extension Fit: Validatable {
  /// Checks the records of the fit, and that the mixture belongs to the data.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate() throws {
    try UnfitValue.at("options") { try options.validate() }
    try UnfitValue.at("data") { try dataOfFit.validate() }
    try UnfitValue.at("mixture") {
      try mixture.validate(for: dataOfFit)
      try UnfitValue.check(
        nil, that: mixture.units == nil || mixture.units == dataOfFit.units,
        need: "the units of its experts must be those of the data")
    }
    try UnfitValue.check(
      "elboTrace", that: !elboTrace.isEmpty, need: "there must be one for each iteration, and at least one")
    for (index, elbo) in elboTrace.enumerated() {
      try UnfitValue.at("elboTrace", "[\(index)]") { try elbo.validate(for: mixture) }
    }
    try UnfitValue.checkCount(
      "effectiveRows", is: effectiveRows.count, mustBe: mixture.expertCount, what: "one for each expert")
    for (k, rows) in effectiveRows.enumerated() {
      try UnfitValue.at("effectiveRows") { try UnfitValue.checkNotNegative("[\(k)]", number: rows) }
    }
    try UnfitValue.check("effectiveRows", that: effectiveRows.contains { $0 > 0 }, need: "one of them must be above 0")
    try UnfitValue.check(
      "equalExperts", that: equalExperts.joined().allSatisfy(effectiveRows.indices.contains),
      need: "must be numbers of the \(effectiveRows.count) experts, counted from 0")
    try UnfitValue.check("restarts", that: !starts.isEmpty, need: "there must be at least one")
    for (index, start) in starts.enumerated() {
      try UnfitValue.at("restarts", "[\(index)]") {
        try start.validate(among: starts.count, expertCount: mixture.expertCount)
      }
    }
    try UnfitValue.at("errors") { try errors?.validate(for: mixture, dataOfFit.inUnitsOfData) }
    try UnfitValue.checkNotNegative("seconds", number: seconds)
  }
}

extension Fit.StartRecord {
  fileprivate func validate(among count: Int, expertCount: Int) throws {
    try UnfitValue.checkFinite("elbo", numbers: [elbo].compactMap(\.self))
    for (key, count) in [("iterations", iterations), ("warmUpIterations", warmUpIterations)] {
      try UnfitValue.check(key, that: count >= 0, need: "\(count) must be at least 0")
    }
    try UnfitValue.check(
      "twin", that: twin.map((0..<count).contains) ?? true,
      need: "\(twin ?? 0) is none of the \(count) starts, counted from 0")
    let stranger = collapsedExperts.first { !(0..<expertCount).contains($0) }
    try UnfitValue.check(
      "collapsedExperts", that: stranger == nil,
      need: "\(stranger ?? 0) is none of the \(expertCount) experts, counted from 0")
  }
}

extension ELBO {
  /// - Throws: ``UnfitValue`` unless there is a number for the data and for each part of the mixture.
  fileprivate func validate(for mixture: MixtureModel) throws {
    try UnfitValue.checkFinite("terms", numbers: terms.map(\.value))
    let (parts, names) = (terms.dropFirst().map(\.part), mixture.partNames + ["units"])
    try UnfitValue.check(
      "terms", that: parts == names,
      need: "must be of the data, \(names.joined(separator: ", "))"
        + (parts.isEmpty ? "; there are none" : ", not \(parts.joined(separator: ", "))")
    )
    try UnfitValue.checkNotNegative("rounding", number: rounding)
  }
}
