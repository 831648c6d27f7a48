import Mixtures
import Synchronization

/// The progress of a fit in one line of a terminal, drawn over itself some ten times a second.
final class ProgressLine: Sendable {
  private let console: Console
  private let began = ContinuousClock.now
  private let state: Mutex<(progress: FitProgress, drawn: Duration?)>

  private static let interval = Duration.milliseconds(100)

  init(on console: Console, tolerance: FitOptions.Tolerance) {
    self.console = console
    state = Mutex((FitProgress(tolerance: tolerance), nil))
  }

  /// Takes in a pass, from any thread.
  func note(_ report: PassReport) {
    let time = .now - began
    state.withLock { state in
      state.progress.note(report, at: time)
      if let drawn = state.drawn, time - drawn < Self.interval { return }
      state.drawn = time
      // Within the lock, so that lines do not mingle.
      console.replaceLine(with: state.progress.line(width: console.width))
    }
  }

  /// Clears the line, if there is one.
  func end() { state.withLock { if $0.drawn != nil { console.replaceLine(with: "") } } }
}
