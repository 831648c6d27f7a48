import Foundation
import Mixtures

extension Figure {
  /// The weights π_k(x) of the experts over one column, as lines, or as bars if it is a category; or over two, as an area in the mixed
  /// colours of the experts with the rows upon it. The other columns are at their means, or at their most frequent level.
  ///
  /// - Parameters:
  ///   - model: a fit.
  ///   - table: the data; the response is not needed.
  ///   - names: one column, or two of numbers; nil for the first that the gate reads, one of numbers if there is any.
  /// - Throws: ``FigureError/noFeature(_:known:)``; `DataError` for a table that does not fit; `MixtureError` for a category beside another
  ///   column.
  public static func gate(_ model: FittedMixture, on table: Table, over names: [String]? = nil) throws -> Figure {
    let responses = Set(model.data.responses.map(\.name))
    let known = table.columnNames.filter { !responses.contains($0) && (try? table.column($0)) != nil }
    let categories = try known.filter { try CategoryLevels($0, of: model, table) != nil }
    let numeric = known.filter { !categories.contains($0) }
    let read = Set(model.design.gateColumns)
    let chosen = names ?? Array((numeric.filter(read.contains) + categories.filter(read.contains) + numeric).prefix(1))
    if let unknown = chosen.first(where: { !known.contains($0) }) { throw FigureError.noFeature(unknown, known: known) }
    switch chosen.count {
    case 1:
      let levels = try CategoryLevels(chosen[0], of: model, table)
      return try levels.map { try overLevels(model, table, $0) } ?? overOne(model, table, chosen[0])
    case 2:
      if let category = chosen.first(where: categories.contains) {
        throw MixtureError.refused(
          "\"\(category)\" is a category, over which weights are drawn alone: name no second feature")
      }
      return try overTwo(model, table, chosen[0], chosen[1])
    default: throw FigureError.noFeature(chosen.joined(separator: ", "), known: known)
    }
  }

  private static func overOne(_ model: FittedMixture, _ table: Table, _ x: String) throws -> Figure {
    let names = model.mixture.expertNames
    let (grid, weights) = try overValues(table, x, count: 401) { grid in
      (grid, try model.weights(table.typical(for: model, with: [x: .numbers(grid)])))
    }
    let lines = zip(grid, weights).map { [$0] + $1 }
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$weights", rows: lines))
        \(GnuplotScript.grid)
        set key outside top center horizontal
        set xrange [\(grid[0]):\(grid[grid.count - 1])]
        set yrange [-0.02:1.02]
        set xlabel \(x) noenhanced
        set ylabel 'weight'
        plot \(curves(of: names, in: "$weights", from: 2))
        """, height: 420)
  }

  /// A line for each expert over the first column of a here-document, of the columns from number `column` on.
  static func curves(of experts: [String], in data: GnuplotScript, from column: Int) -> GnuplotScript {
    let curves: [GnuplotScript] = experts.enumerated().map { k, name in
      "\(data) using 1:\(k + column) with lines lw 2 lc rgb \(colourCode(k)) \(title(ofExpert: name))"
    }
    return curves.joined(separator: ", ")
  }

  private static func overTwo(_ model: FittedMixture, _ table: Table, _ x: String, _ y: String) throws -> Figure {
    let names = model.mixture.expertNames
    let colours = names.indices.map(colour(ofExpert:))
    let (xs, ys) = (try values(table, x, count: 121), try values(table, y, count: 121))
    let points = ys.flatMap { y in xs.map { ($0, y) } }
    let weights = try model.weights(
      table.typical(for: model, with: [x: .numbers(points.map(\.0)), y: .numbers(points.map(\.1))]))
    let pixels = zip(points, weights).map { point, shares in
      // Paler than the rows upon it.
      let colour = blend(colours + [0xFFFFFF], shares.map { 0.45 * $0 } + [0.55])
      return [point.0, point.1] + [colour >> 16, (colour >> 8) & 0xFF, colour & 0xFF].map(Double.init)
    }
    let own = zip(zip(try table.numbers(x), try table.numbers(y)), try model.weights(table)).map { point, shares in
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
        set xrange [\(xs[0]):\(xs[xs.count - 1])]
        set yrange [\(ys[0]):\(ys[ys.count - 1])]
        set xlabel \(x) noenhanced
        set ylabel \(y) noenhanced
        plot $weights using 1:2:3:4:5 with rgbimage notitle, \\
          $rows using 1:2:3 with points pt 7 ps 0.5 lc rgb variable notitle, \\
          \(key.joined(separator: ", "))
        """)
  }

  /// What is made of evenly spaced values from the least in a column to the greatest, and a little beyond; only of those between where a
  /// function, such as a logarithm, has no value beyond.
  static func overValues<Result>(
    _ table: Table, _ name: String, count: Int, _ make: ([Double]) throws -> Result
  ) throws -> Result {
    do { return try make(values(table, name, count: count)) } catch is DataError {
      return try make(values(table, name, count: count, margin: 0))
    }
  }

  /// Evenly spaced values from the least in a column to the greatest, and a little beyond, by a share of what lies between.
  private static func values(_ table: Table, _ name: String, count: Int, margin: Double = 0.03) throws -> [Double] {
    let numbers = try table.numbers(name)
    let (least, greatest) = (numbers.min() ?? 0, numbers.max() ?? 1)
    let beyond = margin * (greatest > least ? greatest - least : 1)
    return (0..<count).map { least - beyond + (greatest - least + 2 * beyond) * Double($0) / Double(count - 1) }
  }
}
