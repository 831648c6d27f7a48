import ConjugateFamilies
import MixtureCore

extension StickBreakingGate {
  /// Checks that each expert has a stick, and each stick but the last a distribution.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    switch concentration {
    case .fixed(let value): try UnfitValue.checkPositive("concentration", value)
    case .gamma(let shape, let rate):
      try UnfitValue.checkPositive("concentration", shape)
      try UnfitValue.checkPositive("concentration", rate)
    }
    var hasPrior = false
    if case .gamma = concentration { hasPrior = true }
    let distributions = [("concentrationPrior", concentrationPrior), ("concentrationPosterior", concentrationPosterior)]
    for (key, distribution) in distributions {
      if let distribution { try UnfitValue.checkPositive(key, distribution.mean) }
      try UnfitValue.check(
        key, (distribution != nil) == hasPrior,
        "there must be one where the concentration has a distribution, and only there")
    }
    try UnfitValue.check(
      "order", order.sorted() == Array(order.indices), "must be the experts counted from 0, each of them once")
    try UnfitValue.checkCount("fractions", fractions.count, max(order.count - 1, 0), "one for each stick but the last")
    for (stick, fraction) in fractions.enumerated() {
      try UnfitValue.at("fractions", "[\(stick)]") {
        try UnfitValue.checkCount("concentration", fraction.concentration.count, 2, "one for either side")
      }
    }
    try UnfitValue.checkCount("counts", counts.count, order.count, "one for each expert")
    for count in counts { try UnfitValue.checkNotNegative("counts", count) }
  }

  /// Does nothing: constant weights have the shape that they have, whatever the data.
  public func validate(for data: DataSummary) throws {}
}
