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

  /// `text` for a string in single quotes.
  package static func quoted(_ text: String) -> String { text.replacingOccurrences(of: "'", with: "''") }

  private static func run(_ script: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "-"]
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardError = errors
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try input.fileHandleForWriting.close()
    let message = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw FigureError.gnuplot(message)
    }
  }
}
