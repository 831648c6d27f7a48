import Foundation
import Mixtures

extension Figure {
  /// Data over one column, the experts' means with bands that hold 95 % of their distributions, and the responsibilities: above, the points
  /// in the mixed colours of the experts responsible for them; below, each r_ik over the column. The means hold where the other
  /// columns are at their means, or at their most frequent level. Successes are shown as shares of their trials, with bands of a typical number
  /// of trials, and 0 and 1, a little scattered, with probabilities and without bands.
  ///
  /// - Parameters:
  ///   - model: a fit of experts that can predict.
  ///   - table: the data, with the response.
  ///   - name: the column, of numbers; nil for the first that is a feature.
  /// - Throws: ``FigureError/noFeature(_:known:)``; `DataError` for a table that does not fit.
  public static func regression(_ model: FittedMixture, on table: Table, along name: String? = nil) throws -> Figure {
    let xName = try feature(name, of: model, table)
    let x = try table.numbers(xName)
    let span = (x.min() ?? 0, x.max() ?? 1)
    let grid = (0...200).map { span.0 + (span.1 - span.0) * Double($0) / 200 }
    let response = try PlottedResponse(model, on: table, along: xName, at: grid)
    let responsibilities = try model.responsibilities(table)
    let colours = (0..<model.mixture.expertCount).map(colour(ofExpert:))
    let points = zip(zip(x, response.values), responsibilities).map { point, shares in
      [point.0, point.1, Double(blend(colours, shares))] + shares
    }
    let lines = try zip(grid, response.predictions).map { x, distribution in
      try colours.indices.reduce(into: [x]) { line, k in
        let ofExpert = distribution.ofExpert(k)
        line += [response.mean(ofExpert)] + (try response.bounds(ofExpert, 0.95))
      }
    }
    let report = FitReport(model)
    func title(_ k: Int) -> String {
      "expert \(report.experts[k].name), weight \(String(format: "%.2f", report.experts[k].weight))"
    }
    let bands: [GnuplotScript] = colours.indices.filter { _ in response.hasBands }.map { k in
      "$lines using 1:\(3 * k + 3):\(3 * k + 4) with filledcurves lc rgb \(colourCode(k)) notitle"
    }
    let means: [GnuplotScript] = colours.indices.map { k in
      "$lines using 1:\(3 * k + 2) with lines lw 2 lc rgb \(colourCode(k)) title \(title(k)) noenhanced"
    }
    let shares: [GnuplotScript] = colours.indices.map { k in
      "$points using 1:\(4 + k) with points pt 7 ps 0.5 lc rgb \(colourCode(k)) notitle"
    }
    let margin = 0.02 * (span.1 - span.0)
    return Figure(
      over: xName, from: (span.0 - margin)...(span.1 + margin), response: response.label,
      within: response.range(below: lines.flatMap { $0.dropFirst() }), share: "responsibility",
      data: [.data("$points", rows: points), .data("$lines", rows: lines)],
      above: bands + ["$points using 1:2:3 with points pt 7 ps 0.6 lc rgb variable notitle"] + means,
      below: shares.joined(separator: ", "))
  }

  /// The column to draw over: the one of that name; for nil the first of numbers that is a feature, or that features are made of.
  static func feature(_ name: String?, of model: FittedMixture, _ table: Table) throws -> String {
    let response = model.data.responses[0].name
    let numeric = table.columnNames.filter { $0 != response && (try? table.numbers($0)) != nil }
    let (features, read) = (model.data.features.map(\.name), model.design.formula.experts.terms.flatMap(\.columns))
    let usual = numeric.first(where: features.contains) ?? numeric.first(where: read.contains) ?? numeric.first
    guard let chosen = name ?? usual, numeric.contains(chosen) else {
      throw FigureError.noFeature(name ?? "", known: numeric)
    }
    return chosen
  }
}
