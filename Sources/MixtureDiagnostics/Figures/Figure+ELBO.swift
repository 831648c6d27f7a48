import Mixtures

extension Figure {
  /// How a fit converged: above, the ELBO of each iteration that was kept; below, its distance from the last one.
  public static func elbo(_ fit: Fit) -> Figure {
    let bounds = fit.elboTrace.map(\.total)
    let last = bounds.last ?? 0
    let lines = bounds.enumerated().map { index, bound in
      // What is not above zero has no logarithm, and gnuplot leaves out what is no number.
      [Double(index + 1), bound, last - bound > 0 ? last - bound : .nan]
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$bounds", lines))
        \(GnuplotScript.grid)
        set lmargin 12
        set key off
        set xrange [1:\(max(bounds.count, 2))]
        set style line 1 lc rgb \(colourCode(0)) lw 2 pt 7 ps 0.5
        set multiplot layout 2, 1
        set ylabel 'ELBO (nats)'
        plot $bounds using 1:2 with linespoints ls 1
        set xlabel 'iteration'
        set ylabel 'nats below the last'
        set logscale y
        set format y '10^{%L}'
        plot $bounds using 1:3 with linespoints ls 1
        unset multiplot
        """)
  }
}
