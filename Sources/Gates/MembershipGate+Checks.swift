import ConjugateFamilies
import GSL
import MixtureCore

extension MembershipGate {
  /// Checks that each group has a law, and each law a number for each expert.
  ///
  /// - Throws: `UnfitValue`.
  public func validate() throws {
    try UnfitValue.at("concentration") { try concentration.validate() }
    try UnfitValue.check("expertCount", expertCount >= 0, "\(expertCount) must be at least 0")
    // Before there are experts, the laws are of one.
    let count = max(expertCount, 1)
    for (keys, law) in [(["prior"], prior)] + posteriors.enumerated().map({ (["posteriors", "[\($0)]"], $1) }) {
      try UnfitValue.check(
        keys.joined(separator: " › "), law.concentration.count == count,
        "\(law.concentration.count) concentrations where there must be \(count), one for each expert")
    }
    if case .each(let values) = concentration {
      try UnfitValue.at("concentration") { try UnfitValue.checkCount("each", values.count, count, "one for each expert") }
    }
    try UnfitValue.checkCount("groupNames", groupNames.count, posteriors.count, "one for each group")
    try bounds.validate()
  }

  /// Checks that the groups are those of the data.
  ///
  /// - Throws: `UnfitValue`.
  public func validate(for data: DataSummary) throws {
    let names = (data.gateHasIntercept ? [Self.baseName] : []) + data.gateFeatures.map(\.name)
    try UnfitValue.check("groupNames", groupNames == names, "must be those of the data")
  }
}
