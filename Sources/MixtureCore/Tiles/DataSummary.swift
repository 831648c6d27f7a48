import GSL

/// What parts learn of the data before a fit: weighted moments of each column.
public struct DataSummary: Sendable, Codable, Equatable {
  /// Name, weighted mean and weighted variance (divided by the total weight) of a column.
  public struct Column: Sendable, Codable, Equatable {
    /// The column's name.
    public var name: String
    /// Σ w x / Σ w.
    public var mean: Double
    /// Σ w (x − mean)² / Σ w.
    public var variance: Double
  }

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
  public var responses: [Column]
  /// The first response less the offset; nil where rows have no offset.
  public var responseLessOffset: Column?

  /// What experts explain that predict their features' share plus the offset: the response less the offset, where there is one.
  public var explained: Column { responseLessOffset ?? responses[0] }

  /// Summarises `rows` in two passes: means as distances from the first row, then variances about the means.
  ///
  /// - Complexity: O(rows · columns).
  public init(_ rows: some TileSource, threads: Int = 1) throws {
    let (featureCount, responseCount) = (rows.featureNames.count, rows.responseNames.count)
    let names = rows.featureNames + rows.responseNames + (rows.hasOffset ? rows.responseNames.prefix(1) : [])
    let count = names.count
    let first = rows.makeTile()
    try rows.load(0, into: first)
    var origins = (0..<count).map { first.value(ofColumn: $0, row: 0) }
    let sums = try Self.moments(rows, origins: origins, power: 1, threads: threads)
    let weight = sums[count]
    for j in 0..<count { origins[j] += sums[j] / weight }
    let squares = try Self.moments(rows, origins: origins, power: 2, threads: threads)
    let columns = names.enumerated().map { j, name in
      Column(name: name, mean: origins[j], variance: squares[j] / weight)
    }
    rowCount = rows.rowCount
    assignmentCount = rows.assignmentCount
    totalWeight = weight
    hasIntercept = rows.hasIntercept
    features = Array(columns[..<featureCount])
    responses = Array(columns[featureCount..<(featureCount + responseCount)])
    responseLessOffset = rows.hasOffset ? columns.last : nil
  }

  /// Σ w (x − origin)^power of each column, and Σ w.
  private static func moments(
    _ rows: some TileSource, origins: [Double], power: Int, threads: Int
  ) throws -> [Double] {
    let reduction = TileReduction(tileCount: rows.tileCount, sumCount: origins.count + 1, threads: threads)
    let tiles = (0..<reduction.workers).map { _ in rows.makeTile() }
    return try reduction.run { worker, index, sums in
      let tile = tiles[worker]
      try rows.load(index, into: tile)
      for j in origins.indices {
        var sum = 0.0
        for i in tile.rows {
          let distance = tile.value(ofColumn: j, row: i) - origins[j]
          sum += tile.rowWeights[i] * (power == 1 ? distance : distance * distance)
        }
        sums[j] += sum
      }
      sums[origins.count] += VectorKernels.sum(tile.rowWeights.span)
    }
  }
}

extension Tile {
  /// The value in a column: features first, then responses, then the response less the offset.
  fileprivate func value(ofColumn column: Int, row: Int) -> Double {
    if column < featureCount { return features[column * capacity + row] }
    let index = column - featureCount
    return index < responseCount ? responses[index][row] : response[row] - (offset.map { $0[row] } ?? 0)
  }
}
