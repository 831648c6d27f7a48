extension Circle {
  /// The circle as a curve of gnuplot's `plot`.
  public func gnuplot(colour: String, title: String?) -> String {
    "[0:2*pi] '+' using (\(x)+\(radius)*cos($1)):(\(y)+\(radius)*sin($1)) with lines lw 2 lc rgb '\(colour)' "
      + (title.map { "title '\($0)'" } ?? "notitle")
  }
}
