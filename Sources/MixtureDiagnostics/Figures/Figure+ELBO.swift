import Mixtures

extension Figure {
  /// How a fit converged: above, the ELBO of each iteration that was kept; below, its distance from the last one.
  public static func elbo(_ fit: Fit) -> Figure {
    let elbos = fit.elboTrace.map(\.total)
    let last = elbos.last ?? 0
    let lines = elbos.enumerated().map { index, elbo in
      // What is not above zero has no logarithm, and gnuplot leaves out what is no number.
      [Double(index + 1), elbo, last - elbo > 0 ? last - elbo : .nan]
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$elbos", rows: lines))
        \(GnuplotScript.grid)
        set lmargin 12
        set key off
        set xrange [1:\(max(elbos.count, 2))]
        set style line 1 lc rgb \(colourCode(0)) lw 2 pt 7 ps 0.5
        set multiplot layout 2, 1
        set ylabel 'ELBO (nats)'
        plot $elbos using 1:2 with linespoints ls 1
        set xlabel 'iteration'
        set ylabel 'nats below the last'
        set logscale y
        set format y '10^{%L}'
        plot $elbos using 1:3 with linespoints ls 1
        unset multiplot
        """)
  }
}
