import Foundation
import MixtureCore
import Mixtures
import Testing

/// Counts as large as numbers tell apart, offsets as wide as are taken, features of 10¹⁰⁰, and hardly any different rows, for every family and estimate.
@Suite struct ExtremeResponseTests {
  /// η that leaves the range of exp on the way, or in the data: no sum overflows, for steps that lead too far are shortened.
  enum Extreme: String, CaseIterable, Sendable {
    case hugeCounts, hugeOffset, hugeRangeOfOffsets, manyOrdersOfCounts, hugeFeature

    func rows(_ family: FamilyCase) throws -> Observations {
      let x = (0..<40).map { Double($0 % 10) - 4.5 }
      let isCounted = family == .poisson
      func y(_ value: (Double) -> Double) -> [Double] {
        x.enumerated().map { i, x in
          isCounted ? value(x).rounded() : family == .binomial ? Double(i * 7 % 6) : Double(i * 7 % 2)
        }
      }
      let (features, values, offset): ([Double], [Double], [Double]?)
      switch self {
      case .hugeCounts: (features, values, offset) = (x, y { 1e15 * (1 + 0.1 * $0) }, nil)
      case .hugeOffset: (features, values, offset) = (x, y { 5 + $0 }, x.map { _ in 1000 })
      case .hugeRangeOfOffsets: (features, values, offset) = (x, y { 5 + $0 }, x.map { 5 * $0 })
      case .manyOrdersOfCounts: (features, values, offset) = (x, y { exp(15 + 4 * $0) }, nil)
      case .hugeFeature: (features, values, offset) = (x.map { 1e100 * $0 }, y { 5 + $0 }, nil)
      }
      return try Observations(
        features: [("x", features)], responses: [("y", values)],
        trials: family == .binomial ? ["y": x.map { _ in 5 }] : [:], offset: offset)
    }
  }

  @Test(arguments: FamilyCase.counting, Extreme.allCases)
  func nothingOverflows(family: FamilyCase, data: Extreme) throws {
    let rows = try data.rows(family)
    for estimate in FamilyCase.estimates {
      for experts in [1, 2] {
        let fit = try family.fit(rows, experts: experts, estimate)
        try expectFinite(fit, rows)
        for (a, b) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) {
          #expect(b.total >= a.total - max(1e-9 * abs(a.total), a.rounding, b.rounding))
        }
      }
    }
  }

  /// Six rows of which two are different, for four experts: they are said to be the same, or to have no rows.
  @Test(arguments: FamilyCase.allCases, FamilyCase.estimates)
  func moreExpertsThanDifferentRows(family: FamilyCase, estimate: Estimate) throws {
    let x: [Double] = [1, 2, 1, 2, 1, 2]
    let y: [Double] = family == .bernoulli ? [0, 1, 0, 1, 0, 1] : [2, 3, 2, 3, 2, 3]
    let rows = try Observations(
      features: [("x", x)], responses: [("y", y)], trials: family == .binomial ? ["y": x.map { _ in 4 }] : [:])
    do {
      let fit = try family.fit(rows, experts: 4, estimate)
      try expectFinite(fit, rows)
      #expect(
        fit.warnings.contains {
          $0.contains("are the same") || $0.contains("no rows") || $0.contains("collapsed") || $0.contains("separated")
            || $0.contains("2 coefficients")
        }, "\(fit.warnings)")
    } catch let error as DataError {
      // Of a line the noise is unknown then.
      #expect(family == .normal || family == .student, "\(error)")
    } catch MixtureError.allStartsFailed(let reason, _, _) {
      #expect(estimate == .maximumLikelihood && reason.contains("take"), "\(reason)")
    }
  }
}
