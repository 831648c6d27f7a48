import Mixtures

extension Figure {
  /// Rootograms of the responsibilities (Leisch 2004): for each expert a histogram of r_ik over the rows, with the square root
  /// of the counts as height. Mass at zero and one means that experts are well told apart. Rows with r_ik below 10⁻⁴ are left
  /// out.
  ///
  /// - Throws: `DataError` for a table that does not fit.
  public static func responsibilities(_ model: FittedMixture, on table: Table) throws -> Figure {
    let shares = try model.responsibilities(table)
    let names = model.mixture.expertNames
    let (experts, bins) = (names.count, 20)
    let lines = (0..<bins).map { bin in
      let counts = (0..<experts).map { k in
        shares.count { $0[k] >= 1e-4 && min(Int($0[k] * Double(bins)), bins - 1) == bin }
      }
      return [(Double(bin) + 0.5) / Double(bins)] + counts.map { Double($0).squareRoot() }
    }
    let columns = min(experts, 3)
    let rows = (experts + columns - 1) / columns
    let plots: [GnuplotScript] = (0..<experts).map { k in
      "set \(title(ofExpert: names[k]))\nplot $counts using 1:\(k + 2) with boxes lc rgb \(colourCode(k))"
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$counts", rows: lines))
        \(GnuplotScript.grid)
        set key off
        set style fill solid 0.6
        set boxwidth \(1 / Double(bins))
        set xrange [0:1]
        set yrange [0:*]
        set xlabel 'responsibility'
        set ylabel '√ rows'
        set multiplot layout \(rows), \(columns)
        \(plots.joined(separator: "\n"))
        unset multiplot
        """, width: 300 * columns + 40, height: 300 * rows)
  }
}
