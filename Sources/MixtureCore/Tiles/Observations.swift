/// Rows of data in memory, column by column.
public struct Observations: TileSource {
  /// What the rows hold.
  public let shape: RowShape
  /// The number of rows.
  public let rowCount: Int
  /// The number of groups, or of rows where rows are not grouped.
  public let assignmentCount: Int

  private let features: [[Double]]
  private let gateFeatures: [[Double]]
  private let responses: [[Double]]
  private let trials: [[Double]?]
  private let offset: [Double]?
  private let rowWeights: [Double]?
  private let groups: Groups?

  /// The usual number of rows in a tile: its pairwise products of some dozen features stay in the second-level cache.
  static let usualCapacity = 376

  /// Rows from columns of equal length.
  ///
  /// - Parameters:
  ///   - features: the columns x.
  ///   - gateFeatures: the columns that the gate sees, equal within groups; nil for those of the experts. A category among them is the
  ///     number of a row's level, from zero, or −1 for none of them.
  ///   - responses: the columns y, at least one; of categories the numbers of the rows' levels, from zero.
  ///   - trials: for the names of some responses the number of trials of each row, of which the response is the number of successes.
  ///   - offset: what is added to the prediction of each row, without a coefficient, in the units of that to which the experts
  ///     add it: for linear experts of the response. Nil means none.
  ///   - rowWeights: how often each row was observed; at least zero, one of them positive. Nil means once.
  ///   - groups: a label for each row; rows of a group are neighbours and share one assignment, and one weight. Nil means
  ///     an assignment for each row.
  ///   - hasIntercept: whether experts may have an intercept.
  ///   - gateHasIntercept: whether the gate may have one.
  /// - Throws: ``DataError`` naming column and row.
  public init(
    features: [(column: ColumnSchema, values: [Double])],
    gateFeatures: [(column: ColumnSchema, values: [Double])]? = nil,
    responses: [(column: ColumnSchema, values: [Double])], trials: [String: [Double]] = [:], offset: [Double]? = nil,
    rowWeights: [Double]? = nil, groups: [Int]? = nil, hasIntercept: Bool = true, gateHasIntercept: Bool = true
  ) throws {
    guard let rowCount = responses.first?.values.count else { throw DataError("no response column") }
    guard rowCount > 0 else { throw DataError("no rows of data") }
    for (column, values) in features + (gateFeatures ?? []) + responses {
      guard values.count == rowCount else {
        throw DataError("column \(column.name) has \(values.count) rows, not \(rowCount)")
      }
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError("column \(column.name), row \(row + 1): \(values[row]) is not a finite number")
      }
    }
    for (column, values, least) in (gateFeatures ?? []).map({ ($0, $1, -1.0) }) + responses.map({ ($0, $1, 0.0) }) {
      guard let levels = column.levels else { continue }
      let codes = least..<Double(levels.count)
      if let row = values.firstIndex(where: { !codes.contains($0) || $0 != $0.rounded() }) {
        throw DataError("column \(column.name), row \(row + 1): \(values[row]) is not the number of a level")
      }
    }
    for (name, values) in trials.sorted(by: { $0.key < $1.key }) {
      guard responses.contains(where: { $0.column.name == name }) else {
        throw DataError("there are trials of \(name), which is no response")
      }
      guard values.count == rowCount else { throw DataError("\(values.count) trials of \(name) for \(rowCount) rows") }
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError("trials of \(name), row \(row + 1): \(values[row]) is not a finite number")
      }
    }
    if let offset {
      guard offset.count == rowCount else { throw DataError("\(offset.count) offsets for \(rowCount) rows") }
      if let row = offset.firstIndex(where: { !$0.isFinite }) {
        throw DataError("offset of row \(row + 1): \(offset[row]) is not a finite number")
      }
    }
    if let rowWeights {
      guard rowWeights.count == rowCount else { throw DataError("\(rowWeights.count) row weights for \(rowCount) rows") }
      if let row = rowWeights.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
        throw DataError("row weight of row \(row + 1): \(rowWeights[row]) is not a number ≥ 0")
      }
      guard rowWeights.contains(where: { $0 > 0 }) else { throw DataError("all row weights are zero") }
    }
    self.rowCount = rowCount
    shape = RowShape(
      features: features.map(\.column), gateFeatures: gateFeatures?.map(\.column),
      responses: responses.map { ResponseColumn($0.column, hasTrials: trials[$0.column.name] != nil) },
      hasIntercept: hasIntercept, gateHasIntercept: gateHasIntercept,
      hasOffset: offset != nil)
    self.features = features.map(\.values)
    self.gateFeatures = gateFeatures?.map(\.values) ?? []
    self.responses = responses.map(\.values)
    self.trials = responses.map { trials[$0.column.name] }
    self.offset = offset
    self.rowWeights = rowWeights
    self.groups = try groups.map { try Groups($0, rowCount: rowCount, weights: rowWeights) }
    assignmentCount = self.groups?.count ?? rowCount
    if let groups {
      for (column, values) in gateFeatures ?? [] {
        for row in 1..<max(rowCount, 1) where groups[row] == groups[row - 1] && values[row] != values[row - 1] {
          throw DataError("column \(column.name), row \(row + 1): the gate sees a group as one, so its rows must agree")
        }
      }
    }
  }

  /// 376 rows, or all if there are fewer; as many as the largest group where that is longer.
  public var tileCapacity: Int { groups?.tileCapacity ?? min(rowCount, Self.usualCapacity) }

  /// As many tiles as hold all rows, the last one perhaps partly filled; groups are packed in order, none of them split.
  public var tileCount: Int { groups?.tileStarts.count ?? (rowCount + tileCapacity - 1) / tileCapacity }

  /// Copies the columns' rows of tile `index`, with their offset, weights and groups.
  public func load(_ index: Int, into tile: Tile) throws {
    let rows = rows(ofTile: index)
    tile.begin(rowNumbers: rows)
    if let groups {
      let range = groups.range(ofTile: index)
      let assignments = range.flatMap { group in
        Array(repeating: group - range.lowerBound, count: groups.firstRows[group + 1] - groups.firstRows[group])
      }
      tile.setAssignments(assignments, firstAssignment: range.lowerBound)
    }
    if let rowWeights { set(rowWeights, rows: rows, of: tile) }
    for (j, column) in features.enumerated() { tile.setFeature(j, to: column.span.extracting(rows)) }
    for (j, column) in gateFeatures.enumerated() { tile.setGateFeature(j, to: column.span.extracting(rows)) }
    for (j, column) in responses.enumerated() { tile.setResponse(j, to: column.span.extracting(rows)) }
    for (j, column) in trials.enumerated() { if let column { tile.setTrials(j, to: column.span.extracting(rows)) } }
    if let offset { tile.setOffset(offset.span.extracting(rows)) }
  }

  private func rows(ofTile index: Int) -> Range<Int> {
    guard let groups else { return (index * tileCapacity)..<min((index + 1) * tileCapacity, rowCount) }
    let range = groups.range(ofTile: index)
    return groups.firstRows[range.lowerBound]..<groups.firstRows[range.upperBound]
  }

  private func set(_ weights: [Double], rows: Range<Int>, of tile: Tile) {
    guard let assignmentOfRow = tile.assignmentOfRow else {
      return tile.setAssignmentWeights(weights.span.extracting(rows))
    }
    var groupWeights = [Double](repeating: 0, count: tile.assignmentCount)
    for (row, assignment) in zip(rows, assignmentOfRow) { groupWeights[assignment] = weights[row] }
    tile.setAssignmentWeights(groupWeights.span)
  }
}

