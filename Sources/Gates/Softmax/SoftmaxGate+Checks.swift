import ConjugateFamilies
import GSL
import MixtureCore

extension SoftmaxGate {
  /// Checks that coefficients, their distribution and the features belong together.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.check(
      "penalty", that: (estimate == .maximumLikelihood ? penalty == 0 : penalty > 0) && penalty.isFinite,
      need: "\(penalty) must be above 0, or 0 under maximum likelihood")
    try UnfitValue.at("node") {
      try UnfitValue.checkCount(
        "dimension", is: node.dimension, mustBe: standardization.dimension, what: "the features and the intercept")
    }
    if let spread {
      try UnfitValue.check("spread", that: estimate == .variational, need: "only variational estimates have one")
      try UnfitValue.at("spread") {
        try UnfitValue.checkCount("mean", is: spread.dimension, mustBe: node.dimension, what: "one for each coefficient")
        try UnfitValue.checkCount("free", is: spread.free.count, mustBe: node.dimension, what: "one for each coefficient")
      }
    }
    if let undecided { try UnfitValue.checkFinite("undecided", numbers: [undecided]) }
    try UnfitValue.checkCount(
      "features", is: features.count, mustBe: standardization.centres.count, what: "one name for each")
  }

  /// Checks that coefficients are of the features of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws {
    try standardization.validate(gateFeaturesOf: data)
    try UnfitValue.check(
      "spread", that: (spread != nil) == (estimate == .variational), need: "variational estimates have one, and no others")
  }
}

extension Standardization {
  /// Checks that it is of what a gate sees of the data.
  ///
  /// - Throws: `UnfitValue`.
  func validate(gateFeaturesOf data: DataSummary, hasIntercept: Bool? = nil) throws {
    try validate(featureCount: data.gateFeatures.count)
    let needed = hasIntercept ?? data.gateHasIntercept
    try UnfitValue.check(
      "standardization", that: self.hasIntercept == needed, need: "hasIntercept must be \(needed), as in the data")
  }
}

extension SoftmaxNode: Validatable {
  /// Checks that there are as many coefficients as children and features need.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.check("childCount", that: childCount >= 0, need: "\(childCount) must be at least 0")
    try UnfitValue.check("dimension", that: dimension >= 0, need: "\(dimension) must be at least 0")
    let (count, overflows) = childCount.multipliedReportingOverflow(by: dimension)
    try UnfitValue.check(
      "coefficients", that: !overflows && coefficients.count == count,
      need: "\(coefficients.count), where \(childCount) children of \(dimension) columns need others")
    try UnfitValue.checkMagnitude("coefficients", numbers: coefficients)
    try UnfitValue.checkNotNegative("penalty", number: penalty)
  }
}
