import MixtureDiagnostics

extension Circle {
  /// The circle as a curve of gnuplot's `plot`.
  public func gnuplot(colour: String, title: String?) -> GnuplotScript {
    let title: GnuplotScript = title.map { "title \($0) noenhanced" } ?? "notitle"
    return "[0:2*pi] '+' using (\(x)+\(radius)*cos($1)):(\(y)+\(radius)*sin($1)) with lines lw 2 lc rgb \(colour) \(title)"
  }
}