/// Neighbouring rows with equal labels, packed into tiles.
private struct Groups: Sendable {
  /// The first row of each group, and the number of rows at the end.
  var firstRows: [Int] = []
  /// The first group of each tile.
  var tileStarts: [Int] = []
  var tileCapacity = Observations.usualCapacity
  var count: Int { firstRows.count - 1 }

  /// The groups in a tile.
  func range(ofTile index: Int) -> Range<Int> {
    tileStarts[index]..<(index + 1 < tileStarts.count ? tileStarts[index + 1] : count)
  }

  init(_ labels: [Int], rowCount: Int, weights: [Double]?) throws {
    guard labels.count == rowCount else { throw DataError("\(labels.count) group labels for \(rowCount) rows") }
    var seen: Set<Int> = []
    for (row, label) in labels.enumerated() {
      if row > 0 && label == labels[row - 1] {
        if let weights, weights[row] != weights[row - 1] {
          throw DataError("row \(row + 1): its row weight differs from that of its group")
        }
        continue
      }
      guard seen.insert(label).inserted else {
        throw DataError("row \(row + 1): the rows of group \(label) must be neighbours")
      }
      firstRows.append(row)
    }
    firstRows.append(rowCount)
    let largest = (0..<count).map { firstRows[$0 + 1] - firstRows[$0] }.max() ?? 0
    tileCapacity = max(tileCapacity, largest)
    for group in 0..<count
    where tileStarts.isEmpty || firstRows[group + 1] - firstRows[tileStarts.last!] > tileCapacity {
      tileStarts.append(group)
    }
  }
}
