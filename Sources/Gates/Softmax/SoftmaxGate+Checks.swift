import ConjugateFamilies
import GSL
import MixtureCore

extension SoftmaxGate {
  /// Checks that coefficients, their distribution and the features belong together.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.check(
      "penalty", (estimate == .maximumLikelihood ? penalty == 0 : penalty > 0) && penalty.isFinite,
      "\(penalty) must be above 0, or 0 under maximum likelihood")
    try UnfitValue.at("node") {
      try UnfitValue.checkCount("dimension", node.dimension, standardization.dimension, "the features and the intercept")
    }
    if let spread {
      try UnfitValue.check("spread", estimate == .variational, "only variational estimates have one")
      try UnfitValue.at("spread") {
        try UnfitValue.checkCount("mean", spread.dimension, node.dimension, "one for each coefficient")
        try UnfitValue.checkCount("free", spread.free.count, node.dimension, "one for each coefficient")
      }
    }
    if let undecided { try UnfitValue.checkFinite("undecided", [undecided]) }
    try UnfitValue.checkCount("features", features.count, standardization.centres.count, "one name for each")
  }

  /// Checks that coefficients are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws {
    try standardization.validate(gateFeaturesOf: data)
    try UnfitValue.check(
      "spread", (spread != nil) == (estimate == .variational), "variational estimates have one, and no others")
  }
}

extension Standardization {
  /// Checks that it is of what a gate sees of the data.
  ///
  /// - Throws: `UnfitValue`.
  func validate(gateFeaturesOf data: DataSummary, hasIntercept: Bool? = nil) throws {
    try validate(featureCount: data.gateFeatures.count)
    let needed = hasIntercept ?? data.gateHasIntercept
    try UnfitValue.check("standardization", self.hasIntercept == needed, "hasIntercept must be \(needed), as in the data")
  }
}

extension SoftmaxNode: Validatable {
  /// Checks that there are as many coefficients as children and features need.
  ///
  /// - Throws: `UnfitValue`.
  func validate() throws {
    try UnfitValue.check("childCount", childCount >= 0, "\(childCount) must be at least 0")
    try UnfitValue.check("dimension", dimension >= 0, "\(dimension) must be at least 0")
    let (count, overflows) = childCount.multipliedReportingOverflow(by: dimension)
    try UnfitValue.check(
      "coefficients", !overflows && coefficients.count == count,
      "\(coefficients.count), where \(childCount) children of \(dimension) columns need others")
    try UnfitValue.checkMagnitude("coefficients", coefficients)
    try UnfitValue.checkNotNegative("penalty", penalty)
  }
}
