import ConjugateFamilies
import GSL
import MixtureCore

extension MembershipGate {
  /// Checks that each group has a distribution, and each distribution a number for each expert.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.at("concentration") { try concentration.validate(of: Self.self) }
    try UnfitValue.check("expertCount", that: expertCount >= 0, need: "\(expertCount) must be at least 0")
    // Before there are experts, the distributions are of one.
    let count = max(expertCount, 1)
    try UnfitValue.at("prior") {
      try UnfitValue.checkCount("concentration", is: prior.concentration.count, mustBe: count, what: "one for each expert")
    }
    if case .each(let values) = concentration {
      try UnfitValue.at("concentration") {
        try UnfitValue.checkCount("each", is: values.count, mustBe: count, what: "one for each expert")
      }
    }
    let (needed, overflows) = groupNames.count.multipliedReportingOverflow(by: expertCount)
    try UnfitValue.check(
      "counts", that: !overflows && counts.count == needed,
      need:
        "\(counts.count) concentrations where there must be one for each of \(groupNames.count) groups and \(expertCount) experts"
    )
    for (index, value) in counts.enumerated() {
      try UnfitValue.at("counts") { try UnfitValue.checkPositive("[\(index)]", number: value) }
    }
    try bounds.validate()
  }

  /// Checks that the groups are those of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws {
    try UnfitValue.check(
      "groupNames", that: groupNames == data.gateFeatures.first?.levels, need: "must be those of the data")
  }
}
