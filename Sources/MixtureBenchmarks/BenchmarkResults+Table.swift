import Foundation
import Mixtures

extension BenchmarkResults: CustomStringConvertible {
  /// The ``table``.
  public var description: String { table }

  /// The ``table(width:)``, as wide as it is.
  public var table: String { table(width: nil) }

  /// A table for each grid: generators and models, and the means of the scores over the seeds, of the excess log loss with its standard error.
  ///
  /// - Parameter width: how many columns of text there are; nil for as many as it needs.
  public func table(width: Int?) -> String {
    grids.map { grid in
      let summaries = summaries.filter { $0.place.grid == grid }
      let scores = BenchmarkScore.allCases.filter { score in summaries.contains { $0.means[score.rawValue] != nil } }
      var table = TextTable(
        header: ["generator", "model"] + scores.flatMap { $0 == .excessLogLoss ? [$0.title, "±"] : [$0.title] } + [
          "seconds", "runs",
        ],
        nameCount: 2)
      var last: String?
      for summary in summaries {
        let name = summary.place.generator == last ? "" : summary.place.generator
        last = summary.place.generator
        table.append([name, summary.place.model] + scores.flatMap { summary.cells($0) } + summary.lastCells)
      }
      return ([grid.printable] + table.lines(width: width)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

extension BenchmarkSummary {
  fileprivate func cells(_ score: BenchmarkScore) -> [String] {
    let mean = means[score.rawValue]
    let value = mean.map { score.text($0.value) } ?? "-"
    return score == .excessLogLoss ? [value, mean?.standardError.map { score.text($0) } ?? "-"] : [value]
  }

  /// How long a fit took, and how many runs there are.
  fileprivate var lastCells: [String] {
    [String(format: "%.2f", seconds), failureCount > 0 ? "\(runCount), \(failureCount) failed" : "\(runCount)"]
  }
}
