import Foundation
import Mixtures

extension Figure {
  /// What the mixture as a whole predicts over one column: above, the data with the mean of the predictive distribution and the band
  /// between two of its quantiles; below, the weights π_k(x) of the experts. The other columns are at their means, or at their
  /// most frequent level.
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
    let (xName, yName) = (try feature(name, of: model, table), model.data.responses[0].name)
    let points = zip(try table.numbers(xName), try model.response(table)).map { [$0, $1] }
    let grid = try values(table, xName, count: 401)
    let distributions = try model.predict(table.typical(for: model, with: [xName: .numbers(grid)]))
    let lines = try zip(grid, distributions).map { x, distribution in
      let band = try distribution.interval(probability)
      return [x, distribution.mean, band.lowerBound, band.upperBound] + distribution.weights
    }
    return Figure(
      over: xName, from: grid[0]...grid[grid.count - 1], response: yName, share: "weight",
      data: [.data("$points", rows: points), .data("$lines", rows: lines)],
      above: [
        """
        $lines using 1:3:4 with filledcurves fs solid noborder lc rgb '#D8D8D8' \
        title \(String(format: "%g %% band", 100 * probability))
        """,
        "$points using 1:2 with points pt 7 ps 0.5 lc rgb '#444444' title 'data'",
        "$lines using 1:2 with lines lw 2 lc rgb 'black' title 'mean'",
      ], below: curves(of: model.mixture.expertNames, in: "$lines", from: 5))
  }
}
