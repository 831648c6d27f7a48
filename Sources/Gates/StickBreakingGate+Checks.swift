import ConjugateFamilies
import MixtureCore

extension StickBreakingGate {
  /// Checks that each expert has a stick, and each stick but the last a distribution.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    switch concentration {
    case .fixed(let value): try UnfitValue.checkPositive("concentration", number: value)
    case .gamma(let shape, let rate):
      try UnfitValue.checkPositive("concentration", number: shape)
      try UnfitValue.checkPositive("concentration", number: rate)
    }
    var hasPrior = false
    if case .gamma = concentration { hasPrior = true }
    let distributions = [("concentrationPrior", concentrationPrior), ("concentrationPosterior", concentrationPosterior)]
    for (key, distribution) in distributions {
      if let distribution { try UnfitValue.checkPositive(key, number: distribution.mean) }
      try UnfitValue.check(
        key, that: (distribution != nil) == hasPrior,
        need: "there must be one where the concentration has a distribution, and only there")
    }
    try UnfitValue.check(
      "order", that: order.sorted() == Array(order.indices), need: "must be the experts counted from 0, each of them once")
    try UnfitValue.checkCount(
      "fractions", is: fractions.count, mustBe: max(order.count - 1, 0), what: "one for each stick but the last")
    for (stick, fraction) in fractions.enumerated() {
      try UnfitValue.at("fractions", "[\(stick)]") {
        try UnfitValue.checkCount("concentration", is: fraction.concentration.count, mustBe: 2, what: "one for either side")
      }
    }
    try UnfitValue.checkCount("counts", is: counts.count, mustBe: order.count, what: "one for each expert")
    for count in counts { try UnfitValue.checkNotNegative("counts", number: count) }
  }

  /// Does nothing: constant weights have the shape that they have, whatever the data.
  public func validate(for data: DataSummary) throws {}
}
