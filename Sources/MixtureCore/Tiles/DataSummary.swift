import GSL

/// What parts learn of the data before a fit: weighted moments of the columns, and their ranges.
public struct DataSummary: Sendable, Codable, Equatable {
  /// A column, with its weighted mean, its weighted standard deviation and its range.
  public struct Column: Sendable, Equatable {
    /// Its name, and what its numbers stand for.
    public var column: ColumnSchema
    /// The weighted mean, Σ w x / Σ w.
    public var mean: Double
    /// The standard deviation, (Σ w (x − mean)² / Σ w)^½.
    public var standardDeviation: Double
    /// The least value.
    public var least: Double
    /// The greatest value.
    public var greatest: Double
    /// The share of the rows whose value is the least or the greatest.
    package var shareAtEnds: Double

    /// The square of the standard deviation.
    public var variance: Double { standardDeviation * standardDeviation }

    /// The column's name.
    public var name: String { column.name }

    /// The levels of a category, whose codes the values are; nil where values are numbers.
    public var levels: [String]? { column.levels }

    /// Whether the values differ by rounding at most: by a standard deviation of ε times the mean.
    public var isConstant: Bool { standardDeviation <= .ulpOfOne * abs(mean) }

    /// Whether there are two values, but for one row in twenty at most.
    public var isTwoValued: Bool { least < greatest && !isConstant && shareAtEnds >= 0.95 }
  }

  /// The units in which the columns are held: those of the data, or, where parts are told of a fit, those of its tiles.
  public var units: ColumnUnits

  /// The number of rows.
  public var rowCount: Int
  /// The number of assignments.
  public var assignmentCount: Int
  /// The sum of the row weights.
  public var totalWeight: Double
  /// Whether experts may have an intercept.
  public var hasIntercept: Bool
  /// The features.
  public var features: [Column]
  /// The response columns.
  public var responses: [Response]
  /// The first response less the offset; nil where rows have no offset.
  public var responseLessOffset: Column?
  /// The offset; nil where rows have none.
  public var offset: Column?

  /// What experts explain that predict their features' share plus the offset: the response less the offset, where there is one.
  public var explained: Column { responseLessOffset ?? responses[0].moments }

  /// The lower quartile, the median and the upper quartile of ``explained``, and then those of each further response, by row weights, over some
  /// ten thousand rows where there are more.
  public var quartiles: [Double]

  /// The variance of ``explained``, or where that is constant its squared size, or one: what to measure priors, floors and starting
  /// values by.
  public var typicalVariance: Double {
    explained.isConstant ? max(explained.mean * explained.mean, 1) : explained.variance
  }

  /// The same without far outliers: no more than the variance of a normal distribution of the same interquartile range. Where that is zero, for
  /// half of the values may be one, or the response is constant, it is ``typicalVariance`` itself.
  public var robustVariance: Double {
    let deviation = (quartiles[2] - quartiles[0]) / 1.349
    return deviation > 0 && !explained.isConstant ? min(deviation * deviation, typicalVariance) : typicalVariance
  }

  /// Σ w (a − mean)(b − mean) / Σ w for each pair of columns: the features, then ``explained``, then the further responses.
  public var covariance: Matrix

  /// What the gate sees, over the assignments: features of its own, or those of the experts.
  public var gateFeatures: [Column]
  /// The covariance of the gate's features over the assignments.
  public var gateCovariance: Matrix
  /// The sum of the assignments' weights.
  public var assignmentWeight: Double
  /// Whether the gate may have an intercept.
  public var gateHasIntercept: Bool
  /// A feature that differs between rows of one group, so that no gate can see it.
  public var featureVaryingInGroups: String?
  /// Those of the gate's own features that are negative somewhere; nil where it has none of its own.
  package var negativeGateFeatures: [String]?

