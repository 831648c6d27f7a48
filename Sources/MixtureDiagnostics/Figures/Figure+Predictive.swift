import Foundation
import Mixtures

extension Figure {
  /// What the mixture as a whole predicts over one column: above, the data with the mean of the predictive law and the band
  /// between two of its quantiles; below, the weights π_k(x) of the experts. The other columns are at their means, or at their
  /// most frequent level.
  ///
  /// - Parameters:
  ///   - model: a fit of experts that can predict.
  ///   - table: the data, with the response.
  ///   - name: the column, of numbers; nil for the first that is a feature.
  ///   - probability: what the band holds of the law, between equal tails.
  /// - Throws: ``FigureError/noFeature(_:known:)``; `DataError` for a table that does not fit; `GSLError` unless
  ///   0 < `probability` < 1.
  public static func predictive(
    _ model: FittedMixture, _ table: Table, along name: String? = nil, probability: Double = 0.95
  ) throws -> Figure {
    let (xName, yName) = (try feature(name, of: model, table), model.data.responses[0].name)
    let points = zip(try table.numbers(xName), try model.response(table)).map { "\($0) \($1)" }
    let grid = try values(table, xName, count: 401)
    let laws = try model.predict(table.typical(with: [xName: grid]))
    let lines = try zip(grid, laws).map { x, law in
      let band = try law.interval(probability)
      return "\(x) \(law.mean) \(band.lowerBound) \(band.upperBound) " + law.weights.map { "\($0)" }.joined(separator: " ")
    }
    return Figure(
      gnuplot: """
        $points << END
        \(points.joined(separator: "\n"))
        END
        $lines << END
        \(lines.joined(separator: "\n"))
        END
        set grid lc rgb '#DDDDDD'
        set xrange [\(grid[0]):\(grid[grid.count - 1])]
        set lmargin 9
        set rmargin 3
        set key outside top center horizontal
        set multiplot
        set size 1, 0.64
        set origin 0, 0.36
        set ylabel '\(Gnuplot.quoted(yName))' noenhanced
        set format x ''
        plot $lines using 1:3:4 with filledcurves lc rgb '#D8D8D8' \\
            title '\(String(format: "%g", 100 * probability)) % band', \\
          $points using 1:2 with points pt 7 ps 0.5 lc rgb '#444444' title 'data', \\
          $lines using 1:2 with lines lw 2 lc rgb 'black' title 'mean'
        set size 1, 0.38
        set origin 0, 0
        set format x
        set xlabel '\(Gnuplot.quoted(xName))' noenhanced
        set ylabel 'weight'
        set yrange [-0.05:1.05]
        set ytics 0.5
        plot \(curves(of: model.mixture.expertNames, in: "$lines", from: 5))
        unset multiplot
        """)
  }
}
