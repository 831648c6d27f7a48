import Foundation
import Mixtures

/// Data of one feature, the experts' lines, and the responsibilities: above, the points in the mixed colours of the experts
/// responsible for them; below, each r_ik over the feature.
public struct RegressionFigure: Sendable {
  private let script: String

  /// Colours that remain distinguishable to the colour-blind (Okabe & Ito 2008).
  private static let palette = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xF0E442, 0x000000]

  /// Draws `fit` over its data.
  ///
  /// - Parameters:
  ///   - fit: a fit of linear experts with this feature alone.
  ///   - feature: the values of the one feature, with its name.
  ///   - response: the values of the response, with its name.
  public init(
    _ fit: Fit, feature: (name: String, values: [Double]), response: (name: String, values: [Double])
  ) throws {
    let rows = try Observations(features: [feature], responses: [response])
    let responsibilities = try fit.mixture.responsibilities(rows)
    let colours = (0..<fit.mixture.expertCount).map { Self.palette[$0 % Self.palette.count] }
    let points = zip(zip(feature.values, response.values), responsibilities).map { point, shares in
      "\(point.0) \(point.1) \(Self.blend(colours, shares)) " + shares.map { "\($0)" }.joined(separator: " ")
    }
    let span = (feature.values.min() ?? 0, feature.values.max() ?? 1)
    let grid = (0...200).map { span.0 + (span.1 - span.0) * Double($0) / 200 }
    let laws = try fit.mixture.predict(
      Observations(features: [(feature.name, grid)], responses: [(response.name, Array(repeating: 0, count: grid.count))]))
    let lines = zip(grid, laws).map { x, law in
      "\(x) "
        + law.components.map { "\($0.mean) \(2 * $0.variance.squareRoot())" }.joined(separator: " ")
    }
    let report = FitReport(fit)
    func name(_ k: Int) -> String { "expert \(k + 1), weight \(String(format: "%.2f", report.experts[k].weight))" }
    func colour(_ k: Int) -> String { String(format: "#%06X", colours[k]) }
    let bands = colours.indices.map { k in
      let (mean, width) = (2 * k + 2, 2 * k + 3)
      return "$lines using 1:($\(mean)-$\(width)):($\(mean)+$\(width)) with filledcurves lc rgb '\(colour(k))' notitle"
    }
    let means = colours.indices.map { k in
      "$lines using 1:\(2 * k + 2) with lines lw 2 lc rgb '\(colour(k))' title '\(name(k))'"
    }
    let shares = colours.indices.map { k in
      "$points using 1:\(4 + k) with points pt 7 ps 0.5 lc rgb '\(colour(k))' notitle"
    }
    script = """
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
      set ylabel '\(Gnuplot.quoted(response.name))' noenhanced
      set key top left
      set format x ''
      plot \(bands.joined(separator: ", ")), \\
        $points using 1:2:3 with points pt 7 ps 0.6 lc rgb variable notitle, \\
        \(means.joined(separator: ", "))
      set size 1, 0.34
      set origin 0, 0
      set format x
      set xlabel '\(Gnuplot.quoted(feature.name))' noenhanced
      set ylabel 'responsibility'
      set yrange [-0.05:1.05]
      set ytics 0.5
      plot \(shares.joined(separator: ", "))
      unset multiplot
      """
  }

  /// Writes the figure, as SVG or PNG by the extension.
  ///
  /// - Throws: if gnuplot is missing or fails, or the file cannot be written.
  public func write(to url: URL) throws { try Gnuplot.draw(script, width: 800, height: 620, to: url) }

  /// The colours mixed by their shares.
  private static func blend(_ colours: [Int], _ shares: [Double]) -> Int {
    [16, 8, 0].reduce(0) { sum, shift in
      let channel = zip(colours, shares).reduce(0.0) { $0 + Double(($1.0 >> shift) & 0xFF) * $1.1 }
      return sum | Int(channel.rounded()) << shift
    }
  }
}
