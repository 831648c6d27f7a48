import Dispatch
import Foundation
import MixtureData

/// What becomes of the files under way when the program is told to stop: temporary ones go, and the program ends as it would have.
enum Signals {
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Begins to listen. Called once, before anything else.
  static func listen() {
    // A write that fails says so by an error.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU] {
      // What whoever started the program wants to be ignored still is: see nohup(1).
      let isIgnored = unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if isIgnored { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { end(by: number) }
      source.resume()
      sources.append(source)
    }
  }

  /// Ends the program by a signal, with nothing half-written left behind.
  static func end(by number: Int32) -> Never {
    AtomicFile.abandonAll {
      // A reader who has gone needs no word.
      if number != SIGPIPE, let name = strsignal(number) {
        // Below the line of progress.
        if Console.errors.isTerminal { Console.errors.write(line: "") }
        Console.errors.write(line: "stopped by a signal (\(String(cString: name))): no file is left half-written")
      }
      signal(number, SIG_DFL)
      // Threads that serve queues take no signals, nor do those of whoever started the program from one.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, number)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      raise(number)
    }
    exit(128 + number)
  }
}
