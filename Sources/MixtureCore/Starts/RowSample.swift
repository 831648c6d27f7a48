import GSL

/// Some rows of the data in memory, from which starts are made: every column, features first and then the response
/// less any offset, about its mean and in units of its standard deviation. It is the same in every fit of the same data, so that a start can be repeated from its seed.
struct RowSample: Sendable {
  /// One vector a row.
  let rows: [[Double]]
  /// How the columns were scaled.
  let scaling: ColumnScaling

  /// The most rows that a sample holds.
  private static let size = 2000

  /// A sample of distinct rows, all of them if they are few.
  init(_ source: some TileSource, data: DataSummary) throws {
    scaling = ColumnScaling(data)
    var random = RandomSource(seed: 0)
    // Floyd's method: a uniform subset without a list of all rows.
    var chosen: Set<Int> = []
    for last in max(0, source.rowCount - Self.size)..<source.rowCount {
      let row = random.integer(below: last + 1)
      if !chosen.insert(row).inserted { chosen.insert(last) }
    }
    let tile = source.makeTile()
    var rows: [[Double]] = []
    for index in 0..<source.tileCount {
      try source.load(index, into: tile)
      for i in tile.rows where chosen.contains(tile.rowNumbers.lowerBound + i) { rows.append(scaling.row(i, of: tile)) }
    }
    self.rows = rows
  }
}

/// Centres and spreads of the features and of the first response less any offset.
struct ColumnScaling: Sendable {
  private let columns: [(mean: Double, spread: Double)]

  init(_ data: DataSummary) {
    columns = (data.features + [data.explained]).map { ($0.mean, $0.isConstant ? 1 : $0.variance.squareRoot()) }
  }

  /// The number of features.
  var featureCount: Int { columns.count - 1 }

  /// A plane, intercept first, as it is among scaled features and the scaled response.
  func plane(_ coefficients: [Double]) -> [Double] {
    let response = columns[featureCount]
    var result = coefficients
    result[0] -= response.mean
    for j in 0..<featureCount {
      result[0] += coefficients[j + 1] * columns[j].mean
      result[j + 1] *= columns[j].spread
    }
    return result.map { $0 / response.spread }
  }

  /// The scaled features of row i, then its scaled response less any offset.
  func row(_ i: Int, of tile: Tile) -> [Double] {
    columns.indices.map { j in
      let value =
        j < featureCount
        ? tile.features[j * tile.capacity + i] : tile.response[i] - (tile.offset.map { $0[i] } ?? 0)
      return (value - columns[j].mean) / columns[j].spread
    }
  }
}
