import MixtureCore

// What a user should know: collapse, and what the data or the prior say.

extension LinearExpert {
  /// The experts whose noise variance has fallen to its floor because they have few rows, through which a plane can be laid whatever
  /// the response, and those that have fewer rows than coefficients and a distribution of these without a prior, which widens without end.
  /// Where all experts are at the floor with more rows than that, or the response is exactly linear, the rows
  /// have no noise, and nothing has collapsed.
  public static func collapsedExperts(of experts: [LinearExpert], sharing shared: LinearShared) -> [Int] {
    let atFloor = expertsAtFloor(experts, shared)
    let isExact = shared.exactResponse != nil || (atFloor.count == experts.count && !shared.couldInterpolate)
    return (isExact ? [] : atFloor) + ghosts(experts, shared)
  }

  /// The experts whose estimated noise variance is at its floor, or within a factor of ten of it.
  private static func expertsAtFloor(_ experts: [LinearExpert], _ shared: LinearShared) -> [Int] {
    guard shared.noise == .perExpert || shared.noise == .shared else { return [] }
    return experts.indices.filter {
      shared.fixedVariances[$0] == nil && 1 / experts[$0].precisionOfFit.mean <= 10 * shared.varianceFloor
    }
  }

  /// The experts without a prior whose coefficients have a distribution that next to no rows determine: the less they have, the higher is
  /// the ELBO.
  private static func ghosts(_ experts: [LinearExpert], _ shared: LinearShared) -> [Int] {
    experts.indices.filter { k in
      let free = experts[k].posterior.free.count
      // As many rows lie on their plane: its noise could be anything.
      return free > 0 && experts[k].rowWeight < Double(free) + 1e-3 && !shared.hasPrior(ofExpert: k)
    }
  }

  /// What the prior says of itself; features that tell nothing; a response without noise; a value far from all others; collapsed experts,
  /// whose likelihood grows without bound as their noise vanishes; experts that may be on their way there, with few rows that lie on a
  /// plane by chance (spurious maxima: Day 1969, McLachlan & Peel 2000).
  public static func warnings(of experts: [LinearExpert], sharing shared: LinearShared, names: [String]) -> [String] {
    let (collapsed, atFloor) = (collapsedExperts(of: experts, sharing: shared), expertsAtFloor(experts, shared))
    let isExact = !atFloor.isEmpty && !atFloor.contains(where: collapsed.contains)
    let fact = shared.exactResponse ?? (isExact ? "every row lies on the plane of an expert" : nil)
    let exact = fact.map { atFloor.isEmpty ? $0 : "\($0): the noise variance is at its floor" }
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
      + collapsed.map { collapse(ofExpert: $0, experts, shared, atFloor, names: names) }
      + suspects(experts, shared, atFloor, names: names)
  }

  /// The expert's rows, in words.
  private var rows: String { String(format: "%.1f rows", rowWeight) }

  private static func collapse(
    ofExpert k: Int, _ experts: [LinearExpert], _ shared: LinearShared, _ atFloor: [Int], names: [String]
  ) -> String {
    let expert = experts[k]
    return atFloor.contains(k)
      ? "expert \(names[k]) has collapsed onto \(expert.rows): its noise variance is at its floor; take "
        + (shared.noise == .shared ? "" : "shared noise, ") + "a Gamma prior of the noise"
        + (names.count > 1 ? ", or fewer experts" : ", or fewer features")
      : "expert \(names[k]) has \(expert.rows) for \(expert.posterior.free.count) coefficients without a prior: they tell nothing of its "
        + "noise, and the ELBO is higher the less it has; take fewer experts, or a prior"
  }

  /// Experts with few rows that may lie on a plane by chance, and experts of which little but the prior is known.
  private static func suspects(
    _ experts: [LinearExpert], _ shared: LinearShared, _ atFloor: [Int], names: [String]
  ) -> [String] {
    // The noise of a few rows is no measure of others.
    let measured = experts.indices.filter { experts[$0].rowWeight >= 2 * Double(shared.freeCoefficients[$0].count) }
    let largest = measured.map { experts[$0].noiseVariance }.max() ?? 0
    return experts.indices.compactMap { k in
      let (expert, free) = (experts[k], Double(shared.freeCoefficients[k].count))
      let isEstimated = shared.noise == .perExpert && shared.fixedVariances[k] == nil && !atFloor.contains(k)
      if isEstimated && shared.exactResponse == nil && expert.noiseVariance < 1e-3 * largest {
        return
          "expert \(names[k]) has less than a thousandth of another's noise variance: its \(expert.rows) may lie on a plane by chance; "
          + "compare a fit with shared noise"
      }
      // What has no rows at all is no expert that somebody would take for one.
      guard expert.rowWeight >= 0.5, shared.hasPrior(ofExpert: k) else { return nil }
      let count = "expert \(names[k]) has \(expert.rows) for \(Int(free)) coefficients: "
      let isAlone =
        shared.fixedVariances[k] == nil && (shared.noise == .perExpert || (shared.noise == .shared && experts.count == 1))
      if expert.rowWeight < free - 1e-3 {
        return count + "only the prior tells these apart" + (isAlone ? ", and nothing tells the noise" : "")
      }
      return isAlone && expert.rowWeight < free + 0.5
        ? count
          + "its plane meets them whatever the response, so that they say nothing "
          + "of its noise, nor of how uncertain the coefficients are"
        : nil
    }
  }

  /// Coefficients that a learned prior has pruned.
  private static func pruned(_ experts: [LinearExpert], _ shared: LinearShared, names: [String]) -> [String] {
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
