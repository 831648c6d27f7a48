import GSL
import MixtureCore

/// Rows that a law can weigh, leave out, repeat, put in another order and cut into tiles.
struct LawRows: TileSource {
  private(set) var shape: RowShape
  private(set) var weights: [Double]
  private var features: [[Double]]
  private var gateFeatures: [[Double]]
  private var responses: [[Double]]
  private var trials: [[Double]?]
  private var offset: [Double]?
  private var cuts: [Range<Int>]

  /// The rows of `source` in one tile.
  ///
  /// - Throws: `DataError` if rows are grouped: a law that reorders rows would tear groups apart.
  init(_ source: some TileSource) throws {
    shape = source.shape
    features = shape.features.map { _ in [] }
    gateFeatures = shape.gateFeatures?.map { _ in [] } ?? []
    responses = shape.responses.map { _ in [] }
    trials = shape.responses.map { $0.hasTrials ? [] : nil }
    offset = shape.hasOffset ? [] : nil
    weights = []
    let tile = source.makeTile()
    for index in 0..<source.tileCount {
      try source.load(index, into: tile)
      guard tile.assignmentOfRow == nil else { throw DataError("laws are examined with rows that are not grouped") }
      let count = tile.rowCount
      for j in features.indices { features[j] += tile.features[tile.column(j)].prefix(count) }
      for j in gateFeatures.indices { gateFeatures[j] += tile.gateFeatures[tile.column(j)].prefix(count) }
      for j in responses.indices { responses[j] += tile.responses[j].prefix(count) }
      for j in trials.indices {
        if let values = tile.trials(ofResponse: j) { trials[j]?.append(contentsOf: values.prefix(count)) }
      }
      if let values = tile.offset { offset?.append(contentsOf: values.prefix(count)) }
      weights += tile.rowWeights.prefix(count)
    }
    cuts = [0..<weights.count]
  }

  var rowCount: Int { weights.count }
  var assignmentCount: Int { rowCount }
  var tileCapacity: Int { max(cuts.map(\.count).max() ?? 1, 1) }
  var tileCount: Int { cuts.count }

  func load(_ index: Int, into tile: Tile) throws {
    let rows = cuts[index]
    tile.begin(rowNumbers: rows)
    tile.setAssignmentWeights(weights.span.extracting(rows))
    for (j, column) in features.enumerated() { tile.setFeature(j, to: column.span.extracting(rows)) }
    for (j, column) in gateFeatures.enumerated() { tile.setGateFeature(j, to: column.span.extracting(rows)) }
    for (j, column) in responses.enumerated() { tile.setResponse(j, to: column.span.extracting(rows)) }
    for (j, column) in trials.enumerated() { if let column { tile.setTrials(j, to: column.span.extracting(rows)) } }
    if let offset { tile.setOffset(offset.span.extracting(rows)) }
  }

  /// The rows of the given numbers, in that order and in one tile.
  func selecting(_ rows: [Int]) -> LawRows {
    var result = self
    result.features = features.map { column in rows.map { column[$0] } }
    result.gateFeatures = gateFeatures.map { column in rows.map { column[$0] } }
    result.responses = responses.map { column in rows.map { column[$0] } }
    result.trials = trials.map { column in column.map { column in rows.map { column[$0] } } }
    result.offset = offset.map { column in rows.map { column[$0] } }
    result.weights = rows.map { weights[$0] }
    result.cuts = [0..<rows.count]
    return result
  }

  /// The same rows, the weight of each multiplied by a factor.
  func weighing(_ factor: (Int) -> Double) -> LawRows {
    var result = self
    for i in weights.indices { result.weights[i] *= factor(i) }
    return result
  }

  /// The same rows with another response, of its first column.
  func responding(_ value: Double) -> LawRows {
    var result = self
    result.responses[0] = weights.map { _ in value }
    return result
  }

  /// The same rows in other units.
  func inUnits(_ change: UnitChange) -> LawRows {
    var result = self
    result.features = features.map { column in column.map { $0 * change.features } }
    // The codes of categories have no unit.
    result.gateFeatures = zip(shape.gateFeatures ?? [], gateFeatures).map { column, values in
      column.levels == nil ? values.map { $0 * change.features } : values
    }
    result.responses = responses.map { column in column.map { $0 * change.response } }
    result.offset = offset.map { column in column.map { $0 * change.response } }
    return result
  }

