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

  /// The columns that tables may take: 80 where neither the terminal nor the variable `COLUMNS` tells.
  var width: Int { textWidth ?? 80 }

  /// The columns that text may take; nil where nothing tells, as in a pipe, so that lines are whole for whoever searches them.
  private var textWidth: Int? {
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// The text with its lines as long as they may be here.
  func wrapped(_ text: String) -> String { text.wrapped(to: textWidth) }

  /// Writes a line, of which control characters are shown escaped.
  func write(line: String) { write(wrapped(line.printable) + "\n") }

  /// Writes a line to be copied, which is not wrapped.
  func write(command: String) { write(command.printable + "\n") }

  /// Writes a line of warning.
  func write(warning message: String) { write("warning:", "1;33", before: message.printable) }

  /// Writes what went wrong behind a word in bold red; it may have several lines.
  func write(error message: String) { write("error:", "1;31", before: message.printableLines) }

  private func write(_ label: String, _ style: String, before text: String) {
    write(styled(label, style) + wrapped("\(label) \(text)\n").dropFirst(label.count))
  }

  /// Clears the line under way and writes `text` in its place.
  func replaceLine(with text: String) { write("\r\u{1B}[K" + text.printable) }

  /// What a command prints between blank lines.
  enum Paragraph {
    /// Words, wrapped to the width of the terminal.
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
      case .text(let text): return output.wrapped(text.printableLines)
      case .table(let text):
        return text.printableLines.components(separatedBy: "\n\n").map { block in
          let end = block.firstIndex(of: "\n") ?? block.endIndex
          return output.styled(String(block[..<end]), "1") + block[end...]
        }.joined(separator: "\n\n")
      }
    }
    try AtomicFile.standardOutput.write(Data((texts.joined(separator: "\n\n") + "\n").utf8))
  }

  /// Writes lines on standard output as they are, such as JSON, but for control characters.
  ///
  /// - Throws: as ``print(_:)``.
  static func print(lines: String) throws {
    try AtomicFile.standardOutput.write(Data((lines.printableLines + "\n").utf8))
  }

  private func styled(_ text: String, _ code: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  private func write(_ text: String) {
    // Nobody is left to be told that nobody listens.
    try? FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(text.utf8))
  }
}
