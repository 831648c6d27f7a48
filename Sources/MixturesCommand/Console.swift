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

  /// Writes a line, of which control characters are shown escaped.
  func write(line: String) { write(line.printable + "\n") }

  /// Writes a line of warning.
  func write(warning message: String) { write("\(styled("warning:", "1;33")) \(message.printable)\n") }

  /// Writes what went wrong behind a word in bold red; it may have several lines.
  func write(error message: String) { write("\(styled("error:", "1;31")) \(message.printableLines)\n") }

  /// Clears the line under way and writes `text` in its place.
  func replaceLine(with text: String) { write("\r\u{1B}[K" + text.printable) }

  /// What a command prints between blank lines.
  enum Paragraph {
    case text(String)
    /// A table, of which the first line is bold, and that of each further block of columns.
    case table(String)
  }

  /// Writes paragraphs on standard output, which is what a command is asked for. Control characters are shown escaped, as JSON has them: no
  /// name in data or files has power over a terminal, and JSON means what it meant.
  ///
  /// - Throws: `FileError.unwritable`, where the disk is full; `FileError.closedPipe`.
  static func print(_ paragraphs: [Paragraph]) throws {
    let texts = paragraphs.map { paragraph in
      switch paragraph {
      case .text(let text): return text.printableLines
      case .table(let text):
        return text.printableLines.components(separatedBy: "\n\n").map { block in
          let end = block.firstIndex(of: "\n") ?? block.endIndex
          return output.styled(String(block[..<end]), "1") + block[end...]
        }.joined(separator: "\n\n")
      }
    }
    try AtomicFile.standardOutput.write(Data((texts.joined(separator: "\n\n") + "\n").utf8))
  }

  /// Writes a text on standard output, as ``print(_:)`` does.
  static func print(_ text: String) throws { try print([.text(text)]) }

  private func styled(_ text: String, _ code: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  private func write(_ text: String) {
    // Nobody is left to be told that nobody listens.
    try? FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(text.utf8))
  }
}
