import Foundation
import Mixtures
import Synchronization

/// The processor's milliseconds of passes: of an update and the scores and sums that follow, on one thread.
struct PassTimes {
  /// The least, for what else a machine does may lengthen a pass, but not shorten it.
  private(set) var least = Double.infinity

  /// Makes so many more passes of a mixture over the rows, from a random start.
  mutating func measure(_ mixture: MixtureModel, _ rows: Observations, passes: Int = 20) throws {
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = passes
    options.tolerance = .absolute(0)
    options.threads = 1
    let times = Mutex<[Double]>([])
    _ = try mixture.fitBlocking(rows, from: .recipe(.random), options: options) { _ in
      times.withLock { $0.append(processorMilliseconds()) }
    }
    // The first ones see a subsample.
    let last = times.withLock { $0 }.suffix(passes)
    for (began, ended) in zip(last, last.dropFirst()) { least = min(least, ended - began) }
  }
}

/// The time that the process has had on processors.
private func processorMilliseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return 1e3 * Double(time.tv_sec) + 1e-6 * Double(time.tv_nsec)
}
