import Foundation
import MixtureCore

// What a user should know: collapse, and what the data or the prior say.

extension Regression {
  /// The experts whose scale has collapsed, and those that have fewer rows than coefficients and a distribution of these without a prior, which
  /// widens without end.
  public static func collapsedExperts(of experts: [Self], sharing shared: RegressionShared<Family>) -> [Int] {
    let scaled = scaled(experts, shared, names: experts.map { _ in "" })
    return Family.Scale.collapsedExperts(of: scaled, shared.scale) + ghosts(experts, shared)
  }

  /// The experts without a prior whose coefficients have a distribution that next to no rows determine: the less they have, the higher is
  /// the ELBO.
  private static func ghosts(_ experts: [Self], _ shared: RegressionShared<Family>) -> [Int] {
    experts.indices.filter { k in
      let free = experts[k].posterior.free.count
      // As many rows lie on their plane: its noise could be anything.
      return free > 0 && experts[k].rowWeight < Double(free) + 1e-3 && !shared.hasPrior(ofExpert: k)
    }
  }

  private static func scaled(
    _ experts: [Self], _ shared: RegressionShared<Family>, names: [String]
  ) -> [ScaledExpert<Family.Scale>] {
    experts.enumerated().map { k, expert in
      ScaledExpert(
        name: names[k], scale: expert.scale, unit: expert.coordinates.unit, rowWeight: expert.rowWeight,
        freeCount: shared.freeCoefficients[k].count, hasPrior: shared.hasPrior(ofExpert: k))
    }
  }

  /// What the prior says of itself; features that tell nothing; a value far from all others; experts of which little but the prior is known; what
  /// the scale says, such as of noise that has vanished.
  public static func warnings(
    of experts: [Self], sharing shared: RegressionShared<Family>, names: [String]
  ) -> [String] {
    let undetermined = experts.indices.flatMap { k in
      experts[k].constantFeatures.map { feature in
        "feature \(shared.featureNames[feature]) is constant among the rows of expert \(names[k]): "
          + (shared.hasPrior(ofExpert: k)
            ? "only the prior tells its coefficient there"
            : "without a prior its coefficient could be anything there; leave it out, or take a prior")
      }
    }
    return shared.prior.warnings + shared.designWarnings + extremes(experts, shared) + undetermined
      + unbounded(experts, shared, names: names) + pruned(experts, shared, names: names)
      + ghosts(experts, shared).map { widening($0, experts, names: names) }
      + Family.Scale.warnings(of: scaled(experts, shared, names: names), shared.scale)
  }

  /// That all responses are alike.
  private static func extremes(_ experts: [Self], _ shared: RegressionShared<Family>) -> [String] {
    shared.extreme.map { fact in
      experts.indices.allSatisfy(shared.hasPrior)
        ? ["\(fact): only the prior keeps the coefficients finite"]
        : [
          "\(fact), so that the likelihood has no maximum: coefficients show no more than where the fit stopped; \(remedy)"
        ]
    } ?? []
  }

  /// Experts whose rows are separated.
  private static func unbounded(
    _ experts: [Self], _ shared: RegressionShared<Family>, names: [String]
  ) -> [String] {
    let suspects = experts.indices.filter { !experts[$0].unboundedCoefficients.isEmpty }
    let kinds = Dictionary(grouping: suspects) { experts[$0].unboundedCoefficients }
    return kinds.values.sorted { $0[0] < $1[0] }.map { alike in
      let expert = experts[alike[0]]
      let own = expert.unboundedCoefficients.map { expert.coefficientNames(features: shared.featureNames)[$0] }
      // The intercept only makes up for features that are not centred.
      let features = own.filter { $0 != interceptName }
      let told = (features.isEmpty ? own : features).inSentence
      let fact =
        "the rows of expert\(alike.count > 1 ? "s" : "") \(alike.map { names[$0] }.inSentence) are separated, completely or quasi-completely, by "
        + "\(told): their likelihood rises without end with the coefficient\(features.count > 1 ? "s" : "")"
      return shared.hasPrior(ofExpert: alike[0])
        ? "\(fact), which only the prior keeps finite"
        : "\(fact), of which the estimate shows no more than where the fit stopped; \(remedy), or leave \(told) out"
    }
  }

  private static var remedy: String { "take a prior (--estimate map or variational, or another --prior)" }

  private static func widening(_ k: Int, _ experts: [Self], names: [String]) -> String {
    "expert \(names[k]) has \(experts[k].rowWeight.inRows) for \(experts[k].posterior.free.count) coefficients without a prior: they do not "
      + "determine these, and the ELBO is higher the fewer it has; take fewer experts, or a prior"
  }

  /// Coefficients that a learned prior has pruned.
  private static func pruned(
    _ experts: [Self], _ shared: RegressionShared<Family>, names: [String]
  ) -> [String] {
    experts.indices.compactMap { k in
      // Of an expert without rows nobody takes the rest for known.
      guard !experts[k].prunedCoefficients.isEmpty, experts[k].rowWeight >= 0.05 else { return nil }
      let all = experts[k].coefficientNames(features: shared.featureNames)
      let isOne = experts[k].prunedCoefficients.count == 1
      let pruned = experts[k].prunedCoefficients.map { all[$0] }.inSentence
      return
        "the learned prior has pruned \(pruned) of expert \(names[k]): it has become so narrow that it decides, not the rows; nothing says how "
        + "uncertain \(isOne ? "this coefficient is" : "these coefficients are"), and predictions take \(isOne ? "it" : "them") for "
        + "known; the Cauchy prior does not prune"
    }
  }
}

extension Double {
  /// A weight of rows in words.
  var inRows: String { String(format: "%.1f rows", self) }
}
