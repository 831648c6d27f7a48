import Foundation
import MixtureCore

// What a part tells of itself, and how it comes by its settings.
extension PartExamination {
  /// What is told of a fitted part: numbers and sentences within reason.
  func telling() throws -> [String] {
    let part = try updated(3)
    let estimates = part.estimates(try DataSummary(rows)).joined()
    var violations = estimates.compactMap { estimate in
      estimate.value.isFinite && (estimate.standardError.map { $0 > 0 && $0.isFinite } ?? true)
        ? nil : "parameter \(estimate.name) is \(estimate.value) ± \(estimate.standardError ?? .nan)"
    }
    if estimates.contains(where: \.name.isEmpty) { violations.append("a parameter has no name") }
    let cancelling = part.cancellingTerms(in: try part.statistics(rows, nearTruth))
    let size = try part.elbo(rows, nearTruth).absolute
    // Rounding takes 64 ε of it; beyond this, a tenth of a nat could vanish unseen.
    if !(cancelling >= 0) || cancelling > 1e7 * (1 + size) {
      violations.append("the cancelling terms are \(cancelling), where the terms of the ELBO add up to \(size)")
    }
    return violations + tooManyWarnings(part.warnings, of: part.expertCount)
  }

  /// Configured once or twice it is the same; without another pass an update throws, or does what it can.
  func configuration() throws -> [String] {
    let data = try DataSummary(rows)
    var (once, twice) = (part, part)
    try once.configure(for: data)
    for _ in 0..<2 { try twice.configure(for: data) }
    let violations = try json(once) == json(twice) ? [] : ["configuring twice is not configuring once"]
    var trial = try updated(1)
    let statistics = try trial.statistics(rows, nearTruth)
    do {
      try trial.update(from: statistics, resum: Resum(isPossible: false) { _ in throw NoOtherPass() })
    } catch is NoOtherPass {
      return violations
    }
    return try trial.scores(rows).joined().allSatisfy { !$0.isNaN }
      ? violations : violations + ["an update without another pass leaves scores that are no numbers"]
  }

  /// What the part tells in other units of features and response: the same, but for the units.
  ///
  /// - Parameters:
  ///   - change: what the columns are multiplied by.
  ///   - other: the part as a user makes it for data in these units.
  ///   - unit: the unit of each parameter.
  func units(
    _ change: UnitChange, _ other: Part, _ unit: @Sendable (String) -> ParameterUnit
  ) throws -> [String] {
    let changed = PartExamination(part: other, rows: rows.inUnits(change), labels: labels)
    let (fitted, changedFit) = (try updated(3), try changed.updated(3))
    // Densities are per unit of the response.
    let scores = differences(
      "scores, and those in other units", try fitted.scores(rows).flatMap(\.self),
      try changedFit.scores(changed.rows).joined().map { $0 + changedFit.logVolume(change) }, tolerance: 1e-6)
    guard scores.isEmpty else { return scores }
    let before = try fitted.estimates(DataSummary(rows)).joined()
    let after = try changedFit.estimates(DataSummary(changed.rows)).joined()
    // A name may hold a number in the old unit.
    guard before.count == after.count else { return ["\(before.count) parameters, and in other units \(after.count)"] }
    let wrong = zip(before, after).compactMap { before, after -> String? in
      let factor = change.factor(of: unit(before.name))
      let (value, error) = (factor * before.value, factor * (before.standardError ?? 0))
      // What a parameter may be off by is measured by its uncertainty, too: some are nearly nothing.
      let allowed = 1e-6 * max(abs(value), error)
      return abs(after.value - value) <= allowed && abs((after.standardError ?? 0) - error) <= allowed
        ? nil
        : "\(before.name) is \(after.value) ± \(after.standardError ?? 0) where the response is multiplied by \(change.response) and the "
          + "features by \(change.features), and not \(value) ± \(error)"
    }
    return wrong.isEmpty ? [] : ["\(wrong.count) of \(before.count) parameters: " + wrong[0]]
  }
}

/// Warnings beyond reason.
func tooManyWarnings(_ warnings: [String], of expertCount: Int) -> [String] {
  warnings.count > 10 + 5 * expertCount || warnings.contains { $0.isEmpty || $0.count > 1000 }
    ? ["\(warnings.count) warnings, the longest of \(warnings.map(\.count).max() ?? 0) characters"] : []
}

private struct NoOtherPass: Error {}
