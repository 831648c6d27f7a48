import Mixtures

extension Figure {
  /// How the experts' parameters came to where they are: a row of panels for each parameter, a column for each fit, in each panel a
  /// line for each expert over the passes. Panels of a row share their axis.
  ///
  /// - Parameters:
  ///   - fits: for each fit a title, and the mixture after each pass, from the first. All have as many experts.
  ///   - truth: what is known of each expert, in the order of `FitReport.parameterNames`, drawn as dashed lines; nil for nothing.
  public static func paths(
    _ fits: [(title: String, passes: [FittedMixture])], truth: [[Double]]? = nil
  ) -> Figure {
    let reports = fits.map { $0.passes.map(FitReport.init) }
    guard let first = reports.first?.first else { return Figure(script: "") }
    let (names, experts) = (first.parameterNames, first.experts.indices)
    let passCount = fits.map(\.passes.count).max() ?? 1
    /// The values of a parameter that each expert had in a pass, NaN where it has none.
    func values(_ report: FitReport, _ name: String) -> [Double] {
      report.experts.map { expert in expert.parameters.first { $0.name == name }?.value ?? .nan }
    }
    var blocks: [String] = []
    var panels: [String] = []
    for (row, name) in names.enumerated() {
      let known = truth?.map { $0[row] } ?? []
      let all = reports.joined().flatMap { values($0, name) }.filter(\.isFinite) + known
      let (least, greatest) = (all.min() ?? 0, all.max() ?? 1)
      let margin = 0.08 * (greatest > least ? greatest - least : 1)
      for (column, reports) in reports.enumerated() {
        let block = "$path\(row)_\(column)"
        let lines = reports.enumerated().map { index, report in
          "\(index + 1) " + values(report, name).map { "\($0)" }.joined(separator: " ")
        }
        blocks.append("\(block) << END\n\(lines.joined(separator: "\n"))\nEND")
        let paths = experts.map { k in
          "\(block) using 1:\(k + 2) with lines lw 2 lc rgb '\(colourCode(ofExpert: k))' title 'expert \(k + 1)'"
        }
        let dashes = known.enumerated().map { k, value in
          "\(value) with lines lw 1.5 dt 2 lc rgb '\(colourCode(ofExpert: k))' title '\(k == 0 ? "dashed: truth" : "")'"
        }
        panels.append(
          """
          set title '\(row == 0 ? Gnuplot.quoted(fits[column].title) : "")' noenhanced
          set ylabel '\(column == 0 ? Gnuplot.quoted(name) : "")' noenhanced
          set xlabel '\(row == names.count - 1 ? "pass" : "")'
          set format x '\(row == names.count - 1 ? "%g" : "")'
          set format y '\(column == 0 ? "%g" : "")'
          set yrange [\(least - margin):\(greatest + margin)]
          plot \((paths + dashes).joined(separator: ", "))
          unset key
          """)
      }
    }
    let height = 150 * names.count + 110
    return Figure(
      script: """
        \(blocks.joined(separator: "\n"))
        set grid lc rgb '#DDDDDD'
        set xrange [1:\(max(passCount, 2))]
        set key at screen 0.5, screen \(1 - 8 / Double(height)) center top horizontal maxrows 1
        set multiplot layout \(names.count), \(fits.count) margins 0.1, 0.98, \(55 / Double(height)), \
        \(1 - 60 / Double(height)) spacing 0.03, \(18 / Double(height))
        \(panels.joined(separator: "\n"))
        unset multiplot
        """, width: 400 * fits.count + 60, height: height)
  }
}