  /// Summarises `rows` in two passes: means as distances from the first row, then variances and covariances about the means.
  ///
  /// - Complexity: O(rows · columns²).
  public init(_ rows: some TileSource, threads: Int = 1) throws {
    try self.init(rows, in: .ofData(rows.shape), threads: threads)
  }

  /// Summarises `rows`, the columns in the given units.
  init(_ rows: any TileSource, in units: ColumnUnits, threads: Int) throws {
    self.units = units
    let shape = rows.shape
    let explained = shape.responses.map(\.column)
    let schemas = shape.features + explained + (shape.hasOffset ? [explained[0], ColumnSchema("offset")] : [])
    let (featureCount, count) = (shape.features.count, schemas.count)
    let responseColumns = featureCount..<(featureCount + shape.responses.count)
    let moments = try Moments(
      rows, in: units, threads, findsResponses: true, columns: \.columns, weights: \.rowWeights)
    let columns = moments.columns(schemas)
    rowCount = rows.rowCount
    assignmentCount = rows.assignmentCount
    totalWeight = moments.weight
    hasIntercept = shape.hasIntercept
    features = Array(columns[..<featureCount])
    responses = moments.responses(columns[responseColumns])
    (responseLessOffset, offset) = shape.hasOffset ? (columns[count - 2], columns[count - 1]) : (nil, nil)
    let explainedColumn = shape.hasOffset ? count - 2 : featureCount
    let furtherColumns = Array(responseColumns.dropFirst())
    covariance = moments.covariance.restricted(to: Array(0..<featureCount) + [explainedColumn] + furtherColumns)
    gateHasIntercept = shape.gateHasIntercept
    if shape.gateFeatures == nil && rows.assignmentCount == rows.rowCount {
      (gateFeatures, assignmentWeight) = (features, totalWeight)
      gateCovariance = covariance.restricted(to: Array(0..<featureCount))
    } else {
      let moments = try Moments(rows, in: units, threads, columns: \.gateFeatures, weights: \.assignmentWeights)
      gateFeatures = moments.columns(shape.gateFeatures ?? shape.features)
      (gateCovariance, assignmentWeight) = (moments.covariance, moments.weight)
      featureVaryingInGroups = try shape.gateFeatures == nil ? rows.featureVaryingInGroups() : nil
    }
    quartiles = try rows.quartilesOfResponses(in: units)
    negativeGateFeatures = try shape.gateFeatures.map { try rows.negativeGateFeatures(among: $0, threads) }
  }
}

extension DataSummary {
  /// The same in the units of the data. A covariance may be out of range there.
  var inUnitsOfData: DataSummary {
    var result = self
    func rescale(_ columns: inout [Column], _ units: [Double]) {
      for (j, unit) in units.enumerated() { columns[j].scale(by: unit) }
    }
    func scaled(_ squares: Matrix, by units: [Double]) -> Matrix {
      var result = squares
      for i in units.indices { for j in units.indices { result[i, j] *= units[i] * units[j] } }
      return result
    }
    rescale(&result.features, units.features)
    rescale(&result.gateFeatures, units.gateFeatures)
    for (j, unit) in units.responses.enumerated() { result.responses[j].moments.scale(by: unit) }
    result.responseLessOffset?.scale(by: units.responses[0])
    result.offset?.scale(by: units.responses[0])
    result.quartiles = quartiles.indices.map { quartiles[$0] * units.responses[$0 / 3] }
    result.covariance = scaled(covariance, by: units.features + units.responses)
    result.gateCovariance = scaled(gateCovariance, by: units.gateFeatures)
    result.units.features = units.features.map { _ in 1 }
    result.units.ownGateFeatures = units.ownGateFeatures.map { $0.map { _ in 1 } }
    result.units.responses = units.responses.map { _ in 1 }
    return result
  }
}

extension DataSummary.Column: Codable {
  private enum CodingKeys: String, CodingKey { case mean, standardDeviation, least, greatest, shareAtEnds }

