import GSL

/// Some rows of the data in memory, from which starts are made: every column, features first and then the response
/// less any offset, about its mean and in units of its standard deviation. It is the same in every fit of the same data, so that a start can be repeated from its seed.
struct RowSample: Sendable {
  /// One vector a row.
  let rows: [[Double]]
  /// How the columns were scaled.
  let scaling: ColumnScaling
  /// What the gate sees of the same rows, but for what says whose they are.
  let gateRows: [[Double]]
  /// How that was scaled.
  let gateScaling: ColumnScaling

  /// The most rows that a sample holds.
  private static let size = 2000

  /// A sample of distinct rows, all of them if they are few.
  ///
  /// - Parameter known: the gate's features that say whose a row is.
  init(_ source: some TileSource, data: DataSummary, known: [String] = []) throws {
    scaling = ColumnScaling(data)
    gateScaling = ColumnScaling(gateFeaturesOf: data, without: known)
    var random = RandomSource(seed: 0)
    // Floyd's method: a uniform subset without a list of all rows.
    var chosen: Set<Int> = []
    for last in max(0, source.rowCount - Self.size)..<source.rowCount {
      let row = random.integer(below: last + 1)
      if !chosen.insert(row).inserted { chosen.insert(last) }
    }
    let tile = try source.makeTile(in: data.units)
    var (rows, gateRows) = ([[Double]](), [[Double]]())
    for index in 0..<source.tileCount {
      try source.load(index, into: tile)
      for i in tile.rows where chosen.contains(tile.rowNumbers.lowerBound + i) {
        rows.append(scaling.row(i, of: tile))
        gateRows.append(gateScaling.row(i, of: tile))
      }
    }
    (self.rows, self.gateRows) = (rows, gateRows)
  }
}

/// Centres and spreads of the features and of the first response less any offset, or of what the gate sees.
struct ColumnScaling: Sendable {
  /// The number of each column among the features, its mean and its spread.
  private let columns: [(place: Int, mean: Double, spread: Double)]
  private let isOfGate: Bool
  /// The units of the features and of the response, in which means and spreads are.
  private var units: [Double] = []
  private var responseUnit = 1.0

  init(_ data: DataSummary) {
    self.init(data.features + [data.explained], isOfGate: false)
    (units, responseUnit) = (data.units.features, data.units.responses[0])
  }

  init(gateFeaturesOf data: DataSummary, without known: [String] = []) {
    self.init(data.gateFeatures, without: known, isOfGate: true)
  }

  private init(_ columns: [DataSummary.Column], without known: [String] = [], isOfGate: Bool) {
    // The numbers of levels have no distances.
    self.columns = columns.enumerated().filter { !known.contains($1.name) && $1.levels == nil }.map { place, column in
      (place, column.mean, column.isConstant ? 1 : column.standardDeviation)
    }
    self.isOfGate = isOfGate
  }

  /// The number of features.
  var featureCount: Int { isOfGate ? columns.count : columns.count - 1 }

  /// A plane in the units of the data, intercept first, as it is among scaled features and the scaled response.
  func plane(_ coefficients: [Double]) -> [Double] {
    let response = columns[featureCount]
    var result = [coefficients[0] / responseUnit] + zip(coefficients.dropFirst(), units).map { $0 * $1 / responseUnit }
    result[0] -= response.mean
    for j in 0..<featureCount {
      result[0] += result[j + 1] * columns[j].mean
      result[j + 1] *= columns[j].spread
    }
    return result.map { $0 / response.spread }
  }

  /// The scaled features of row i, then its scaled response less any offset; or what the gate sees of it, scaled.
  func row(_ i: Int, of tile: Tile) -> [Double] {
    guard !isOfGate else {
      let (features, assignment) = (tile.gateFeatures, tile.assignmentOfRow?[i] ?? i)
      return columns.map { (features[$0.place * tile.capacity + assignment] - $0.mean) / $0.spread }
    }
    return columns.indices.map { j in
      let value =
        j < featureCount
        ? tile.features[j * tile.capacity + i] : tile.response[i] - (tile.offset.map { $0[i] } ?? 0)
      return (value - columns[j].mean) / columns[j].spread
    }
  }
}
