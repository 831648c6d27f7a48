import Foundation
import Synchronization

/// How far something is, in a line of text.
protocol Progress: Sendable {
  /// The line, no longer than `width` columns less one: terminals break the line after the last.
  func line(width: Int) -> String
}

/// A line of progress on a terminal, drawn over itself some ten times a second.
final class ProgressLine<Content: Progress>: Sendable {
  private let console: Console
  private let began = ContinuousClock.now
  private let state: Mutex<(progress: Content, drawn: Duration?)>

  private static var interval: Duration { .milliseconds(100) }

  init(on console: Console, _ progress: Content) {
    self.console = console
    state = Mutex((progress, nil))
  }

  /// Takes in what has happened by now, from any thread.
  func note(_ change: (inout Content, _ time: Duration) -> Void) {
    let time = .now - began
    state.withLock { state in
      change(&state.progress, time)
      if let drawn = state.drawn, time - drawn < Self.interval { return }
      state.drawn = time
      // Within the lock, so that lines do not mingle.
      console.replaceLine(with: state.progress.line(width: console.width))
    }
  }

  /// Clears the line, if there is one.
  func end() {
    state.withLock { state in
      if state.drawn != nil { console.replaceLine(with: "") }
      state.drawn = nil
    }
  }
}

extension Progress {
  /// Seconds as people say them.
  static func words(_ seconds: Double) -> String {
    switch seconds {
    case ..<100: String(format: "%.0f s", max(1, seconds.rounded(.up)))
    case ..<6000: String(format: "%.0f min", (seconds / 60).rounded(.up))
    default: String(format: "%.0f h", (seconds / 3600).rounded(.up))
    }
  }
}