  /// Reads the keys of the column and, beside them, the numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      column: try ColumnSchema(from: decoder), mean: try container.decode(Double.self, forKey: .mean),
      standardDeviation: try container.decode(Double.self, forKey: .standardDeviation),
      least: try container.decode(Double.self, forKey: .least),
      greatest: try container.decode(Double.self, forKey: .greatest),
      shareAtEnds: try container.decode(Double.self, forKey: .shareAtEnds))
  }

  /// Writes what ``init(from:)`` reads.
  public func encode(to encoder: any Encoder) throws {
    try column.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(standardDeviation, forKey: .standardDeviation)
    try container.encode(least, forKey: .least)
    try container.encode(greatest, forKey: .greatest)
    try container.encode(shareAtEnds, forKey: .shareAtEnds)
  }
}

extension DataSummary.Column {
  fileprivate mutating func scale(by unit: Double) {
    mean *= unit
    standardDeviation *= unit
    least *= unit
    greatest *= unit
  }
}

extension TileSource {
  /// The quartiles of the responses, the first less any offset, by row weights, over evenly spaced tiles.
  fileprivate func quartilesOfResponses(in units: ColumnUnits) throws -> [Double] {
    let sample: any TileSource = EveryNthTile(self, rows: StartSearch.subsampleSize) ?? self
    let tile = try makeTile(in: units)
    var values: [[(value: Double, weight: Double)]] = shape.responses.map { _ in [] }
    for index in 0..<sample.tileCount {
      try sample.load(index, into: tile)
      let weights = tile.rowWeights
      let counted = tile.rows.filter { weights[$0] > 0 }
      for j in values.indices {
        let response = j == 0 ? tile.responseLessOffset : tile.responses[j]
        values[j] += counted.map { (response[$0], weights[$0]) }
      }
    }
    return values.flatMap(Self.quartiles)
  }

  /// The quartiles of values by their weights; zeros where there are none.
  private static func quartiles(of values: [(value: Double, weight: Double)]) -> [Double] {
    let values = values.sorted { $0.value < $1.value }
    let total = values.reduce(0) { $0 + $1.weight }
    guard let last = values.last else { return [0, 0, 0] }
    return [0.25, 0.5, 0.75].map { share in
      var below = 0.0
      return values.first {
        below += $0.weight
        return below >= share * total
      }?.value ?? last.value
    }
  }

  /// Those of the gate's features that are negative in some assignment.
  fileprivate func negativeGateFeatures(among columns: [ColumnSchema], _ threads: Int) throws -> [String] {
    let reduction = TileReduction(tileCount: tileCount, sumCount: columns.count, threads: threads)
    let tiles = (0..<reduction.workers).map { _ in makeTile() }
    let counts = try reduction.run { worker, index, sums in
      let tile = tiles[worker]
      try load(index, into: tile)
      let features = tile.gateFeatures
      for j in columns.indices { sums[j] += Double(features[tile.column(j)].count { $0 < 0 }) }
    }
    return zip(columns, counts).filter { $0.1 > 0 }.map(\.0.name)
  }

  /// The first feature that differs between rows of one group.
  fileprivate func featureVaryingInGroups() throws -> String? {
    let tile = makeTile()
    for index in 0..<tileCount {
      try load(index, into: tile)
      guard let assignmentOfRow = tile.assignmentOfRow else { continue }
      let (features, gathered) = (tile.features, tile.gateFeatures)
      for (j, column) in shape.features.enumerated() {
        let start = j * tile.capacity
        if tile.rows.contains(where: { features[start + $0] != gathered[start + assignmentOfRow[$0]] }) {
          return column.name
        }
      }
    }
    return nil
  }
}

extension Tile {
  /// The features, the responses, and where there is an offset the response less the offset and the offset, one after another.
  fileprivate var columns: [Double] {
    responses.reduce(features, +) + (offset.map { responseLessOffset + $0 } ?? [])
  }
}
