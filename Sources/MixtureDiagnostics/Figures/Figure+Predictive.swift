import Foundation
import MixtureCore
import Mixtures

extension Figure {
  /// What the mixture as a whole predicts over one column: above, the data with the mean of the predictive distribution and the band
  /// between two of its quantiles; below, the weights π_k(x) of the experts. A category is drawn level by level, with intervals and bars. Other
  /// columns are held, and responses shown, as in ``regression(_:on:along:at:)``.
  ///
  /// - Parameters:
  ///   - model: a fit of experts that can predict.
  ///   - table: the data, with the response.
  ///   - name: the column, which the experts read, or the gate; nil for the first of theirs, of numbers if there is any.
  ///   - held: values of other columns, numbers or levels, as text.
  ///   - probability: what the band holds of the distribution, between equal tails.
  /// - Throws: ``FigureError/noFeature(_:known:)``; ``FigureError/notHeld(_:reason:)``; `DataError` for a table that does not fit; `GSLError`
  ///   unless 0 < `probability` < 1.
  public static func predictive(
    _ model: FittedMixture, on table: Table, along name: String? = nil, at held: [String: String] = [:],
    probability: Double = 0.95
  ) throws -> Figure {
    let columns = model.design.expertColumns + model.design.gateColumns
    let name = try DrawnColumn.name(name, among: columns, of: model)
    let others = try HeldColumns(model, table, over: [name], beside: columns, showsResponse: true, at: held)
    let response = try DrawnColumn.beyondTheTable {
      try PlottedResponse(
        model, on: table, over: DrawnColumn(name, of: model, table, count: 401, margin: $0), beside: others)
    }
    let x = response.column
    let lines = try zip(x.places, response.predictions).map { x, distribution in
      [x, response.mean(distribution)] + (try response.bounds(distribution, probability)) + distribution.weights
    }
    let title = response.title(ofBand: probability)
    let data: GnuplotScript = "$points using 1:2 with points pt 7 ps 0.5 lc rgb '#444444' title 'data'"
    let above: [GnuplotScript]
    if x.isCategory {
      let both = response.titleOfMean + (response.hasBands ? ", \(title)" : "")
      above = [data, "\(response.marks(in: "$lines", from: 2)) lc rgb 'black' title \(both)"]
    } else {
      let band: GnuplotScript = "$lines using 1:3:4 with filledcurves fs solid noborder lc rgb '#D8D8D8' title \(title)"
      let mean: GnuplotScript = "$lines using 1:2 with lines lw 2 lc rgb 'black' title \(response.titleOfMean)"
      above = (response.hasBands ? [band] : []) + [data, mean]
    }
    return Figure(
      over: x, beside: others, response: response.label, within: response.range(below: lines.flatMap { $0[1...3] }),
      share: "weight",
      data: [
        .data("$points", rows: zip(x.points(), response.values).map { [$0, $1] }), .data("$lines", rows: lines),
      ],
      above: above, below: weightPlot(model.mixture.expertNames, over: x, in: "$lines", from: 5))
  }
}