  /// The same rows with another offset.
  func offset(by offsets: [Double]) -> LawRows {
    var result = self
    result.shape.hasOffset = true
    result.offset = offsets
    return result
  }

  /// The same rows in groups, with other weights, and with a feature that the gate alone sees.
  func grouped(by groups: [Int], weights: [Double]) throws -> Observations {
    return try Observations(
      features: zip(shape.features, features).map { ($0, $1) },
      // As many as the experts have, so that one who reads them for those is told, and does not end the tests.
      gateFeatures: (0..<max(features.count, 1)).map { j in
        (ColumnSchema("what the gate alone sees, \(j + 1)"), groups.map { 1 + Double(($0 + j) % 5) })
      },
      responses: zip(shape.responses, responses).map { ($0.column, $1) }, trials: trialsByName, offset: offset,
      rowWeights: weights, groups: groups,
      hasIntercept: shape.hasIntercept)
  }

  private var trialsByName: [String: [Double]] {
    zip(shape.responses, trials).reduce(into: [:]) { $0[$1.0.name] = $1.1 }
  }

  /// The same rows with weights of several sizes.
  var unevenlyWeighted: LawRows { weighing { [0.5, 1, 3][$0 % 3] } }

  /// Grouped rows whose assignments are these rows, of the same weights, and whose gate has the features that it sees here as its
  /// own. The experts see as many others: one less those of the gate.
  func groupedForGate() throws -> Observations {
    let assignments = weights.indices.flatMap { Array(repeating: $0, count: 1 + $0 % 3) }
    let seen = shape.gateFeatures.map { zip($0, gateFeatures) } ?? zip(shape.features, features)
    let columns = seen.map { column, values in (column: column, values: assignments.map { values[$0] }) }
    return try Observations(
      features: columns.map { column, values in (ColumnSchema("other " + column.name), values.map { 1 - $0 }) },
      gateFeatures: columns,
      responses: zip(shape.responses, responses).map { response, values in
        (response.column, assignments.map { values[$0] })
      },
      trials: trialsByName.mapValues { values in assignments.map { values[$0] } },
      rowWeights: assignments.map { weights[$0] }, groups: assignments, hasIntercept: shape.hasIntercept,
      gateHasIntercept: shape.gateHasIntercept)
  }

  /// The same rows in tiles of the given lengths, over and over.
  func cut(_ lengths: [Int]) -> LawRows {
    var result = self
    result.cuts = []
    var start = 0
    while start < rowCount {
      let end = min(start + lengths[result.cuts.count % lengths.count], rowCount)
      result.cuts.append(start..<end)
      start = end
    }
    return result
  }

  /// A tile for each single row.
  var singleRows: LawRows { cut([1]) }
}

/// Responsibilities r_ik, one row an assignment.
struct Responsibilities {
  var rows: [[Double]]

  /// Nine tenths for the expert that the row belongs to, and a tenth for all together.
  init(labels: [Int], expertCount: Int) {
    rows = labels.map { label in (0..<expertCount).map { ($0 == label ? 0.9 : 0) + 0.1 / Double(expertCount) } }
  }

  /// Each row wholly its label's.
  init(certain labels: [Int], expertCount: Int) {
    rows = labels.map { label in (0..<expertCount).map { $0 == label ? 1 : 0 } }
  }

  /// Uniform on the simplex.
  init(seed: UInt64, rowCount: Int, expertCount: Int) {
    var source = RandomSource(seed: seed)
    rows = (0..<rowCount).map { _ in source.dirichlet(concentration: Array(repeating: 1, count: expertCount)) }
  }

  /// Those of the given assignments, in that order.
  func selecting(_ indices: [Int]) -> Responsibilities {
    var result = self
    result.rows = indices.map { rows[$0] }
    return result
  }

  /// Column j of the result is column `order[j]`.
  func relabelled(_ order: [Int]) -> Responsibilities {
    var result = self
    result.rows = rows.map { row in order.map { row[$0] } }
    return result
  }
}
