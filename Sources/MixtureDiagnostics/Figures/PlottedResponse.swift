import Foundation
import MixtureCore
import Mixtures

/// How a figure shows a response, and what a mixture predicts of it along a column: real numbers and counts as they are, successes as shares
/// of their trials, and 0 and 1 as a probability.
///
/// Rows with another offset than the held one are moved by the difference d, as the experts' means are: counts are multiplied by exp d, the odds
/// of shares too, and d is added to real numbers. So they can be compared with what is predicted at the held offset.
struct PlottedResponse {
  /// The column.
  let column: DrawnColumn
  /// What the mixture predicts at each of its places.
  let predictions: [MixtureDistribution]
  /// What is shown of each row of the table.
  let values: [Double]
  /// What the axis is called.
  let label: String
  /// The number of trials of the predictions; nil where rows have none.
  private let trials: Int?
  /// Whether a response is 0 or 1, of which an interval would tell nothing.
  private let isYesOrNo: Bool

  /// What a table has and a mixture predicts.
  ///
  /// - Throws: `DataError` for columns that are missing or unfit.
  init(_ model: FittedMixture, on table: Table, over column: DrawnColumn, beside held: HeldColumns) throws {
    let response = model.data.responses[0].name
    // What experts have no density for has no place in a figure of them.
    _ = try model.observations(table)
    let values = try model.response(table)
    self.column = column
    predictions = try ofFigure { Array(try model.predict(held.table(with: [column.name: column.values]))) }
    trials = held.trials
    isYesOrNo = trials == nil && predictions.allSatisfy { $0.support == .yesOrNo }
    let isCount = predictions.allSatisfy { $0.support == .counts }
    let heldOffset = try model.design.offset(of: held.table(with: [column.name: column.rows])) ?? values.map { _ in 0 }
    let moves = try zip(heldOffset, model.design.offset(of: table) ?? heldOffset).map { $0 - $1 }
    let note = moves.contains { abs($0) > 1e-9 } ? " at the held offset" : ""
    if let counts = try model.design.trials(of: table).values.first {
      label = "share of \(response) among trials\(note)"
      self.values = zip(zip(values, counts), moves).map { row, move in
        let share = row.0 / row.1
        return share * exp(move) / (1 - share + share * exp(move))
      }
    } else if isYesOrNo {
      label = model.design.successLevel.map { "P(\($0))" } ?? "probability of \(response)"
      self.values = values.enumerated().map { $1 + 0.1 * scatter(ofRow: $0, seed: 0) }
    } else {
      label = response + note
      self.values = zip(values, moves).map { isCount ? $0 * exp($1) : $0 + $1 }
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
    if isYesOrNo { return -0.1...1.1 }
    guard trials != nil || predictions.allSatisfy({ $0.support == .counts }) else { return nil }
    let most = max(trials == nil ? 1 : 0.01, values.filter(\.isFinite).max() ?? 0)
    let top = min(max(most, bounds.filter(\.isFinite).max() ?? 0), trials == nil ? 1.5 * most : 1)
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

  /// The means of one of some experts at each level, with their bounds in the two columns of numbers behind.
  func marks(in data: GnuplotScript, from number: Int, ofExpert k: Int = 0, of count: Int = 1) -> GnuplotScript {
    // The points are on their right.
    let place: GnuplotScript = "\(data) using ($1 + (\(DrawnColumn.shift(ofExpert: Double(k) - 0.2, of: count))))"
    return hasBands
      ? "\(place):\(number):\(number + 1):\(number + 2) with yerrorbars pt 5 ps 1 lw 2"
      : "\(place):\(number) with points pt 5 ps 1.2"
  }

  private var scale: Double { Double(trials ?? 1) }
}

extension MixtureDistribution {
  /// The distribution under one of the experts.
  func ofExpert(_ k: Int) -> MixtureDistribution { MixtureDistribution(weights: [1], components: [components[k]]) }
}
