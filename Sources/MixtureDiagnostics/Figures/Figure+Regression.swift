import Foundation
import Mixtures

extension Figure {
  /// Data over one feature, the experts' lines with twice their standard deviation, and the responsibilities: above, the points
  /// in the mixed colours of the experts responsible for them; below, each r_ik over the feature. Where there are other
  /// features, the lines hold at their means.
  ///
  /// - Parameters:
  ///   - fit: a fit of linear experts.
  ///   - table: the data, with the columns of the features and the response.
  ///   - name: the feature; nil for the first.
  /// - Throws: ``FigureError/noFeature(_:known:)``; `DataError` for a table that does not fit.
  public static func regression(_ fit: Fit, _ table: Table, along name: String? = nil) throws -> Figure {
    let features = fit.data.features
    guard let chosen = features.firstIndex(where: { $0.name == name ?? features[0].name }) else {
      throw FigureError.noFeature(name ?? "", known: features.map(\.name))
    }
    let (xName, yName) = (features[chosen].name, fit.data.responses[0].name)
    let (x, y) = (try table.numbers(xName), try table.numbers(yName))
    let responsibilities = try fit.mixture.responsibilities(fit.observations(table))
    let colours = (0..<fit.mixture.expertCount).map(colour(ofExpert:))
    let points = zip(zip(x, y), responsibilities).map { point, shares in
      "\(point.0) \(point.1) \(blend(colours, shares)) " + shares.map { "\($0)" }.joined(separator: " ")
    }
    let span = (x.min() ?? 0, x.max() ?? 1)
    let grid = (0...200).map { span.0 + (span.1 - span.0) * Double($0) / 200 }
    let laws = try fit.predict(
      Table(
        features.enumerated().map { j, feature in
          (feature.name, .numbers(j == chosen ? grid : grid.map { _ in feature.mean }))
        }))
    let lines = zip(grid, laws).map { x, law in
      "\(x) "
        + law.components.map { "\($0.mean) \(2 * $0.variance.squareRoot())" }.joined(separator: " ")
    }
    let report = FitReport(fit)
    func title(_ k: Int) -> String { "expert \(k + 1), weight \(String(format: "%.2f", report.experts[k].weight))" }
    let bands = colours.indices.map { k in
      let (mean, width) = (2 * k + 2, 2 * k + 3)
      return "$lines using 1:($\(mean)-$\(width)):($\(mean)+$\(width)) with filledcurves "
        + "lc rgb '\(colourCode(ofExpert: k))' notitle"
    }
    let means = colours.indices.map { k in
      "$lines using 1:\(2 * k + 2) with lines lw 2 lc rgb '\(colourCode(ofExpert: k))' title '\(title(k))'"
    }
    let shares = colours.indices.map { k in
      "$points using 1:\(4 + k) with points pt 7 ps 0.5 lc rgb '\(colourCode(ofExpert: k))' notitle"
    }
    let script = """
      $points << END
      \(points.joined(separator: "\n"))
      END
      $lines << END
      \(lines.joined(separator: "\n"))
      END
      set style fill transparent solid 0.12 noborder
      set grid lc rgb '#DDDDDD'
      set xrange [\(span.0 - 0.02 * (span.1 - span.0)):\(span.1 + 0.02 * (span.1 - span.0))]
      set lmargin 9
      set multiplot
      set size 1, 0.68
      set origin 0, 0.32
      set ylabel '\(Gnuplot.quoted(yName))' noenhanced
      set key top left
      set format x ''
      plot \(bands.joined(separator: ", ")), \\
        $points using 1:2:3 with points pt 7 ps 0.6 lc rgb variable notitle, \\
        \(means.joined(separator: ", "))
      set size 1, 0.34
      set origin 0, 0
      set format x
      set xlabel '\(Gnuplot.quoted(xName))' noenhanced
      set ylabel 'responsibility'
      set yrange [-0.05:1.05]
      set ytics 0.5
      plot \(shares.joined(separator: ", "))
      unset multiplot
      """
    return Figure(script: script)
  }

  /// The colours mixed by their shares.
  private static func blend(_ colours: [Int], _ shares: [Double]) -> Int {
    [16, 8, 0].reduce(0) { sum, shift in
      let channel = zip(colours, shares).reduce(0.0) { $0 + Double(($1.0 >> shift) & 0xFF) * $1.1 }
      return sum | Int(channel.rounded()) << shift
    }
  }
}
