import ArgumentParser
import Foundation
import Mixtures

/// A file that a command is to write; `-` is standard output.
struct OutputFile: ExpressibleByArgument {
  let url: URL
  let isStandardOutput: Bool

  init(argument: String) {
    url = URL(fileURLWithPath: argument)
    isStandardOutput = argument == "-"
  }

  static var standardOutput: OutputFile { OutputFile(argument: "-") }

  static var defaultCompletionKind: CompletionKind { .file() }

  /// What messages call it.
  var name: String { isStandardOutput ? "standard output" : url.relativePath }

  /// The name as a word of a shell's command.
  var word: String { isStandardOutput ? "-" : name.asWord }

  /// Makes sure that the file can be written: before the work that fills it, which may take long.
  ///
  /// - Throws: `FileError.unwritable`.
  func check() throws { if !isStandardOutput { try AtomicFile.check(url) } }

  /// Begins the file.
  ///
  /// - Throws: `FileError.unwritable`.
  func open() throws -> AtomicFile { isStandardOutput ? .standardOutput : try AtomicFile(at: url) }

  /// Writes the file; one that exists is replaced only by a complete new one. Files and pipes get the bytes as they are; on a terminal
  /// control characters are shown escaped.
  ///
  /// - Throws: `FileError.unwritable`.
  func write(_ pieces: Data...) throws {
    let file = try open()
    let isShown = isStandardOutput && isatty(STDOUT_FILENO) == 1
    for piece in pieces {
      try file.write(isShown ? Data(String(decoding: piece, as: UTF8.self).printableLines.utf8) : piece)
    }
    try file.complete()
  }

  /// Writes columns of numbers as CSV.
  ///
  /// - Throws: `FileError.unwritable`.
  func write(_ columns: [NamedColumn], rowCount: Int) throws {
    let writer = CSVWriter(columns.map(\.column))
    let rows = (0..<rowCount).flatMap { row in columns.map { $0.values[row] } }
    try write(writer.header(rowCount: rowCount), writer.bytes(ofRows: rows))
  }
}

/// A column of numbers that a command writes.
typealias NamedColumn = (column: ColumnSchema, values: [Double])

extension String {
  /// The text as one word of a shell's command.
  var asWord: String {
    let isPlain = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "./_-".contains($0) }
    return isPlain ? self : "'\(replacing("'", with: #"'\''"#))'"
  }
}
