import GSL

extension MixtureModel {
  /// The predictive distribution of each row's response: a collection of one ``MixtureDistribution`` a row. The rows' responses are not read; their trials and their offset are, and where they have
  /// none there is one trial a row and an offset of zero, whatever the rows of the fit had.
  ///
  /// - Throws: ``MixtureError/noPrediction(model:)``, ``MixtureError/refused(_:)`` for an offset or trials that experts would ignore,
  ///   ``DataError`` for a row so far out that no number holds its distribution, or what the rows' source throws.
  public func predict(_ rows: some TileSource) throws -> Predictions {
    let experts = try predictiveExperts()
    var tiles: [PredictedTile] = []
    try forEachTile(of: rows) { tile in
      let columns = try experts.map { try $0.expert.columns($0.view.map(tile.seen) ?? tile) }
      guard let marginalCount = columns.first?.count, tile.rowCount > 0 else { return }
      guard columns.allSatisfy({ $0.count == marginalCount }) else {
        throw MixtureError.refused(
          "the experts predict responses of \(columns.map(\.count)) numbers a row, which must be equal")
      }
      let predicted = PredictedTile(
        rowCount: tile.rowCount, weights: predictiveWeights(tile), stride: tile.capacity,
        assignmentOfRow: tile.assignmentOfRow,
        columns: (0..<marginalCount).flatMap { m in columns.map { $0[m] } }, expertCount: expertCount)
      for i in tile.rows {
        let isWithinNumbers = (0..<marginalCount).allSatisfy {
          MixtureDistribution(predicted, row: i, marginal: $0).isWithinNumbers
        }
        guard isWithinNumbers else { throw try outOfRange(i, tile, of: rows) }
      }
      tiles.append(predicted)
    }
    return Predictions(tiles, responses: rows.shape.responses)
  }

  /// The predictive weights π_k of the experts in each row, before its response is seen.
  ///
  /// - Throws: ``DataError`` for a row so far out that no number holds its weights, or what the rows' source throws.
  public func weights(_ rows: some TileSource) throws -> [[Double]] {
    var result: [[Double]] = []
    result.reserveCapacity(rows.rowCount)
    try forEachTile(of: rows) { tile in
      let weights = predictiveWeights(tile)
      for i in tile.rows {
        let assignment = tile.assignmentOfRow?[i] ?? i
        let ofRow = shares(ofAssignment: assignment, in: weights, tile)
        guard ofRow.allSatisfy(\.isFinite) else { throw try outOfRange(i, tile, of: rows) }
        result.append(ofRow)
      }
    }
    return result
  }

  /// The responsibilities r_ik of each assignment for its observed responses: one row an assignment. They are NaN where
  /// no expert can have the row, as its density is zero or cannot be computed.
  ///
  /// - Throws: ``MixtureError/refused(_:)`` for an offset or trials that experts would ignore, or what the rows' source throws.
  public func responsibilities(_ rows: some TileSource) throws -> [[Double]] {
    var result: [[Double]] = []
    result.reserveCapacity(rows.assignmentCount)
    let scores = try MixtureScores(self, capacity: makeTile(for: rows).capacity)
    try forEachTile(of: rows) { tile in
      var values = [Double](repeating: 0, count: expertCount * tile.capacity)
      withMutableSpan(of: &values) { _ = scores.read(tile, into: &$0) }
      for i in 0..<tile.assignmentCount { result.append(shares(ofAssignment: i, in: values, tile)) }
    }
    return result
  }

  /// Σ_i w_i ln Σ_k π_k p(y_i | x_i, E θ_k): the log-likelihood at the posterior means of weights and parameters.
  public func logLikelihood(_ rows: some TileSource) throws -> Double {
    var sum = 0.0
    try forEachLogDensity(
      rows,
      { expert, tile, scores in
        try expert.logLikelihoodAtMean(tile, into: &scores)
        // Densities are per unit of the tile's responses.
        let volume = tile.units.logVolumeOfResponses
        for i in tile.rows { scores[i] -= volume }
      }, { sum += $0 * $1 })
    return sum
  }

