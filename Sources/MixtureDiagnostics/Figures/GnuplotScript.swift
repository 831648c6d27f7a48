import MixtureData

/// Commands of gnuplot's.
///
/// A script is a literal. What is interpolated has no power in it: a number is a number, a text is a string in quotes, and only another
/// script is commands. So no name in data or files can become code:
///
/// ```swift
/// let x = "dose'; system('rm -rf ~')"
/// let script: GnuplotScript = """
///   set xlabel \(x) noenhanced
///   plot [0:\(2 * Double.pi)] sin(x) title \("expert \(x)") noenhanced
///   """
/// ```
///
/// `noenhanced` keeps `_`, `^` and braces of a text as they are.
public struct GnuplotScript: Sendable, ExpressibleByStringInterpolation {
  let text: String

  /// A script without interpolations.
  ///
  /// - Parameter value: the commands, which are part of the program.
  public init(stringLiteral value: StaticString) { text = value.description }

  /// A script with interpolations.
  ///
  /// - Parameter stringInterpolation: its pieces.
  public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  private init(text: String) { self.text = text }

  /// A here-document of numbers. What is not finite gnuplot leaves out.
  ///
  /// - Parameters:
  ///   - name: what it can be plotted as, such as `$points`.
  ///   - rows: the numbers of each line.
  public static func data(_ name: GnuplotScript, rows: some Sequence<[Double]>) -> GnuplotScript {
    let lines = rows.map { row in row.map { $0.isFinite ? "\($0)" : "NaN" }.joined(separator: " ") }
    return GnuplotScript(text: "\(name.text) << END\n\(lines.joined(separator: "\n"))\nEND")
  }

  /// Lines at the tics that stay behind the data.
  package static let grid: GnuplotScript = "set grid lt 1 lc rgb '#DDDDDD'"

  /// Small grey lines at the bottom of a figure, and the rest of its lower part for the next plot.
  ///
  /// - Parameters:
  ///   - lines: what they say.
  ///   - height: that of the figure, in pixels.
  ///   - top: where the lower part ends, in parts of the figure.
  static func footnote(_ lines: [String], height: Int, below top: Double = 1) -> GnuplotScript {
    let size = 17 / Double(height)
    let labels: [GnuplotScript] = lines.enumerated().map { index, line in
      let y = size * (Double(lines.count - index) - 0.3)
      return "set label \(index + 1) \(line) at screen 0.5, screen \(y) center noenhanced \(small)\n"
    }
    let bottom = lines.isEmpty ? 0 : size * (Double(lines.count) + 0.3)
    return "\(labels.joined(separator: ""))set origin 0, \(bottom)\nset size 1, \(top - bottom)"
  }

  /// How notes are written.
  static let small: GnuplotScript = "font ',9' textcolor rgb '#777777'"

  /// What gnuplot reads.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    /// No pieces yet.
    ///
    /// - Parameters:
    ///   - literalCapacity: the length of the literal pieces.
    ///   - interpolationCount: the number of the others.
    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    /// Commands that are part of the program.
    ///
    /// - Parameter literal: the commands.
    public mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

    /// Commands of another script.
    ///
    /// - Parameter script: the commands.
    public mutating func appendInterpolation(_ script: GnuplotScript) { text += script.text }

    /// A whole number.
    ///
    /// - Parameter number: the number.
    public mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

    /// A number; NaN for one that is not finite.
    ///
    /// - Parameter number: the number.
    public mutating func appendInterpolation(_ number: Double) { text += number.isFinite ? "\(number)" : "NaN" }

    /// A text of any kind, as a string in quotes. It is shown in one line, cut off after some 200 characters.
    ///
    /// - Parameter string: the text.
    public mutating func appendInterpolation(_ string: String) { text += quoted(string) }

    /// A text of any kind as the label of a tic, which gnuplot takes for a format.
    ///
    /// - Parameter string: the text.
    public mutating func appendInterpolation(ticLabel string: String) { text += quoted(string, percent: "%%") }
  }
}

extension Sequence<GnuplotScript> {
  /// The scripts one after another, with `separator` between them.
  public func joined(separator: GnuplotScript) -> GnuplotScript {
    var joined: GnuplotScript = ""
    for (index, script) in enumerated() { joined = index == 0 ? script : "\(joined)\(separator)\(script)" }
    return joined
  }
}

/// What a text becomes in a script, and the only way into one. It is a string in double quotes with an octal escape for each byte that is
/// no letter, digit, blank or the # of a colour, which gnuplot looks for before it reads escapes: nothing is left that could end the string,
/// or that gnuplot expands while it scans.
private func quoted(_ string: String, percent: String = "%") -> String {
  let scalars = string.unicodeScalars
  let shown = String(scalars.prefix(mostCharacters)).printable + (scalars.dropFirst(mostCharacters).isEmpty ? "" : "…")
  var text = "\""
  var isEscape = false
  for byte in shown.replacing("%", with: percent).utf8 {
    // An escape takes all digits that follow.
    isEscape = isEscape ? !isLetterOrBlank(byte) : !isLetterOrBlank(byte) && !isDigitOrHash(byte)
    text += isEscape ? escape(byte) : String(Unicode.Scalar(byte))
  }
  return text + "\""
}

/// Nobody reads a longer label, and gnuplot cuts off some where it may hurt.
private let mostCharacters = 200

private func isLetterOrBlank(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: " "): true
  default: false
  }
}

private func isDigitOrHash(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "#")
}

private func escape(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 8)
  return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
}
