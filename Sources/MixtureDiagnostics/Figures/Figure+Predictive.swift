import Foundation
import Mixtures

extension Figure {
  /// What the mixture as a whole predicts over one column: above, the data with the mean of the predictive distribution and the band
  /// between two of its quantiles; below, the weights π_k(x) of the experts. The other columns are at their means, or at their
  /// most frequent level. Successes are shown as shares of their trials, with a band of a typical number of trials, and 0 and 1, a little scattered,
  /// with the probability and without a band.
  ///
  /// - Parameters:
  ///   - model: a fit of experts that can predict.
  ///   - table: the data, with the response.
  ///   - name: the column, of numbers; nil for the first that is a feature.
  ///   - probability: what the band holds of the distribution, between equal tails.
  /// - Throws: ``FigureError/noFeature(_:known:)``; `DataError` for a table that does not fit; `GSLError` unless
  ///   0 < `probability` < 1.
  public static func predictive(
    _ model: FittedMixture, on table: Table, along name: String? = nil, probability: Double = 0.95
  ) throws -> Figure {
    let xName = try feature(name, of: model, table)
    let response = try overValues(table, xName, count: 401) {
      try PlottedResponse(model, on: table, along: xName, at: $0)
    }
    let grid = response.grid
    let points = zip(try table.numbers(xName), response.values).map { [$0, $1] }
    let lines = try zip(grid, response.predictions).map { x, distribution in
      [x, response.mean(distribution)] + (try response.bounds(distribution, probability)) + distribution.weights
    }
    let band: [GnuplotScript] =
      response.hasBands
      ? [
        """
        $lines using 1:3:4 with filledcurves fs solid noborder lc rgb '#D8D8D8' \
        title \(response.title(ofBand: probability))
        """
      ] : []
    return Figure(
      over: xName, from: grid[0]...grid[grid.count - 1], response: response.label,
      within: response.range(below: lines.flatMap { $0.dropFirst() }), share: "weight",
      data: [.data("$points", rows: points), .data("$lines", rows: lines)],
      above: band + [
        "$points using 1:2 with points pt 7 ps 0.5 lc rgb '#444444' title 'data'",
        "$lines using 1:2 with lines lw 2 lc rgb 'black' title \(response.titleOfMean)",
      ], below: curves(of: model.mixture.expertNames, in: "$lines", from: 5))
  }
}
