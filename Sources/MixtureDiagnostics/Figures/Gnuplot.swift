import Foundation
import MixtureData

/// Runs gnuplot, which must be installed.
enum Gnuplot {
  /// Draws `script` to `url`, as SVG, PNG or PDF by its extension. The file appears only when it is complete.
  static func draw(_ script: GnuplotScript, width: Int, height: Int, to url: URL) throws {
    guard let format = Format(rawValue: url.pathExtension.lowercased()) else {
      throw FigureError.unknownFormat(path: url.relativePath)
    }
    let file = try AtomicFile(at: url)
    let picture = try run("set encoding utf8\nset terminal \(format.terminal(width, height))\n\(script)\n", format)
    try file.write(picture)
    try file.complete()
  }

  private enum Format: String {
    case svg, png, pdf

    func terminal(_ width: Int, _ height: Int) -> GnuplotScript {
      switch self {
      case .svg: "svg size \(width),\(height) font 'sans,13' background 'white'"
      case .png: "pngcairo size \(width),\(height) font 'sans,11'"
      case .pdf: "pdfcairo size \(Double(width) / 100),\(Double(height) / 100) font 'sans,11'"
      }
    }

    /// Whether a picture ends as pictures of its kind do.
    func isComplete(_ picture: Data) -> Bool {
      let end = picture.suffix(32)
      switch self {
      case .svg: return end.range(of: Data("</svg>".utf8)) != nil
      case .png: return end.range(of: Data("IEND".utf8)) != nil
      case .pdf: return end.range(of: Data("%%EOF".utf8)) != nil
      }
    }
  }

  /// The exit code of `env` for a program that is not there.
  private static let notFound: Int32 = 127

  /// The picture that gnuplot writes on its standard output. It gets the script on its standard input, and touches no file of ours.
  private static func run(_ script: GnuplotScript, _ format: Format) throws -> Data {
    let outcome: Program.Outcome
    do {
      // Settings of the user's own may write what is no picture.
      outcome = try Program(path: "/usr/bin/env", arguments: ["gnuplot", "--default-settings"]).run(Data(script.text.utf8))
    } catch { throw FigureError.gnuplot("it cannot be started: \(systemReason(error))") }
    switch outcome.end {
    case .exit(notFound): throw FigureError.gnuplot("it is not installed, or not on the path")
    case .exit(0) where format.isComplete(outcome.output): return outcome.output
    case .exit(0): throw FigureError.gnuplot("the picture is not complete" + (outcome.lastWords.map { ": \($0)" } ?? ""))
    case .exit(let code): throw FigureError.gnuplot(outcome.lastWords ?? "its exit code is \(code)")
    case .signal(let number): throw FigureError.gnuplot("it was ended by signal \(number)")
    }
  }
}
