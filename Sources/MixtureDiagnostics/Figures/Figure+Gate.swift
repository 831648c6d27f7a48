import MixtureCore
import Mixtures

extension Figure {
  /// The weights π_k(x) of the experts over one column, as lines, or as bars if it is a category; or over two, as an area in the mixed
  /// colours of the experts with the rows upon it. The other columns that the gate reads are at values of your own, at their means, or at their
  /// most frequent levels; the figure says at which.
  ///
  /// - Parameters:
  ///   - model: a fit.
  ///   - table: the data; the response is not needed.
  ///   - names: one column that the gate reads, or two of numbers; nil for the first, of numbers if there is any.
  ///   - held: values of other columns, numbers or levels, as text.
  /// - Throws: ``FigureError/noFeature(_:known:)``; ``FigureError/notHeld(_:reason:)``; `DataError` for a table that does not fit;
  ///   `MixtureError` for a category beside another column.
  public static func gate(
    _ model: FittedMixture, on table: Table, over names: [String]? = nil, at held: [String: String] = [:]
  ) throws -> Figure {
    let columns = model.design.gateColumns
    let chosen = try (names.map { $0.map(Optional.some) } ?? [nil]).map {
      try DrawnColumn.name($0, among: columns, of: model)
    }
    guard (1...2).contains(chosen.count), chosen.firstRepeated == nil else {
      throw FigureError.noFeature(chosen.joined(separator: ", "), known: DrawnColumn.known(columns, of: model))
    }
    let others = try HeldColumns(model, table, over: chosen, beside: columns, showsResponse: false, at: held)
    if chosen.count == 1 { return try overOne(model, table, chosen[0], others) }
    if let category = chosen.first(where: { model.design.levels(of: $0) != nil }) {
      throw MixtureError.refused(
        "\"\(category)\" is a category, over which weights are drawn alone: name no second feature")
    }
    return try overTwo(model, table, chosen[0], chosen[1], others)
  }

  private static func overOne(
    _ model: FittedMixture, _ table: Table, _ name: String, _ held: HeldColumns
  ) throws -> Figure {
    let names = model.mixture.expertNames
    let (x, weights) = try DrawnColumn.beyondTheTable { margin in
      let x = try DrawnColumn(name, of: model, table, count: 401, margin: margin)
      return (x, try ofFigure { try model.weights(held.table(with: [name: x.values])) })
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$weights", rows: zip(x.places, weights).map { [$0] + $1 }))
        \(GnuplotScript.grid)
        set key outside top center horizontal
        set xrange [\(x.range.lowerBound):\(x.range.upperBound)]
        set yrange [-0.02:1.02]
        \(x.tics)
        set xlabel \(x.name) noenhanced
        set ylabel 'weight'
        \(GnuplotScript.footnote(held.lines, height: 420))
        \(weightPlot(names, over: x, in: "$weights", from: 2))
        """, height: 420)
  }

  /// The weights of each expert over the first column of a here-document, of the columns from number `column` on: lines, or bars over the
  /// levels of a category.
  static func weightPlot(
    _ experts: [String], over x: DrawnColumn, in data: GnuplotScript, from column: Int
  ) -> GnuplotScript {
    let width = DrawnColumn.width(ofExperts: experts.count)
    let plots: [GnuplotScript] = experts.enumerated().map { k, name in
      let (style, shift): (GnuplotScript, Double) =
        x.isCategory
        ? ("boxes fs solid 0.85 noborder", DrawnColumn.shift(ofExpert: Double(k), of: experts.count)) : ("lines lw 2", 0)
      return """
        \(data) using ($1 + (\(shift))):\(k + column) with \(style) lc rgb \(colourCode(k)) \
        \(title(ofExpert: name))
        """
    }
    return "set boxwidth \(width)\nplot \(plots.joined(separator: ", "))"
  }

  private static func overTwo(
    _ model: FittedMixture, _ table: Table, _ xName: String, _ yName: String, _ held: HeldColumns
  ) throws -> Figure {
    let names = model.mixture.expertNames
    let colours = names.indices.map(colour(ofExpert:))
    let (x, y, points, weights) = try DrawnColumn.beyondTheTable { margin in
      let x = try DrawnColumn(xName, of: model, table, count: 121, margin: margin)
      let y = try DrawnColumn(yName, of: model, table, count: 121, margin: margin)
      let points = y.places.flatMap { y in x.places.map { ($0, y) } }
      let grid = try held.table(with: [xName: .numbers(points.map(\.0)), yName: .numbers(points.map(\.1))])
      return (x, y, points, try model.weights(grid))
    }
    let pixels = zip(points, weights).map { point, shares in
      // Paler than the rows upon it.
      let colour = blend(colours + [0xFFFFFF], shares.map { 0.45 * $0 } + [0.55])
      return [point.0, point.1] + [colour >> 16, (colour >> 8) & 0xFF, colour & 0xFF].map(Double.init)
    }
    let own = zip(zip(x.points(), y.points()), try model.weights(table)).map { point, shares in
      [point.0, point.1, Double(blend(colours, shares))]
    }
    let key: [GnuplotScript] = names.indices.map { k in
      "NaN with points pt 7 ps 1.2 lc rgb \(colourCode(k)) \(title(ofExpert: names[k]))"
    }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$weights", rows: pixels))
        \(GnuplotScript.data("$rows", rows: own))
        set key outside top center horizontal
        set xrange [\(x.places[0]):\(x.places[x.places.count - 1])]
        set yrange [\(y.places[0]):\(y.places[y.places.count - 1])]
        set xlabel \(x.name) noenhanced
        set ylabel \(y.name) noenhanced
        \(GnuplotScript.footnote(held.lines, height: 620))
        plot $weights using 1:2:3:4:5 with rgbimage notitle, \\
          $rows using 1:2:3 with points pt 7 ps 0.5 lc rgb variable notitle, \\
          \(key.joined(separator: ", "))
        """)
  }
}
