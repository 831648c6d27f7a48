import Mixtures

extension Figure {
  /// How the experts' parameters came to where they are: a row of panels for each parameter, a column for each fit, in each panel
  /// a line for each expert over the iterations. Panels of a row share their axis.
  ///
  /// - Parameters:
  ///   - fits: for each fit a title, and the mixture after each iteration, from the first; one fit and one iteration at
  ///     least. All have as many experts.
  ///   - truth: what is known of each expert, in the order of `FitReport.parameterNames`, drawn as dashed lines; nil for nothing.
  public static func paths(
    _ fits: [(title: String, iterations: [FittedMixture])], truth: [[Double]]? = nil
  ) -> Figure {
    precondition(!fits.isEmpty && fits.allSatisfy { !$0.iterations.isEmpty }, "a path has an iteration")
    let reports = fits.map { $0.iterations.map { FitReport($0) } }
    let (names, experts) = (reports[0][0].parameterNames, reports[0][0].experts.map(\.name))
    let colours = experts.indices.map(colourCode)
    /// The values that each expert's parameters had in an iteration, parameter by parameter, NaN where it has none.
    func values(_ report: FitReport) -> [[Double]] {
      let values = experts.indices.map { report.parameters(ofExpert: $0).map { $0?.value ?? .nan } }
      return names.indices.map { row in values.map { $0[row] } }
    }
    let paths = reports.map { $0.map(values) }
    /// The place of one of `count` panels between margins, in parts of the whole.
    func place(_ index: Int, of count: Int, from start: Double, to end: Double, gap: Double) -> (Double, Double) {
      let size = (end - start - gap * Double(count - 1)) / Double(count)
      let lower = start + Double(index) * (size + gap)
      return (lower, lower + size)
    }
    let (width, height) = (400 * fits.count + 60, 150 * names.count + 120)
    let panels = names.enumerated().flatMap { row, name in
      let known = truth?.map { $0[row] } ?? []
      let all = paths.joined().flatMap { $0[row] }.filter(\.isFinite) + known
      let (least, greatest) = (all.min() ?? 0, all.max() ?? 1)
      let margin = 0.08 * (greatest > least ? greatest - least : 1)
      let isLast = row == names.count - 1
      let (bottom, top) = place(
        names.count - 1 - row, of: names.count, from: 55 / Double(height), to: 1 - 65 / Double(height),
        gap: 18 / Double(height))
      return paths.enumerated().map { column, iterations -> GnuplotScript in
        let (left, right) = place(column, of: fits.count, from: 80 / Double(width), to: 0.98, gap: 0.03)
        let lines = iterations.enumerated().map { index, values in
          [Double(index + 1)] + values[row]
        }
        let curves: [GnuplotScript] = colours.enumerated().map { "$path using 1:\($0 + 2) with lines lw 2 lc rgb \($1)" }
        let dashes: [GnuplotScript] = zip(known, colours).map { "\($0) with lines lw 1.5 dt 2 lc rgb \($1)" }
        return """
          \(GnuplotScript.data("$path", rows: lines))
          set lmargin at screen \(left)
          set rmargin at screen \(right)
          set bmargin at screen \(bottom)
          set tmargin at screen \(top)
          set title \(row == 0 ? fits[column].title : "") noenhanced
          set ylabel \(column == 0 ? name : "") noenhanced
          set xlabel \(isLast ? "iteration" : "" as String)
          set format x \(isLast ? "%g" : "" as String)
          set format y \(column == 0 ? "%g" : "" as String)
          set yrange [\(least - margin):\(greatest + margin)]
          plot \((curves + dashes).joined(separator: ", "))
          """
      }
    }
    var key: [GnuplotScript] = zip(experts, colours).map { "NaN with lines lw 2 lc rgb \($1) \(title(ofExpert: $0))" }
    if truth != nil { key.append("NaN with lines lw 1.5 dt 2 lc rgb 'black' title 'truth'") }
    return Figure(
      gnuplot: """
        set multiplot
        # The key has a plot of its own, as wide as the figure.
        set xrange [1:\(max(fits.map(\.iterations.count).max() ?? 0, 2))]
        set yrange [0:1]
        set key at screen 0.5, screen \(1 - 8 / Double(height)) center top horizontal
        set lmargin at screen 0
        set rmargin at screen 1
        unset border
        unset tics
        plot \(key.joined(separator: ", "))
        set key off
        set border
        set tics
        \(GnuplotScript.grid)
        \(panels.joined(separator: "\n"))
        unset multiplot
        """, width: width, height: height)
  }
}
