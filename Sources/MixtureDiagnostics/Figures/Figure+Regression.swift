import Foundation
import Mixtures

extension Figure {
  /// Data over one column, the experts' means with bands that hold 95 % of their distributions, and the responsibilities: above, the points
  /// in the mixed colours of the experts responsible for them; below, each r_ik over the column. Over a category the experts stand side by side
  /// at each level, with intervals, and each point lies nearest to the experts that are responsible for it.
  ///
  /// Other columns are at values of your own, at their means, or at their most frequent levels; the figure says at which. Rows with another
  /// offset are shown as they would be at the one that is held, if d is what that is more: counts are multiplied by exp d, the odds of shares too,
  /// and d is added to real numbers. Successes are shown as shares of their trials, with bands of a typical number of trials, and 0 and 1, a
  /// little scattered, with probabilities and without bands.
  ///
  /// - Parameters:
  ///   - model: a fit of experts that can predict.
  ///   - table: the data, with the response.
  ///   - name: the column, which the experts read, or the gate if they read none; nil for the first, of numbers if there is any.
  ///   - held: values of other columns, numbers or levels, as text.
  /// - Throws: ``FigureError/noFeature(_:known:)``; ``FigureError/notHeld(_:reason:)``; `DataError` for a table that does not fit.
  public static func regression(
    _ model: FittedMixture, on table: Table, along name: String? = nil, at held: [String: String] = [:]
  ) throws -> Figure {
    let ofExperts = model.design.expertColumns
    let columns = ofExperts.isEmpty ? model.design.gateColumns : ofExperts
    let name = try DrawnColumn.name(name, among: columns, of: model)
    let others = try HeldColumns(model, table, over: [name], beside: columns, showsResponse: true, at: held)
    let x = try DrawnColumn(name, of: model, table, count: 201, margin: 0)
    let response = try PlottedResponse(model, on: table, over: x, beside: others)
    let responsibilities = try model.responsibilities(table)
    let experts = 0..<model.mixture.expertCount
    let colours = experts.map(colour(ofExpert:))
    let points = zip(zip(x.points(responsibilities), response.values), responsibilities).map { point, shares in
      [point.0, point.1, Double(blend(colours, shares))] + shares
    }
    let lines = try zip(x.places, response.predictions).map { x, distribution in
      try experts.reduce(into: [x]) { line, k in
        let ofExpert = distribution.ofExpert(k)
        line += [response.mean(ofExpert)] + (try response.bounds(ofExpert, 0.95))
      }
    }
    let report = FitReport(model)
    func title(_ k: Int) -> String {
      "expert \(report.experts[k].name), weight \(String(format: "%.2f", report.experts[k].weight))"
    }
    let bands: [GnuplotScript] = experts.filter { _ in response.hasBands && !x.isCategory }.map { k in
      "$lines using 1:\(3 * k + 3):\(3 * k + 4) with filledcurves lc rgb \(colourCode(k)) notitle"
    }
    let means: [GnuplotScript] = experts.map { k in
      let mean: GnuplotScript =
        x.isCategory
        ? response.marks(in: "$lines", from: 3 * k + 2, ofExpert: k, of: experts.count)
        : "$lines using 1:\(3 * k + 2) with lines lw 2"
      return "\(mean) lc rgb \(colourCode(k)) title \(title(k)) noenhanced"
    }
    let shares: [GnuplotScript] = experts.map { k in
      "$points using 1:\(4 + k) with points pt 7 ps 0.5 lc rgb \(colourCode(k)) notitle"
    }
    return Figure(
      over: x, beside: others, response: response.label, within: response.range(below: lines.flatMap { $0.dropFirst() }),
      share: "responsibility", data: [.data("$points", rows: points), .data("$lines", rows: lines)],
      above: bands + ["$points using 1:2:3 with points pt 7 ps 0.6 lc rgb variable notitle"] + means,
      below: "plot \(shares.joined(separator: ", "))")
  }
}
