import GSL

/// Some rows of the data in memory, from which starts are made: every column, features first and then what experts look at in the response
/// (see ``LocalModel/startingResponse(of:)``), about its mean and in units of its standard deviation. It is the same in every fit of the
/// same data, so that a start can be repeated from its seed.
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
  /// - Parameters:
  ///   - source: the rows.
  ///   - data: what was learned of all rows.
  ///   - known: the gate's features that say whose a row is.
  ///   - startingResponse: what experts look at in the response; nil for the response less any offset.
  init(
    _ source: some TileSource, data: DataSummary, known: [String] = [], startingResponse: StartingResponse? = nil
  ) throws {
    var scaling = ColumnScaling(data, startingResponse)
    gateScaling = ColumnScaling(gateFeaturesOf: data, without: known)
    var random = RandomSource(seed: 0)
    // Floyd's method: a uniform subset without a list of all rows.
    var chosen: Set<Int> = []
    for last in max(0, source.rowCount - Self.size)..<source.rowCount {
      let row = random.integer(below: last + 1)
      if !chosen.insert(row).inserted { chosen.insert(last) }
    }
    let tile = try source.makeTile(in: data.units)
    var (rows, weights, gateRows) = ([[Double]](), [Double](), [[Double]]())
    for index in 0..<source.tileCount {
      try source.load(index, into: tile)
      for i in tile.rows where chosen.contains(tile.rowNumbers.lowerBound + i) {
        rows.append(scaling.values(i, of: tile))
        weights.append(tile.rowWeights[i])
        gateRows.append(gateScaling.row(i, of: tile))
      }
    }
    if startingResponse != nil { scaling.measureResponse(rows, weights: weights) }
    (self.rows, self.scaling, self.gateRows) = (rows.map(scaling.scaled), scaling, gateRows)
  }
}

/// Centres and spreads of the features and of what experts look at in the first response, or of what the gate sees.
struct ColumnScaling: Sendable {
  /// The number of each column among the features, its mean and its spread.
  private var columns: [(place: Int, mean: Double, spread: Double)]
  private let isOfGate: Bool
  /// What is looked at in the response; nil for the response less any offset.
  private var startingResponse: StartingResponse?
  /// The units of the features and of the response, in which means and spreads are.
  private var units: [Double] = []
  private var responseUnit = 1.0

  /// Scaling by moments of the data. Of what is looked at in a response nothing is known before ``measureResponse(_:weights:)``.
  init(_ data: DataSummary, _ startingResponse: StartingResponse?) {
    self.init(data.features, isOfGate: false)
    // Codes of the levels of a response are what experts of levels look at, if they say nothing else.
    columns.append(Self.scaling(data.explained, place: data.features.count))
    (units, responseUnit) = (data.units.features, data.units.responses[0])
    self.startingResponse = startingResponse
  }

  init(gateFeaturesOf data: DataSummary, without known: [String] = []) {
    self.init(data.gateFeatures, without: known, isOfGate: true)
  }

  private init(_ columns: [DataSummary.Column], without known: [String] = [], isOfGate: Bool) {
    // The numbers of levels have no distances.
    self.columns = columns.enumerated().filter { !known.contains($1.name) && $1.levels == nil }.map { place, column in
      Self.scaling(column, place: place)
    }
    self.isOfGate = isOfGate
  }

  private static func scaling(
    _ column: DataSummary.Column, place: Int
  ) -> (place: Int, mean: Double, spread: Double) {
    (place, column.mean, column.isConstant ? 1 : column.standardDeviation)
  }

  /// The number of features.
  var featureCount: Int { isOfGate ? columns.count : columns.count - 1 }

  /// A plane in the units of the data, intercept first, as it is among scaled features and the scaled response.
  func plane(_ coefficients: [Double]) -> [Double] {
    let response = columns[featureCount]
    var result =
      [coefficients[0] / responseUnit]
      + columns[..<featureCount].map { coefficients[$0.place + 1] * units[$0.place] / responseUnit }
    result[0] -= response.mean
    for j in 0..<featureCount {
      result[0] += result[j + 1] * columns[j].mean
      result[j + 1] *= columns[j].spread
    }
    return result.map { $0 / response.spread }
  }

  /// The scaled features of row i, then its scaled response; or what the gate sees of it, scaled.
  func row(_ i: Int, of tile: Tile) -> [Double] { scaled(values(i, of: tile)) }

  /// The features of row i as they are, then what is looked at in its response; or what the gate sees of it.
  func values(_ i: Int, of tile: Tile) -> [Double] {
    guard !isOfGate else {
      let (features, assignment) = (tile.gateFeatures, tile.assignmentOfRow?[i] ?? i)
      return columns.map { features[$0.place * tile.capacity + assignment] }
    }
    let response = startingResponse?(i, tile) ?? (tile.response[i] - (tile.offset.map { $0[i] } ?? 0))
    return columns[..<featureCount].map { tile.features[$0.place * tile.capacity + i] } + [response]
  }

  /// The values of a row, scaled.
  func scaled(_ values: [Double]) -> [Double] { zip(values, columns).map { ($0 - $1.mean) / $1.spread } }

  /// Takes the centre and the spread of the response from some rows' values.
  mutating func measureResponse(_ rows: [[Double]], weights: [Double]) {
    let values = rows.map { $0[featureCount] }
    let total = weights.reduce(0, +)
    guard total > 0 else { return }
    let mean = dot(weights, values) / total
    let deviation = (zip(weights, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / total).squareRoot()
    columns[featureCount].mean = mean
    columns[featureCount].spread = deviation > .ulpOfOne * abs(mean) ? deviation : 1
  }
}
