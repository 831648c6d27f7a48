/// What a mixture predicts of rows: a collection of one distribution a row, and the columns of numbers in which it is told.
///
/// Of a response of several numbers, as several responses or a category, each has its own: see ``subscript(_:marginal:)``.
public struct Predictions: Sendable, RandomAccessCollection {
  private let tiles: [PredictedTile]
  /// The number of the first row of each tile, and of all rows.
  private let firstRows: [Int]
  private let responses: [ResponseColumn]

  init(_ tiles: [PredictedTile], responses: [ResponseColumn]) {
    self.tiles = tiles
    self.responses = responses
    firstRows = tiles.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
  }

  /// The first row.
  public var startIndex: Int { 0 }
  /// The number of rows.
  public var endIndex: Int { firstRows[firstRows.count - 1] }

  /// The distribution of a row's response; of several numbers the first.
  public subscript(row: Int) -> MixtureDistribution { self[row, marginal: 0] }

  /// The distribution of one of the numbers as which a row's response is told.
  public subscript(row: Int, marginal marginal: Int) -> MixtureDistribution {
    precondition(indices.contains(row) && (0..<marginalCount).contains(marginal), "a row and a number that there are")
    let tile = tile(ofRow: row)
    return MixtureDistribution(tiles[tile], row: row - firstRows[tile], marginal: marginal)
  }

  /// As how many numbers a response is told.
  public var marginalCount: Int { tiles.first?.marginalCount ?? 0 }

  /// The last tile that begins at a row or before it.
  private func tile(ofRow row: Int) -> Int {
    var range = 0..<tiles.count
    while range.count > 1 {
      let middle = range.lowerBound + range.count / 2
      range = firstRows[middle] <= row ? middle..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}

extension Predictions {
  /// The predictions as columns, a value a row: of a number `mean`, `sd`, `lower` and `upper`, the bounds of its central interval; of yes or no
  /// the `probability` of yes. Columns of one of several responses have its name in parentheses, `mean(y1)`, and those of a
  /// level are `p(level)`. A standard deviation that there is not is NaN.
  ///
  /// - Parameter probability: what the interval holds.
  /// - Throws: as ``MixtureDistribution/interval(_:)``.
  /// - Complexity: O(N K) evaluations of distribution functions, some twenty for a bound.
  public func columns(interval probability: Double) throws -> [(column: ColumnSchema, values: [Double])] {
    try (0..<marginalCount).flatMap { marginal -> [(column: ColumnSchema, values: [Double])] in
      let rows = indices.lazy.map { self[$0, marginal: marginal] }
      let label = label(ofMarginal: marginal)
      if rows.allSatisfy({ $0.support == .yesOrNo }) {
        return [(ColumnSchema(label.map { "p(\($0))" } ?? "probability"), rows.map(\.mean))]
      }
      func named(_ name: String) -> ColumnSchema { ColumnSchema(name + (label.map { "(\($0))" } ?? "")) }
      let bounds = try rows.map { try $0.interval(probability) }
      return [
        // There may be none, as of heavy tails, or where next to nothing is known of the noise.
        (named("mean"), rows.map(\.mean).map { $0.isFinite ? $0 : .nan }),
        (named("sd"), rows.map(\.standardDeviation).map { $0.isFinite ? $0 : .nan }),
        (named("lower"), bounds.map(\.lowerBound)), (named("upper"), bounds.map(\.upperBound)),
      ]
    }
  }

  /// The weight π_k of an expert in each row.
  public func weights(ofExpert expert: Int) -> [Double] {
    indices.map { row in
      let tile = tile(ofRow: row)
      return tiles[tile].weight(ofExpert: expert, row: row - firstRows[tile])
    }
  }

  /// Which level, or which of several responses, a number tells of; nil where there is but one number.
  private func label(ofMarginal marginal: Int) -> String? {
    if responses.count > 1 { return marginal < responses.count ? responses[marginal].name : "\(marginal + 1)" }
    guard let levels = responses.first?.column.levels else { return marginalCount > 1 ? "\(marginal + 1)" : nil }
    // Of two levels the second is yes.
    if marginalCount == 1 { return levels.count == 2 ? levels[1] : nil }
    return marginal < levels.count ? levels[marginal] : "\(marginal + 1)"
  }
}
