import Foundation
import MixtureData

/// Runs gnuplot, which must be installed.
package struct Gnuplot {
  /// Draws `script` to `url`, as SVG, PNG or PDF by its extension. The file appears only when it is complete.
  static func draw(_ script: String, width: Int, height: Int, to url: URL) throws {
    let terminal: String
    switch url.pathExtension {
    case "svg": terminal = "svg size \(width),\(height) font 'sans,13' background 'white'"
    case "png": terminal = "pngcairo size \(width),\(height) font 'sans,11'"
    case "pdf": terminal = "pdfcairo size \(Double(width) / 100),\(Double(height) / 100) font 'sans,11'"
    default: throw FigureError.unknownFormat(path: url.relativePath)
    }
    let file = try AtomicFile(at: url)
    try run("set terminal \(terminal)\nset output '\(quoted(file.path))'\n\(script)\nunset output\n")
    try file.complete()
  }

  /// Lines of data that can be plotted as `$name`.
  package static func data(_ name: String, _ lines: [String]) -> String {
    "$\(name) << END\n\(lines.joined(separator: "\n"))\nEND"
  }

  /// Lines at the tics that stay behind the data.
  package static let grid = "set grid lt 1 lc rgb '#DDDDDD'"

  /// `text` for a string in single quotes, which must be one line.
  package static func quoted(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }).replacingOccurrences(of: "'", with: "''")
  }

  /// `text` for the label of a tic in single quotes, which is a format.
  package static func quotedLabel(_ text: String) -> String { quoted(text).replacingOccurrences(of: "%", with: "%%") }

  /// The exit code of `env` for a program that is not there.
  private static let notFound: Int32 = 127

  private static func run(_ script: String) throws {
    // A program that fails at once would break a pipe.
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).gnuplot")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(script.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", file.path]
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let message = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw FigureError.gnuplot(
        process.terminationStatus == notFound ? "it is not installed, or not on the path" : message)
    }
  }
}