  /// Σ_i w_i ln Σ_k π_k p_k(y_i | x_i) under the experts' predictive distributions: the score of held-out rows.
  public func logPredictiveDensity(_ rows: some TileSource) throws -> Double {
    var sum = 0.0
    try forEachLogDensity(rows, { try $0.logPredictiveDensity($1, into: &$2) }, { sum += $0 * $1 })
    return sum
  }

  /// ln Σ_k π_k p_k(y_i | x_i) of each assignment i under the experts' predictive distributions, whatever its weight.
  public func logPredictiveDensities(_ rows: some TileSource) throws -> [Double] {
    var densities: [Double] = []
    densities.reserveCapacity(rows.assignmentCount)
    try forEachLogDensity(rows, { try $0.logPredictiveDensity($1, into: &$2) }, { densities.append($1) })
    return densities
  }

  /// Hands over w_i and ln Σ_k π_k exp(score_ik) of each assignment in turn; scores of a group's rows add.
  private func forEachLogDensity(
    _ rows: some TileSource, _ score: (any Predictive, Tile, inout MutableSpan<Double>) throws -> Void,
    _ body: (_ weight: Double, _ logDensity: Double) -> Void
  ) throws {
    let experts = try predictiveExperts()
    try forEachTile(of: rows) { tile in
      var scores = [Double](repeating: 0, count: expertCount * tile.capacity)
      var column = [Double](repeating: 0, count: tile.capacity)
      var logSums = column
      withMutableSpan(of: &scores) { gate.logPredictiveWeights(tile, into: &$0) }
      for (k, (expert, view)) in experts.enumerated() {
        var span = column.mutableSpan
        try score(expert, view.map(tile.seen) ?? tile, &span)
        for i in tile.rows { scores[k * tile.capacity + (tile.assignmentOfRow?[i] ?? i)] += column[i] }
      }
      withMutableSpan(of: &scores) {
        VectorKernels.softmax(&$0, columns: expertCount, stride: tile.capacity, logSums: &logSums)
      }
      for i in 0..<tile.assignmentCount { body(tile.assignmentWeights[i], logSums[i]) }
    }
  }

  /// The weights of each assignment, one column an expert.
  private func predictiveWeights(_ tile: Tile) -> [Double] {
    var weights = [Double](repeating: 0, count: expertCount * tile.capacity)
    withMutableSpan(of: &weights) { gate.logPredictiveWeights(tile, into: &$0) }
    VectorKernels.exp(of: &weights)
    return weights
  }

  /// What each expert has of an assignment, in columns that have the length of the tile's.
  private func shares(ofAssignment assignment: Int, in columns: [Double], _ tile: Tile) -> [Double] {
    (0..<expertCount).map { columns[$0 * tile.capacity + assignment] }
  }

  /// That a row is too far out, with the feature that is farthest in the units of the data.
  private func outOfRange(_ row: Int, _ tile: Tile, of rows: some TileSource) throws -> DataError {
    let (shape, data, assignment) = (tile.shape, rows.makeTile(), tile.assignmentOfRow?[row] ?? row)
    for index in 0..<rows.tileCount where data.rowNumbers != tile.rowNumbers { try rows.load(index, into: data) }
    let ofExperts = shape.features.enumerated().map { ($1.name, data.features[$0 * data.capacity + row]) }
    let ofGate = (shape.gateFeatures ?? []).enumerated().map {
      ($1.name, data.gateFeatures[$0 * data.capacity + assignment])
    }
    let farthest = (ofExperts + ofGate).max { abs($0.1) < abs($1.1) }
    return DataError(
      row: tile.rowNumbers.lowerBound + row,
      "the prediction overflows; "
        + (farthest.map { "its largest feature is \($0.0) = \($0.1)" } ?? "it has no features"))
  }

  /// The experts, and the columns that each sees where it does not see all.
  private func predictiveExperts() throws -> [(expert: any Predictive, view: RowView?)] {
    try blocks.flatMap { block in
      guard let experts = block.predictive else { throw MixtureError.noPrediction(model: block.modelName) }
      return experts.map { ($0, block.view) }
    }
  }

  private func forEachTile(of rows: some TileSource, _ body: (Tile) throws -> Void) throws {
    try refuseWhatIsIgnored(of: rows)
    let tile = try makeTile(for: rows)
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      try body(tile)
    }
  }
}
