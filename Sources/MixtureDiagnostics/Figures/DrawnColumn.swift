import Foundation
import GSL
import MixtureCore
import Mixtures

/// The column that a figure is drawn over: numbers along an axis, or the levels of a category side by side.
struct DrawnColumn {
  let name: String
  /// Where predictions are drawn: values of the column, or 0, 1, … for the levels.
  let places: [Double]
  /// The values at these places.
  let values: Table.Column
  /// Those of the table's rows.
  let rows: Table.Column
  /// What is drawn of the axis.
  let range: ClosedRange<Double>
  /// Where rows are drawn; no number for a level that is not.
  private let placesOfRows: [Double]
  /// What the levels are called; nil for numbers.
  private let levels: [String]?

  /// More are not told apart; the most frequent are shown.
  private static let mostLevels = 40

  /// - Parameters:
  ///   - count: how many places there are for numbers.
  ///   - margin: how far these go beyond those of the table, in parts of what lies between.
  /// - Throws: `DataError` for a column that is missing or unfit.
  init(_ name: String, of model: FittedMixture, _ table: Table, count: Int, margin: Double) throws {
    self.name = name
    guard let levels = model.design.levels(of: name) else {
      let numbers = try table.numbers(name)
      let (least, greatest) = (numbers.min() ?? 0, numbers.max() ?? 1)
      let span = greatest > least ? greatest - least : 1
      let start = least - margin * span
      let grid = (0..<count).map { start + (greatest + margin * span - start) * Double($0) / Double(count - 1) }
      (places, values, rows, self.levels) = (grid, .numbers(grid), .numbers(numbers), nil)
      placesOfRows = numbers
      let beyond = max(margin, 0.02) * span
      range = (least - beyond)...(greatest + beyond)
      return
    }
    let codes = try table.codes(name, of: levels, knownTo: "the fit")
    let counts = codes.reduce(into: levels.map { _ in 0 }) { $0[$1] += 1 }
    let shown = levels.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
      .prefix(Self.mostLevels).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(shown, shown.indices.map(Double.init)))
    places = shown.indices.map(Double.init)
    values = model.design.column(name, atLevels: shown)
    rows = model.design.column(name, atLevels: codes)
    placesOfRows = codes.map { place[$0] ?? .nan }
    range = -0.5...(Double(max(shown.count, 1)) - 0.5)
    self.levels = shown.map { levels[$0] }
  }

  /// The name of the column to draw over: the one that is asked for, or the first of numbers, or else the first.
  ///
  /// - Throws: ``FigureError/noFeature(_:known:)`` for one that is none of those.
  static func name(_ name: String?, among columns: [String], of model: FittedMixture) throws -> String {
    let known = Self.known(columns, of: model)
    let usual = known.first { model.design.levels(of: $0) == nil } ?? known.first
    guard let chosen = name ?? usual, known.contains(chosen) else {
      throw FigureError.noFeature(name ?? "", known: known)
    }
    return chosen
  }

  /// Those of the columns that a figure can be drawn over: numbers of trials are held.
  static func known(_ columns: [String], of model: FittedMixture) -> [String] {
    columns.distinct.filter { !model.design.trialColumns.contains($0) }
  }

  /// What is made with columns that go a little beyond the table's; with such as do not where a function, such as a logarithm, has no value there.
  static func beyondTheTable<Result>(_ make: (_ margin: Double) throws -> Result) throws -> Result {
    do { return try make(0.03) } catch is DataError { return try make(0) }
  }

  /// Whether it is a category.
  var isCategory: Bool { levels != nil }

  /// Where the points of the rows are drawn: those of a level a little scattered, each nearest to the experts that are responsible for it.
  func points(_ responsibilities: [[Double]]? = nil) -> [Double] {
    guard isCategory else { return placesOfRows }
    return placesOfRows.enumerated().map { row, place in
      let shares = responsibilities?[row] ?? [1]
      let expert = zip(shares, shares.indices).reduce(0) { $0 + $1.0 * Double($1.1) }
      return place + Self.shift(ofExpert: expert + 0.12 + 0.44 * scatter(ofRow: row, seed: 1), of: shares.count)
    }
  }

  /// How far from the place of a level an expert is drawn, by its number, so that all of them stand side by side.
  static func shift(ofExpert k: Double, of count: Int) -> Double { width(ofExperts: count) * (k - Double(count - 1) / 2) }

  /// The room that each of some experts has beside the others.
  static func width(ofExperts count: Int) -> Double { 0.8 / Double(count) }

  /// The tics along the axis, with their labels.
  var tics: GnuplotScript {
    guard let levels else { return "set format x" }
    let labels: [GnuplotScript] = levels.enumerated().map { "\(ticLabel: $1) \($0)" }
    let rotation: GnuplotScript = levels.count > 8 ? "rotate by 40 right" : ""
    return "set xtics \(rotation) noenhanced (\(labels.joined(separator: ", ")))"
  }

  /// The tics without labels.
  var ticsWithoutLabels: GnuplotScript {
    guard let levels else { return "set format x ''" }
    let labels: [GnuplotScript] = levels.indices.map { "'' \($0)" }
    return "set xtics (\(labels.joined(separator: ", ")))"
  }
}

/// A number between −½ and ½ for a row, so that points upon one another do not look like one.
func scatter(ofRow row: Int, seed: UInt64) -> Double {
  var source = RandomSource(seed: seed).split(UInt64(row))
  return source.uniform() - 0.5
}
