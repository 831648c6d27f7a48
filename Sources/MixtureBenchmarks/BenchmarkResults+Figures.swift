import Foundation
import MixtureCore
import MixtureDiagnostics

extension BenchmarkResults {
  /// A figure for each grid: the excess log loss of each model on each generator, with two standard errors, on the left; on the right how much of
  /// the adjusted Rand index of somebody who knows the truth it attains. What no run tells is left out.
  public var figures: [(grid: String, figure: Figure)] { grids.map { ($0, figure(of: $0)) } }

  private func figure(of grid: String) -> Figure {
    let summaries = summaries.filter { $0.place.grid == grid }
    let generators = summaries.map(\.place.generator).distinct
    let models = summaries.map(\.place.model).distinct
    let blocks: [GnuplotScript] = models.enumerated().map { m, model in
      let lines = summaries.filter { $0.place.model == model }.map { summary in
        let generator = Double(generators.firstIndex(of: summary.place.generator) ?? 0)
        // Models beside one another within the height of their generator, the first on top.
        let height = generator + (Double(m) + 0.5) / Double(models.count) * 0.7 - 0.35
        let excess = summary.means[BenchmarkScore.excessLogLoss.rawValue]
        return [height, excess?.value ?? .nan, excess?.standardError.map { 2 * $0 } ?? 0, summary.attainedIndex ?? .nan]
      }
      return .data("$m\(m)", rows: lines)
    }
    func ticks(_ names: [String]) -> GnuplotScript {
      let ticks: [GnuplotScript] = names.enumerated().map { "\(ticLabel: $1) \($0)" }
      return ticks.joined(separator: ", ")
    }
    func plots(_ columns: GnuplotScript, _ style: GnuplotScript, titled: Bool) -> GnuplotScript {
      let plots: [GnuplotScript] = models.enumerated().map { m, model in
        let title: GnuplotScript = titled ? "title \(model) noenhanced" : "notitle"
        return "$m\(m) using \(columns) with \(style) pt 7 ps 0.8 lw 1.5 lc rgb \(Figure.colourCode(m)) \(title)"
      }
      return plots.joined(separator: ", ")
    }
    // A title, and a key of two columns.
    let top = 50 + 18 * Double((models.count + 1) / 2)
    let height = top + 80 + 60 * Double(generators.count)
    return Figure(
      gnuplot: """
        \(blocks.joined(separator: "\n"))
        \(GnuplotScript.grid)
        set multiplot layout 1, 2 title \(grid) noenhanced
        set yrange [\(Double(generators.count) - 0.5):-0.5]
        set tmargin at screen \(1 - top / height)
        set bmargin 4
        set key at screen 0.5, screen \(1 - 30 / height) center top horizontal
        set ytics noenhanced (\(ticks(generators)))
        set xlabel 'excess log loss ± 2 s.e. (nats per row)'
        \(excessLossAxis(summaries))
        plot \(plots("2:1:3", "xerrorbars", titled: true))
        unset logscale x
        set format x '%g'
        set xrange [\(summaries.contains { $0.attainedIndex != nil } ? "*" : "0" as GnuplotScript):1.02]
        set xlabel 'adjusted Rand index / best possible'
        set ytics (\(ticks(generators.map { _ in "" })))
        plot \(plots("4:1", "points", titled: false))
        unset multiplot
        """, width: 1000, height: Int(height))
  }

  /// Logarithmic where all excesses are positive; some are not where a fit has been lucky.
  private func excessLossAxis(_ summaries: [BenchmarkSummary]) -> GnuplotScript {
    let excesses = summaries.compactMap { $0.means[BenchmarkScore.excessLogLoss.rawValue]?.value }.filter(\.isFinite)
    if excesses.isEmpty { return "set xrange [0:1]" }
    return excesses.allSatisfy { $0 > 0 } ? "set logscale x\nset format x '10^{%L}'" : "set format x '%g'"
  }
}

extension BenchmarkSummary {
  /// The adjusted Rand index as a share of the best possible one.
  fileprivate var attainedIndex: Double? {
    guard let own = means[BenchmarkScore.adjustedRandIndex.rawValue]?.value,
      let best = means[BenchmarkScore.bayesAdjustedRandIndex.rawValue]?.value, best > 0
    else { return nil }
    return own / best
  }
}
