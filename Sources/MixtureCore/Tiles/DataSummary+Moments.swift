import GSL

/// Means as distances from the first row, then variances and covariances about the means, in two passes.
struct Moments {
  let means: [Double]
  let ranges: [ColumnRange]
  let covariance: Matrix
  let weight: Double
  private let findings: [ResponseFindings]
  private let findingSums: ArraySlice<Double>

  /// Σ w x / Σ w and Σ w (a − mean)(b − mean) / Σ w for columns and weights that are made of each tile; and with `findsResponses` what
  /// the first pass finds of the responses.
  init(
    _ rows: any TileSource, in units: ColumnUnits, _ threads: Int, findsResponses: Bool = false,
    columns: @escaping (Tile) -> [Double], weights: @escaping (Tile) -> [Double]
  ) throws {
    let first = try rows.makeTile(in: units)
    try rows.load(0, into: first)
    let values = columns(first)
    let origins = (0..<(values.count / first.capacity)).map { values[$0 * first.capacity] }
    let count = origins.count
    let findings =
      findsResponses ? first.responses.indices.map { ResponseFindings(ofResponse: $0, from: first) } : []
    let sumCount = count + 1 + ResponseFindings.sumCount * findings.count
    let workers = TileReduction(tileCount: rows.tileCount, sumCount: sumCount, threads: threads).workers
    let seen = (0..<workers).map { _ in WorkerSight(count: count, findings) }
    let sums = try Self.sums(rows, in: units, columns, about: origins, count: sumCount, threads) {
      columns, tile, worker, sums in
      let weights = weights(tile)
      seen[worker].note(columns, weights, tile)
      for j in findings.indices {
        seen[worker].findings[j].note(tile, into: &sums, at: count + 1 + ResponseFindings.sumCount * j)
      }
      for j in 0..<count { sums[j] += VectorKernels.dot(columns.span.extracting(tile.column(j)), weights.span) }
      sums[count] += VectorKernels.sum(weights.span)
    }
    let weight = sums[count]
    guard weight.isNormal, abs(weight.exponent) <= 600 else {
      throw DataError(
        "the row weights sum to \(weight), with which sums would leave the range of numbers; multiply or divide all of them by one "
          + "number")
    }
    let means = (0..<count).map { origins[$0] + sums[$0] / weight }
    let products = try Self.sums(rows, in: units, columns, about: means, count: Matrix.pairCount(count), threads) {
      columns, tile, _, sums in
      for a in 0..<count {
        var weighted = weights(tile)
        withMutableSpan(of: &weighted) { VectorKernels.multiply(by: columns.span.extracting(tile.column(a)), &$0) }
        for b in 0...a {
          sums[Matrix.pairCount(a) + b] += VectorKernels.dot(weighted.span, columns.span.extracting(tile.column(b)))
        }
      }
    }
    let covariance = Matrix(symmetricOfOrder: count) { a, b in products[Matrix.pairCount(a) + b] / weight }
    (self.means, self.covariance, self.weight) = (means, covariance, weight)
    // Which thread has seen which rows does not matter to the least and the greatest.
    ranges = origins.indices.map { j in
      seen.reduce(ColumnRange()) { $0.union($1.ranges[j]) }.moved(by: origins[j])
    }
    self.findings = findings.indices.map { j in seen.reduce(findings[j]) { $0.union($1.findings[j]) } }
    findingSums = sums[(count + 1)...]
  }

  func columns(_ schemas: [ColumnSchema]) -> [DataSummary.Column] {
    schemas.indices.map {
      DataSummary.Column(
        column: schemas[$0], mean: means[$0], standardDeviation: covariance[$0, $0].squareRoot(), least: ranges[$0].least,
        greatest: ranges[$0].greatest, shareAtEnds: ranges[$0].shareAtEnds)
    }
  }

  /// The responses, whose columns come one after another.
  func responses(_ columns: ArraySlice<DataSummary.Column>) -> [DataSummary.Response] {
    zip(columns, findings).enumerated().map { j, response in
      let sums = findingSums.dropFirst(ResponseFindings.sumCount * j).prefix(ResponseFindings.sumCount)
      return response.1.response(moments: response.0, sums: Array(sums), weight: weight)
    }
  }

  /// Sums over all tiles of what `add` makes of the columns less their origins.
  private static func sums(
    _ rows: any TileSource, in units: ColumnUnits, _ columns: (Tile) -> [Double], about origins: [Double], count: Int,
    _ threads: Int,
    _ add: (_ columns: [Double], _ tile: Tile, _ worker: Int, _ sums: inout [Double]) -> Void
  ) throws -> [Double] {
    let reduction = TileReduction(tileCount: rows.tileCount, sumCount: count, threads: threads)
    let tiles = try (0..<reduction.workers).map { _ in try rows.makeTile(in: units) }
    return try reduction.run { worker, index, sums in
      let tile = tiles[worker]
      try rows.load(index, into: tile)
      let columns = columns(tile)
      var centred = columns
      withMutableSpan(of: &centred) { centred in
        for j in origins.indices {
          centred.withElements(in: tile.column(j)) {
            VectorKernels.standardize(columns.span.extracting(tile.column(j)), centre: origins[j], scale: 1, into: &$0)
          }
        }
      }
      add(centred, tile, worker, &sums)
    }
  }

  /// What one thread has seen of rows that count: the ranges of the columns, and its findings of the responses.
  private final class WorkerSight {
    private(set) var ranges: [ColumnRange]
    var findings: [ResponseFindings]

    init(count: Int, _ findings: [ResponseFindings]) {
      ranges = Array(repeating: ColumnRange(), count: count)
      self.findings = findings
    }

    func note(_ columns: [Double], _ weights: [Double], _ tile: Tile) {
      for j in ranges.indices {
        let start = j * tile.capacity
        for i in weights.indices where weights[i] > 0 { ranges[j].note(columns[start + i]) }
      }
    }
  }
}
