import Mixtures

extension Figure {
  /// Rootograms of the responsibilities (Leisch 2004): for each expert a histogram of r_ik, with the square root of the counts as height. Mass
  /// at zero and one means that experts are well told apart. Rows are counted, or groups of rows that share an assignment. Those with
  /// r_ik below 10⁻⁴ would hide the others: they are left out, and each panel says how many they are.
  ///
  /// - Throws: `DataError` for a table that does not fit.
  public static func responsibilities(_ model: FittedMixture, on table: Table) throws -> Figure {
    let shares = try model.mixture.responsibilities(model.observations(table))
    let names = model.mixture.expertNames
    let (experts, bins) = (names.count, 20)
    let unit = model.design.groups == nil ? "rows" : "groups"
    let least = 1e-4
    let lines = (0..<bins).map { bin in
      let counts = (0..<experts).map { k in
        shares.count { $0[k] >= least && min(Int($0[k] * Double(bins)), bins - 1) == bin }
      }
      return [(Double(bin) + 0.5) / Double(bins)] + counts.map { Double($0).squareRoot() }
    }
    let columns = min(experts, 3)
    let rows = (experts + columns - 1) / columns
    let plots: [GnuplotScript] = (0..<experts).map { k in
      let few = shares.count { $0[k] < least }
      let note = few == 0 ? "" : "without \(few) of \(shares.count) \(unit) below 0.0001"
      return """
        set \(title(ofExpert: names[k])) offset 0, 1
        set label 1 \(note) at graph 0.5, graph 1.07 center \(GnuplotScript.small)
        plot $counts using 1:\(k + 2) with boxes lc rgb \(colourCode(k))
        """
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
        set tmargin 3.5
        set xlabel 'responsibility'
        set ylabel \("√ \(unit)")
        set multiplot layout \(rows), \(columns)
        \(plots.joined(separator: "\n"))
        unset multiplot
        """, width: 300 * columns + 40, height: 300 * rows)
  }
}
