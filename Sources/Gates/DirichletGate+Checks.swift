import ConjugateFamilies
import GSL
import MixtureCore

extension DirichletGate {
  /// Checks that there is a number for each expert, wherever there must be.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.at("concentration") { try concentration.validate() }
    // Before there are experts, the distributions are of one.
    let count = max(expertCount, 1)
    let needed = prior.concentration.count + fixedWeights.count
    try UnfitValue.check(
      "expertCount", that: expertCount >= 0 && count == needed,
      need: "\(expertCount), but prior and fixed weights are of \(needed)")
    if let stranger = fixedWeights.keys.first(where: { !(0..<count).contains($0) }) {
      throw UnfitValue("fixedWeights", need: "\(stranger) is none of the \(count) experts, counted from 0")
    }
    try UnfitValue.check(
      "fixedWeights", that: fixedWeights.values.allSatisfy { $0 > 0 } && fixedWeights.values.reduce(0, +) < 1,
      need: "must be above 0 and sum to less than 1")
    try UnfitValue.at("posterior") {
      try UnfitValue.checkCount(
        "concentration", is: posterior.concentration.count, mustBe: prior.concentration.count,
        what: "as many as the prior has")
    }
    if case .each(let values) = concentration {
      try UnfitValue.at("concentration") {
        try UnfitValue.checkCount("each", is: values.count, mustBe: count, what: "one for each expert")
      }
    }
    try UnfitValue.check(
      "point", that: (point == nil) == (estimate == .variational),
      need: "there must be one unless the estimate is variational")
    if let point {
      try UnfitValue.checkCount(
        "point", is: point.count, mustBe: prior.concentration.count, what: "as many as the prior has")
      try UnfitValue.check("point", that: point.allSatisfy { $0 > 0 && $0 <= 1 }, need: "must be above 0, and at most 1")
    }
    try bounds.validate()
  }

  /// Does nothing: constant weights have the shape that they have, whatever the data.
  public func validate(for data: DataSummary) throws {}
}

extension ClosedRange<Double>? {
  /// - Throws: `UnfitValue` unless a concentration can be sought within these bounds.
  func validate() throws {
    guard let self else { return }
    try UnfitValue.checkPositive("bounds", number: self.lowerBound)
    try UnfitValue.checkPositive("bounds", number: self.upperBound)
  }
}
