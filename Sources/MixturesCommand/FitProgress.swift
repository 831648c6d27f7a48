import Foundation
import Mixtures

/// How far a fit is, from the reports of its iterations, in one line of text.
///
/// The time left is an estimate. Mean-field ascent converges linearly: near a maximum the changes of the ELBO shrink by about
/// the same factor in each iteration, so the iterations until the change comes within the tolerance follow from how fast it has shrunk.
/// Starts of which too little is known yet, for the first changes fall more steeply, are taken for the mean of the others.
/// Where nothing is known, or nothing shrinks, the limits of iterations are all there is, and the line says "at most".
struct FitProgress: Progress {
  let tolerance: FitOptions.Tolerance

  private var last: IterationReport?
  private var starts: [Int: StartProgress] = [:]
  private var best: Double?
  private var now = Duration.zero
  /// Passes, tiles read and seconds of late.
  private var recent = (iterations: 0.0, tiles: 0.0, seconds: 0.0)

  /// After so many seconds what has happened counts 1/e, so that the rate follows whatever else the machine does.
  private static let memory = 5.0

  init(tolerance: FitOptions.Tolerance) { self.tolerance = tolerance }

  /// Takes in a report that came `time` after the fit began.
  mutating func note(_ report: IterationReport, at time: Duration) {
    // Reports of several threads may overtake one another.
    let seconds = max(0, (time - now) / .seconds(1))
    now = max(now, time)
    let tiles = report.search.stages.first?.tileCount ?? 0
    // The ELBO of a subsample and that of all rows are not comparable.
    if tiles != last?.search.stages.first?.tileCount { best = nil }
    last = report
    let elbo = report.elbo.total
    if elbo.isFinite { best = max(best ?? elbo, elbo) }
    let decay = exp(-seconds / Self.memory)
    recent = (recent.iterations * decay + 1, recent.tiles * decay + Double(tiles), recent.seconds * decay + seconds)
    var start = report.iteration == 1 ? StartProgress() : starts[report.start] ?? StartProgress()
    start.note(report, tolerance)
    starts[report.start] = start
  }

  func line(width: Int) -> String {
    guard let last else { return "" }
    let search = last.search
    var parts = [
      search.startCount > 1 ? "\(search.finishedCount) of \(search.startCount) starts" : "iteration \(last.iteration)"
    ]
    if let best { parts.append(String(format: "best ELBO %.6f", best)) }
    if let rate { parts.append(String(format: rate < 10 ? "%.2g iterations/s" : "%.0f iterations/s", rate)) }
    if let left = timeLeft(search.stages) {
      parts.append("\(left.isLimit ? "at most" : "about") \(Self.words(left.seconds)) left")
    }
    return String(parts.joined(separator: ", ").prefix(max(0, width - 1)))
  }

  private var rate: Double? { recent.seconds > 0 ? recent.iterations / recent.seconds : nil }

  /// The seconds left, and whether they follow from limits alone.
  private func timeLeft(_ stages: [SearchState.Stage]) -> (seconds: Double, isLimit: Bool)? {
    guard recent.seconds > 0, recent.tiles > 0 else { return nil }
    let tiles = stages.indices.reduce(0.0) { $0 + iterationsLeft(in: stages, at: $1) * Double(stages[$1].tileCount) }
    return (tiles * recent.seconds / recent.tiles, starts.values.allSatisfy { $0.end ?? .infinity == .infinity })
  }

  /// The iterations that all starts together will still make in a stage.
  private func iterationsLeft(in stages: [SearchState.Stage], at index: Int) -> Double {
    let stage = stages[index]
    func iterations(to end: Double, after iteration: Int = 0) -> Double {
      max(0, min(Double(stage.iterations.upperBound), end) - Double(max(iteration, stage.iterations.lowerBound)))
    }
    let ends = starts.values.compactMap(\.end)
    let begun = starts.values.filter { index == 0 && $0.stages == stages.count }
    // Of iterations, not of ends: starts that end before the stage make none in it.
    let mean = ends.isEmpty ? iterations(to: .infinity) : ends.reduce(0) { $0 + iterations(to: $1) } / Double(ends.count)
    let meanEnd = ends.isEmpty ? .infinity : ends.reduce(0, +) / Double(ends.count)
    return begun.reduce(0) { $0 + iterations(to: $1.end ?? max(meanEnd, Double($1.iteration)), after: $1.iteration) }
      + Double(max(0, stage.startCount - begun.count)) * mean
  }
}

/// How far one start is, and how fast the changes of its ELBO shrink.
private struct StartProgress {
  private(set) var iteration = 0
  /// How many stages were ahead, the one under way included, when the last iteration was made.
  private(set) var stages = 0
  /// The number of its last iteration: nil as long as too few changes are known, infinity if they do not shrink.
  private(set) var end: Double?
  /// The last plain iterations and the logarithms of their changes of the ELBO; convergence is judged by those.
  private var changes: [(iteration: Double, log: Double)] = []

  mutating func note(_ report: IterationReport, _ tolerance: FitOptions.Tolerance) {
    iteration = report.iteration
    stages = report.search.stages.count
    if let change = report.change, change > 0, report.step == .plain {
      changes.append((Double(iteration), log(change)))
      if changes.count > 20 { changes.removeFirst() }
    }
    end = report.isConverged ? Double(iteration) : end(tolerance, elbo: report.elbo.total)
  }

  /// Where the line through the middles of the older and the younger half of the changes meets the tolerance.
  private func end(_ tolerance: FitOptions.Tolerance, elbo: Double) -> Double? {
    let target =
      switch tolerance {
      case .relative(let fraction): fraction * abs(elbo)
      case .absolute(let change): change
      }
    let half = changes.count / 2
    guard half >= 4 else { return nil }
    func middle(_ changes: ArraySlice<(iteration: Double, log: Double)>) -> (iteration: Double, log: Double) {
      let sums = changes.reduce((0.0, 0.0)) { ($0.0 + $1.iteration, $0.1 + $1.log) }
      return (sums.0 / Double(half), sums.1 / Double(half))
    }
    let (old, young) = (middle(changes.suffix(2 * half).prefix(half)), middle(changes.suffix(half)))
    let slope = (young.log - old.log) / (young.iteration - old.iteration)
    guard target > 0, slope < 0 else { return .infinity }
    return max(Double(iteration) + 1, young.iteration + (log(target) - young.log) / slope)
  }
}
