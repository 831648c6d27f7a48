import Foundation
import GSL
import MixtureCore
import Mixtures

/// How a figure shows a response, and what a mixture predicts of it along a column: real numbers and counts as they are, successes as shares
/// of their trials, and 0 and 1 as a probability.
struct PlottedResponse {
  /// The values of the column.
  let grid: [Double]
  /// What the mixture predicts at each of them, where other columns are at their means or most frequent levels.
  let predictions: [MixtureDistribution]
  /// What is shown of each row of the table.
  let values: [Double]
  /// What the axis is called.
  let label: String
  /// What is shown of the axis, if not all that there is.
  private let shares: ClosedRange<Double>?
  /// The number of trials of the predictions; nil where rows have none.
  private let trials: Int?
  /// Whether a response is 0 or 1, of which an interval would tell nothing.
  private let isYesOrNo: Bool

  /// What a table has and a mixture predicts.
  ///
  /// - Throws: `DataError` for columns that are missing or unfit.
  init(_ model: FittedMixture, on table: Table, along name: String, at grid: [Double]) throws {
    let response = model.data.responses[0].name
    let values = try model.response(table)
    let ofTrials = try Trials(model, table)
    var columns = ofTrials?.columns(count: grid.count) ?? [:]
    columns[name] = .numbers(grid)
    self.grid = grid
    predictions = Array(try model.predict(table.typical(for: model, with: columns)))
    trials = ofTrials?.typical
    isYesOrNo = ofTrials == nil && predictions.allSatisfy { $0.support == .yesOrNo }
    if let ofTrials {
      (label, shares) = ("share of \(response) among trials", -0.05...1.05)
      self.values = zip(values, ofTrials.counts).map { $0 / $1 }
    } else if isYesOrNo {
      (label, shares) = ("probability of \(response)", -0.1...1.1)
      // Points upon one another would look like one.
      self.values = values.enumerated().map { $1 + Self.jitter(ofRow: $0) }
    } else {
      (label, shares, self.values) = (response, nil, values)
    }
  }

  /// The mean of a distribution, as it is shown.
  func mean(_ distribution: MixtureDistribution) -> Double { distribution.mean / scale }

  /// The bounds of the central interval of a distribution, as they are shown; no numbers where it would tell nothing.
  ///
  /// - Throws: as `MixtureDistribution.interval(_:)`.
  func bounds(_ distribution: MixtureDistribution, _ probability: Double) throws -> [Double] {
    guard hasBands else { return [.nan, .nan] }
    let interval = try distribution.interval(probability)
    return [interval.lowerBound / scale, interval.upperBound / scale]
  }

  /// What is shown of the axis beside means and bounds; nil for all that there is. Of counts that is not where an exponential function goes, so
  /// that the data can be seen, and zero is not on the edge.
  func range(below bounds: [Double]) -> ClosedRange<Double>? {
    guard shares == nil, predictions.allSatisfy({ $0.support == .counts }) else { return shares }
    let most = max(1, values.max() ?? 1)
    let top = min(max(most, bounds.filter(\.isFinite).max() ?? 0), 1.5 * most)
    return (-0.03 * top)...(1.03 * top)
  }

  /// What a key calls the mean.
  var titleOfMean: String { isYesOrNo ? "probability" : "mean" }

  /// Whether there are intervals worth a look.
  var hasBands: Bool { !isYesOrNo && trials != 1 }

  /// What a key calls intervals.
  func title(ofBand probability: Double) -> String {
    String(format: "%g %%", 100 * probability) + (trials.map { " of \($0) trials" } ?? " band")
  }

  private var scale: Double { Double(trials ?? 1) }

  private static func jitter(ofRow row: Int) -> Double {
    var source = RandomSource(seed: 0).split(UInt64(row))
    return 0.1 * (source.uniform() - 0.5)
  }
}

extension MixtureDistribution {
  /// The distribution under one of the experts.
  func ofExpert(_ k: Int) -> MixtureDistribution { MixtureDistribution(weights: [1], components: [components[k]]) }
}

/// The numbers of trials of a table's rows.
private struct Trials {
  let counts: [Double]
  /// A number that rows have: the middle one.
  let typical: Int
  /// The columns of the successes, and further ones of which trials are made.
  private let names: (successes: Set<String>, others: Set<String>)

  /// nil where the response has none.
  init?(_ model: FittedMixture, _ table: Table) throws {
    guard model.data.responses[0].trials != nil else { return nil }
    let (formula, column) = (model.design.formula, model.design.trials)
    let failures = try formula.failures.map { try $0.values(in: table) } ?? []
    counts = try column.map { try table.numbers($0) } ?? zip(model.response(table), failures).map(+)
    let sorted = counts.filter { $0 > 0 }.sorted()
    typical = sorted.isEmpty ? 1 : Int(sorted[(sorted.count - 1) / 2])
    let successes = Set(formula.response[0].columns)
    let others = column.map { [$0] } ?? formula.failures?.columns ?? []
    names = (successes, Set(others).subtracting(successes))
  }

  /// Columns of rows that have the typical number of trials, and no success.
  func columns(count: Int) -> [String: Table.Column] {
    func column(_ value: Double) -> Table.Column { .numbers(Array(repeating: value, count: count)) }
    let successes = names.successes.map { ($0, column(0)) }
    return Dictionary(successes + names.others.map { ($0, column(Double(typical))) }) { first, _ in first }
  }
}
