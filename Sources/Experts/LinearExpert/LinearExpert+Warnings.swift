import MixtureCore

// What a user should know: collapse, and what the data or the prior say.

extension LinearExpert {
  /// The experts whose noise variance has fallen to its floor because they have few rows, through which a plane can be laid whatever
  /// the response. Where all experts are at the floor with more rows than that, or the response is exactly linear, the rows
  /// have no noise, and nothing has collapsed.
  public static func collapsedExperts(_ experts: [LinearExpert], _ shared: LinearShared) -> [Int] {
    let atFloor = expertsAtFloor(experts, shared)
    let isExact = shared.exactResponse != nil || (atFloor.count == experts.count && !shared.couldInterpolate)
    return isExact ? [] : atFloor
  }

  /// The experts whose estimated noise variance is at its floor, or within a factor of ten of it.
  private static func expertsAtFloor(_ experts: [LinearExpert], _ shared: LinearShared) -> [Int] {
    guard shared.noise == .perExpert || shared.noise == .shared else { return [] }
    return experts.indices.filter {
      shared.fixedVariances[$0] == nil && 1 / experts[$0].precisionOfFit.mean <= 10 * shared.varianceFloor
    }
  }

  /// What the prior says of itself; features that tell nothing; a response without noise; collapsed experts, whose likelihood
  /// grows without bound as their noise vanishes; experts that may be on their way there, with few rows that lie on a plane by
  /// chance (spurious maxima: Day 1969, McLachlan & Peel 2000).
  public static func warnings(_ experts: [LinearExpert], _ shared: LinearShared, names: [String]) -> [String] {
    let (collapsed, atFloor) = (collapsedExperts(experts, shared), expertsAtFloor(experts, shared))
    let fact =
      shared.exactResponse ?? (atFloor.isEmpty || !collapsed.isEmpty ? nil : "every row lies on the plane of an expert")
    let exact = fact.map { atFloor.isEmpty ? $0 : "\($0): the noise variance is at its floor" }
    let largest = experts.map(\.noiseVariance).max() ?? 0
    let suspect = experts.indices.filter { k in
      shared.noise == .perExpert && shared.fixedVariances[k] == nil && !atFloor.contains(k)
        && shared.exactResponse == nil && experts[k].noiseVariance < 1e-3 * largest
    }
    let undetermined = experts.indices.flatMap { k in
      experts[k].constantFeatures.map { feature in
        "feature \(shared.featureNames[feature]) is constant among the rows of expert \(names[k]): "
          + (shared.hasPrior(ofExpert: k)
            ? "only the prior tells its coefficient there"
            : "without a prior its coefficient could be anything there; leave it out, or take a prior")
      }
    }
    return shared.prior.warnings + shared.designWarnings + undetermined
      + pruned(experts, shared, names: names) + [exact].compactMap(\.self)
      + collapsed.map { "expert \(names[$0]) has collapsed onto few rows: its noise variance is at its floor" }
      + suspect.map { k in
        "expert \(names[k]) has less than a thousandth of another's noise variance: its rows may lie on a plane by chance; "
          + "compare a fit with shared noise"
      }
  }

  /// Coefficients that a learned prior has pruned.
  private static func pruned(_ experts: [LinearExpert], _ shared: LinearShared, names: [String]) -> [String] {
    experts.indices.compactMap { k in
      guard !experts[k].prunedCoefficients.isEmpty else { return nil }
      let all = experts[k].coefficientNames(features: shared.featureNames)
      let isOne = experts[k].prunedCoefficients.count == 1
      let pruned = inSentence(experts[k].prunedCoefficients.map { all[$0] })
      return
        "the learned prior has pruned \(pruned) of expert \(names[k]): it has become so narrow that it decides, not the rows, and "
        + "nothing says how uncertain \(isOne ? "this coefficient is" : "these coefficients are"); the Cauchy prior does not prune"
    }
  }
}
