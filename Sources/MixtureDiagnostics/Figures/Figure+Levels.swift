import Foundation
import Mixtures

/// The levels of a column that is a category to a gate.
struct CategoryLevels {
  let column: String
  /// What they are called.
  let names: [String]
  /// A row for each.
  let values: Table.Column

  /// More are not told apart.
  private static let most = 40

  /// The levels that rows have, the most frequent if they are many; nil for a column of numbers, unless the gate takes those for levels.
  init?(_ column: String, of model: FittedMixture, _ table: Table) throws {
    self.column = column
    switch try table.column(column) {
    case .categories(let levels, let codes):
      let shown = Self.mostFrequent(codes)
      (names, values) = (shown.map { levels[$0] }, .categories(levels: levels, codes: shown))
    case .numbers(let numbers):
      let formula = model.design.formula
      guard (formula.gate ?? formula.experts).terms.contains(.factor(column)) else { return nil }
      let shown = Self.mostFrequent(numbers)
      (names, values) = (shown.map { String(format: "%.15g", $0) }, .numbers(shown))
    }
  }

  private static func mostFrequent<Value: Hashable & Comparable>(_ values: [Value]) -> [Value] {
    let counts = values.reduce(into: [Value: Int]()) { $0[$1, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(most).map(\.key).sorted()
  }
}

extension Figure {
  /// The weights of the experts for each level of a category, as bars beside one another.
  static func overLevels(_ model: FittedMixture, _ table: Table, _ levels: CategoryLevels) throws -> Figure {
    let experts = model.mixture.expertNames
    let weights = try model.weights(table.typical(for: model, with: [levels.column: levels.values]))
    let width = 0.8 / Double(experts.count)
    let bars: [GnuplotScript] = experts.enumerated().map { k, name in
      let shift = width * (Double(k) - Double(experts.count - 1) / 2)
      return "$weights using ($1 + (\(shift))):\(k + 2) with boxes lc rgb \(colourCode(k)) \(title(ofExpert: name))"
    }
    let ticks: [GnuplotScript] = levels.names.enumerated().map { "\(ticLabel: $1) \($0)" }
    let rotation: GnuplotScript = levels.names.count > 8 ? "rotate by -40" : ""
    return Figure(
      gnuplot: """
        \(GnuplotScript.data("$weights", rows: weights.enumerated().map { [Double($0)] + $1 }))
        \(GnuplotScript.grid)
        set key outside top center horizontal
        set style fill solid 0.85 noborder
        set boxwidth \(width)
        set xrange [-0.5:\(Double(levels.names.count) - 0.5)]
        set yrange [0:1.02]
        set xtics \(rotation) noenhanced (\(ticks.joined(separator: ", ")))
        set xlabel \(levels.column) noenhanced
        set ylabel 'weight'
        plot \(bars.joined(separator: ", "))
        """, height: 420)
  }
}
