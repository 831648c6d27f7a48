import Foundation
import GSL

/// A figure, drawn by gnuplot when it is written.
public struct Figure: Sendable {
  let script: GnuplotScript
  private let width: Int
  private let height: Int

  /// Colours that remain distinguishable to the colour-blind (Okabe & Ito 2008).
  private static let palette = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xF0E442, 0x000000]

  /// A figure by a script of gnuplot's, without the lines that say where it is written.
  ///
  /// - Parameters:
  ///   - script: commands, with data by ``GnuplotScript/data(_:rows:)``.
  ///   - width: in pixels of a PNG.
  ///   - height: in pixels of a PNG.
  public init(gnuplot script: GnuplotScript, width: Int = 800, height: Int = 620) {
    self.script = script
    self.width = width
    self.height = height
  }

  /// Writes the figure, as SVG, PNG or PDF by the extension. A file that exists is replaced only by a complete new one.
  ///
  /// - Throws: ``FigureError``.
  public func write(to url: URL) throws { try Gnuplot.draw(script, width: width, height: height, to: url) }

  /// Writes the figure as SVG and as PNG, `name`.svg and `name`.png, into a folder, which is made if it is not there.
  ///
  /// - Returns: the two files.
  /// - Throws: ``FigureError``, or what the system says of the folder.
  @discardableResult public func write(named name: String, into folder: URL) throws -> [URL] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try ["svg", "png"].map { format in
      let url = folder.appendingPathComponent("\(name).\(format)")
      try write(to: url)
      return url
    }
  }

  /// Two panels over one column: the response above, shares between zero and one below.
  ///
  /// - Parameters:
  ///   - x: the column.
  ///   - held: what is held fixed beside it.
  ///   - response: what the axis above is called.
  ///   - shown: what is drawn of that axis; nil for all that there is.
  ///   - share: what the shares below are.
  ///   - data: here-documents of numbers.
  ///   - above: what is plotted above.
  ///   - below: how the shares are plotted.
  init(
    over x: DrawnColumn, beside held: HeldColumns, response: String, within shown: ClosedRange<Double>?, share: String,
    data: [GnuplotScript], above: [GnuplotScript], below: GnuplotScript
  ) {
    let axis: GnuplotScript =
      shown.map { shown -> GnuplotScript in "set yrange [\(shown.lowerBound):\(shown.upperBound)]" } ?? "set autoscale y"
    self.init(
      gnuplot: """
        \(data.joined(separator: "\n"))
        set style fill transparent solid 0.12 noborder
        \(GnuplotScript.grid)
        set xrange [\(x.range.lowerBound):\(x.range.upperBound)]
        set lmargin 9
        set rmargin 3
        set key outside top center horizontal
        set multiplot
        set size 1, 0.66
        set origin 0, 0.34
        set ylabel \(response) noenhanced
        \(axis)
        \(x.ticsWithoutLabels)
        plot \(above.joined(separator: ", "))
        \(GnuplotScript.footnote(held.lines, height: 620, below: 0.36))
        \(x.tics)
        set xlabel \(x.name) noenhanced
        set ylabel \(share)
        set yrange [-0.05:1.05]
        set ytics 0.5
        \(below)
        unset multiplot
        """)
  }

  /// The colour of number `k`, from zero, as gnuplot and SVG write it.
  public static func colourCode(_ k: Int) -> String { String(format: "#%06X", colour(ofExpert: k)) }

  /// What a key calls an expert, as gnuplot writes it.
  static func title(ofExpert name: String) -> GnuplotScript { "title \("expert \(name)") noenhanced" }

  /// The colour of an expert, as red, green and blue in one number.
  static func colour(ofExpert k: Int) -> Int { palette[k % palette.count] }

  /// Colours mixed by their shares; a share that is no number, of a row that no expert can have, is none.
  static func blend(_ colours: [Int], _ shares: [Double]) -> Int {
    [16, 8, 0].reduce(0) { sum, shift in
      let channel = zip(colours, shares).reduce(0.0) { $0 + Double(($1.0 >> shift) & 0xFF) * ($1.1.isFinite ? $1.1 : 0) }
      return sum | Int(channel.rounded()) << shift
    }
  }
}

/// Why a figure cannot be made.
public enum FigureError: DescribedError, Equatable {
  /// The file's extension is none of those that can be drawn.
  case unknownFormat(path: String)
  /// gnuplot is missing or failed.
  case gnuplot(String)
  /// The formula has no such feature.
  case noFeature(String, known: [String])
  /// A column cannot be held at a value.
  case notHeld(String, reason: String)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .unknownFormat(let path): "\(path): can draw svg, png and pdf; choose by the file's extension"
    case .gnuplot(let message): "gnuplot, which draws the figures, failed: \(message)"
    case .noFeature(let name, let known):
      known.isEmpty
        ? "the model has no feature to draw over"
        : "no feature \"\(name)\" to draw over; there are \(known.joined(separator: ", "))"
    case .notHeld(let name, let reason): "cannot hold \"\(name)\" at a value: \(reason)"
    }
  }
}
