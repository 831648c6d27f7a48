import Foundation
import MixtureCore

// Noise that has vanished, and noise of which the rows say nothing.

extension NoiseScale {
  /// The experts whose noise variance has fallen to its floor because they have few rows, through which a plane can be laid whatever
  /// the response. Where all experts are at the floor with more rows than that, or the response is exactly linear, the rows
  /// have no noise, and nothing has collapsed.
  public static func collapsedExperts(of experts: [ScaledExpert<NoiseScale>], _ terms: NoiseTerms) -> [Int] {
    let atFloor = atFloor(experts, terms)
    let isExact = terms.exactResponse != nil || (atFloor.count == experts.count && !terms.couldInterpolate)
    return isExact ? [] : atFloor
  }

  /// The experts whose estimated noise variance is at its floor, or within a factor of ten of it.
  private static func atFloor(_ experts: [ScaledExpert<NoiseScale>], _ terms: NoiseTerms) -> [Int] {
    guard terms.isEstimated else { return [] }
    return experts.indices.filter {
      terms.fixedVariances[$0] == nil && 1 / experts[$0].scale.precision <= 10 * terms.varianceFloor
    }
  }

  /// A response without noise; collapsed experts, whose likelihood grows without bound as their noise vanishes; experts that may be on
  /// their way there, with few rows that lie on a plane by chance (spurious maxima: Day 1969, McLachlan & Peel 2000).
  public static func warnings(of experts: [ScaledExpert<NoiseScale>], _ terms: NoiseTerms) -> [String] {
    let (collapsed, atFloor) = (collapsedExperts(of: experts, terms), atFloor(experts, terms))
    let isExact = !atFloor.isEmpty && !atFloor.contains(where: collapsed.contains)
    let fact = terms.exactResponse ?? (isExact ? "every row lies on the plane of an expert" : nil)
    let exact = fact.map { atFloor.isEmpty ? $0 : "\($0): the noise variance is at its floor" }
    return [exact].compactMap(\.self)
      + collapsed.map { k in
        "expert \(experts[k].name) has collapsed onto \(experts[k].rowWeight.inRows): its noise variance is at its floor; take "
          + (terms.noise == .shared ? "" : "shared noise, ") + "a Gamma prior of the noise"
          + (experts.count > 1 ? ", or fewer experts" : ", or fewer features")
      } + suspects(experts, terms, atFloor)
  }

  /// Experts with few rows that may lie on a plane by chance, and experts of which little but the prior is known.
  private static func suspects(
    _ experts: [ScaledExpert<NoiseScale>], _ terms: NoiseTerms, _ atFloor: [Int]
  ) -> [String] {
    // The noise of a few rows is no measure of others.
    let measured = experts.filter { $0.rowWeight >= 2 * Double($0.freeCount) }
    let largest = measured.map { $0.scale.variance(unit: $0.unit) }.max() ?? 0
    return experts.enumerated().compactMap { k, expert in
      let free = Double(expert.freeCount)
      let isEstimated = terms.noise == .perExpert && terms.fixedVariances[k] == nil && !atFloor.contains(k)
      if isEstimated && terms.exactResponse == nil && expert.scale.variance(unit: expert.unit) < 1e-3 * largest {
        return
          "expert \(expert.name) has less than a thousandth of another's noise variance: its \(expert.rowWeight.inRows) may lie on a plane by "
          + "chance; compare a fit with shared noise"
      }
      // What has no rows at all is no expert that somebody would take for one.
      guard expert.rowWeight >= 0.5, expert.hasPrior else { return nil }
      let count = "expert \(expert.name) has \(expert.rowWeight.inRows) for \(expert.freeCount) coefficients: "
      let isAlone =
        terms.fixedVariances[k] == nil && (terms.noise == .perExpert || (terms.noise == .shared && experts.count == 1))
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
}
