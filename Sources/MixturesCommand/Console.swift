import Foundation
import MixtureData

/// Standard output or standard error: whether somebody watches it on a terminal, and in which colours.
struct Console: Sendable {
  static let output = Console(STDOUT_FILENO)
  static let errors = Console(STDERR_FILENO)

  /// Whether it is a terminal on which a line can be drawn over.
  let isTerminal: Bool
  /// Whether text may be coloured.
  let hasColour: Bool
  private let descriptor: Int32

  private init(_ descriptor: Int32) {
    let environment = ProcessInfo.processInfo.environment
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    hasColour = isTerminal && Self.allowsColour(environment)
  }

  /// Whether the user wants colour where it is possible: see no-color.org.
  static func allowsColour(_ environment: [String: String]) -> Bool { (environment["NO_COLOR"] ?? "").isEmpty }

  /// The columns of the terminal; 80 where it does not tell.
  var width: Int {
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Writes a line.
  func write(line: String) { write(line + "\n") }

  /// Clears the line under way and writes `text` in its place.
  func replaceLine(with text: String) { write("\r\u{1B}[K" + text) }

  /// The word before a message, in bold red.
  func error(_ word: String) -> String { styled(word, "1;31") }

  /// Writes lines on standard output, which is what a command is asked for.
  ///
  /// - Throws: `FileError.unwritable`, where the disk is full; `FileError.closedPipe`.
  static func print(_ text: String) throws { try AtomicFile.standardOutput.write(Data((text + "\n").utf8)) }

  /// Prints a line for each warning.
  ///
  /// - Throws: as ``print(_:)``.
  func print(warnings: [String]) throws {
    for warning in warnings { try Self.print("\(styled("warning:", "1;33")) \(warning)") }
  }

  /// A table whose first line is bold.
  func table(_ text: String) -> String {
    guard let end = text.firstIndex(of: "\n") else { return text }
    return styled(String(text[..<end]), "1") + text[end...]
  }

  private func styled(_ text: String, _ code: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  private func write(_ text: String) {
    // Nobody is left to be told that nobody listens.
    try? FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(text.utf8))
  }
}
