import GSL

/// What parts learn of the data before a fit: weighted moments of the columns.
public struct DataSummary: Sendable, Codable, Equatable {
  /// Name, weighted mean and weighted variance (divided by the total weight) of a column.
  public struct Column: Sendable, Codable, Equatable {
    /// The column's name.
    public var name: String
    /// Σ w x / Σ w.
    public var mean: Double
    /// Σ w (x − mean)² / Σ w.
    public var variance: Double

    /// Whether the values differ by rounding at most: by a standard deviation of ε times the mean.
    public var isConstant: Bool { variance.squareRoot() <= .ulpOfOne * abs(mean) }
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

  /// Σ w (a − mean)(b − mean) / Σ w for each pair of columns: the features, then ``explained``.
  public var covariance: Matrix

  /// Summarises `rows` in two passes: means as distances from the first row, then variances and covariances about the means.
  ///
  /// - Complexity: O(rows · columns²).
  public init(_ rows: some TileSource, threads: Int = 1) throws {
    let (featureCount, responseCount) = (rows.featureNames.count, rows.responseNames.count)
    let first = rows.makeTile()
    try rows.load(0, into: first)
    let values = first.columns
    let origins = (0..<(values.count / first.capacity)).map { values[$0 * first.capacity] }
    let count = origins.count
    let sums = try Self.sums(rows, about: origins, count: count + 1, threads) { columns, tile, sums in
      let weights = tile.rowWeights
      for j in 0..<count { sums[j] += VectorKernels.dot(columns.span.extracting(tile.column(j)), weights.span) }
      sums[count] += VectorKernels.sum(weights.span)
    }
    let weight = sums[count]
    let means = (0..<count).map { origins[$0] + sums[$0] / weight }
    let products = try Self.sums(rows, about: means, count: count * (count + 1) / 2, threads) { columns, tile, sums in
      for a in 0..<count {
        var weighted = tile.rowWeights
        withMutableSpan(of: &weighted) { VectorKernels.multiply(by: columns.span.extracting(tile.column(a)), &$0) }
        for b in 0...a {
          sums[a * (a + 1) / 2 + b] += VectorKernels.dot(weighted.span, columns.span.extracting(tile.column(b)))
        }
      }
    }
    var covariance = Matrix(rows: count, columns: count)
    for a in 0..<count {
      for b in 0...a {
        covariance[a, b] = products[a * (a + 1) / 2 + b] / weight
        covariance[b, a] = covariance[a, b]
      }
    }
    let names = rows.featureNames + rows.responseNames + (rows.hasOffset ? rows.responseNames.prefix(1) : [])
    let columns = names.indices.map { Column(name: names[$0], mean: means[$0], variance: covariance[$0, $0]) }
    rowCount = rows.rowCount
    assignmentCount = rows.assignmentCount
    totalWeight = weight
    hasIntercept = rows.hasIntercept
    features = Array(columns[..<featureCount])
    responses = Array(columns[featureCount..<(featureCount + responseCount)])
    responseLessOffset = rows.hasOffset ? columns.last : nil
    self.covariance = covariance.restricted(
      to: Array(0..<featureCount) + [rows.hasOffset ? count - 1 : featureCount])
  }

  /// Sums over all tiles of what `add` makes of the columns less their origins.
  private static func sums(
    _ rows: some TileSource, about origins: [Double], count: Int, _ threads: Int,
    _ add: (_ columns: [Double], _ tile: Tile, _ sums: inout [Double]) -> Void
  ) throws -> [Double] {
    let reduction = TileReduction(tileCount: rows.tileCount, sumCount: count, threads: threads)
    let tiles = (0..<reduction.workers).map { _ in rows.makeTile() }
    return try reduction.run { worker, index, sums in
      let tile = tiles[worker]
      try rows.load(index, into: tile)
      let columns = tile.columns
      var centred = columns
      withMutableSpan(of: &centred) { centred in
        for j in origins.indices {
          centred.withElements(in: tile.column(j)) {
            VectorKernels.standardize(columns.span.extracting(tile.column(j)), centre: origins[j], scale: 1, into: &$0)
          }
        }
      }
      add(centred, tile, &sums)
    }
  }
}

extension Tile {
  /// The features, the responses, and where there is an offset the response less the offset, one after another.
  fileprivate var columns: [Double] {
    responses.reduce(features, +) + (offset == nil ? [] : responseLessOffset)
  }
}
