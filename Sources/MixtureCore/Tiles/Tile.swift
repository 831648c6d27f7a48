import GSL

/// A few hundred rows of data, column by column: the unit in which data flow through a mixture.
///
/// Every column is ``capacity`` numbers long, a multiple of the kernels' lanes, and zero beyond ``rowCount``, so that
/// kernels never meet a ragged end. A worker owns one tile and refills it; parts only read it.
public final class Tile {
  /// The length of every column.
  public let capacity: Int
  /// What the rows hold.
  public let shape: RowShape
  /// The units of the columns: what is set in the units of the data is divided by them.
  public internal(set) var units: ColumnUnits

  /// The number of rows that hold data.
  public private(set) var rowCount = 0
  /// The number of assignments: ``rowCount``, or the number of groups where rows are grouped.
  public private(set) var assignmentCount = 0
  /// The number that each row has in the data as a whole.
  public private(set) var rowNumbers: Range<Int> = 0..<0
  /// The assignment, counted within the tile, of each row; nil where each row has its own.
  public private(set) var assignmentOfRow: [Int]?
  /// The number that the first assignment has in the data as a whole.
  public private(set) var firstAssignment = 0

  /// Feature j in `features[j · capacity ..< j · capacity + rowCount]`.
  public private(set) var features: [Double]
  /// What the gate sees of each *assignment*, laid out like ``features``: features of its own, or those of the experts. Of a group's
  /// rows, which must agree, the first is taken.
  public var gateFeatures: [Double] {
    if let ownGateFeatures { return ownGateFeatures }
    guard let assignmentOfRow else { return features }
    if let gatheredFeatures { return gatheredFeatures }
    var gathered = [Double](repeating: 0, count: features.count)
    for i in rows.reversed() {
      for j in shape.features.indices { gathered[j * capacity + assignmentOfRow[i]] = features[j * capacity + i] }
    }
    gatheredFeatures = gathered
    return gathered
  }
  /// The response columns.
  public private(set) var responses: [[Double]]
  /// The numbers of trials of each response that has them.
  private var trialsOfResponses: [[Double]?]
  /// The offset of each row, in the units of what experts add it to (see ``RowShape/hasOffset``); nil where rows have none.
  public private(set) var offset: [Double]?
  /// The weight of each assignment, which says how often it was observed.
  public private(set) var assignmentWeights: [Double]
  /// The weight of each row: that of its assignment.
  public private(set) var rowWeights: [Double]

  /// The gate's features of each assignment, where it has its own.
  private var ownGateFeatures: [Double]?
  /// The experts' features of each assignment, once a gate has asked for them.
  private var gatheredFeatures: [Double]?
  private var designs: [TileDesign] = []
  private var gateDesigns: [TileDesign] = []
  private var rooms: [TileRoom] = []
  /// Tiles of part of the columns, which are filled when a part asks for them.
  private var seenTiles = TilesOfParts<RowView>()
  private var gateTiles = TilesOfParts<[Int]>()
  /// How many of the weights are one, if they are as ``begin(rowNumbers:)`` left them.
  private var unitWeightCount: Int?

  /// An empty tile for rows of the given shape.
  ///
  /// - Parameters:
  ///   - capacity: the most rows it will hold, rounded up to a multiple of the kernels' lanes.
  ///   - shape: what the rows hold.
  public init(capacity: Int, shape: RowShape) {
    let capacity = VectorKernels.padded(capacity)
    func columns(_ count: Int) -> [Double] { Array(repeating: 0, count: count * capacity) }
    self.capacity = capacity
    self.shape = shape
    units = .ofData(shape)
    features = columns(shape.features.count)
    ownGateFeatures = shape.gateFeatures.map { columns($0.count) }
    responses = shape.responses.map { _ in columns(1) }
    trialsOfResponses = shape.responses.map { $0.hasTrials ? columns(1) : nil }
    offset = shape.hasOffset ? columns(1) : nil
    assignmentWeights = columns(1)
    rowWeights = assignmentWeights
  }

  /// The response, where there is one column of it.
  public var response: [Double] { responses[0] }

  /// The number of trials of each row of ``response``, of which that is the number of successes; nil where rows have none, which is one trial
  /// each for experts that know trials (see ``LocalModel/acceptsTrials``). In no unit but one.
  public var trials: [Double]? { trials(ofResponse: 0) }

  /// The same of response column `index`.
  public func trials(ofResponse index: Int) -> [Double]? { trialsOfResponses[index] }

  /// The response less the offset, where there is one: what experts explain that predict their features' share plus the offset.
  public var responseLessOffset: [Double] {
    guard let offset else { return response }
    var difference = offset
    withMutableSpan(of: &difference) { VectorKernels.subtract(from: response.span, &$0) }
    return difference
  }

  /// The rows that hold data.
  public var rows: Range<Int> { 0..<rowCount }

  /// Where column `index` of a matrix with one column an expert, or of ``features``, lies.
  public func column(_ index: Int) -> Range<Int> { (index * capacity)..<((index + 1) * capacity) }

  /// The rows' features standardised, with their pairwise products: computed once, whichever parts ask.
  public func design(_ standardization: Standardization) -> TileDesign {
    let design = Self.design(standardization, among: &designs, capacity: capacity)
    design.bringUpToDate(features: features)
    return design
  }

  /// The same of what the gate sees, with a row for each assignment; where it sees what the experts see, it shares their design.
  public func gateDesign(_ standardization: Standardization) -> TileDesign {
    if ownGateFeatures == nil && assignmentOfRow == nil { return design(standardization) }
    let design = Self.design(standardization, among: &gateDesigns, capacity: capacity)
    design.bringUpToDate(features: gateFeatures)
    return design
  }

  /// What a block sees through a view: the same rows, and of the columns those that are shown.
  public func seen(through view: RowView) -> Tile {
    seenTiles.tile(view, make: { Tile(capacity: capacity, shape: shape.seen(through: view)) }) {
      $0.show(self, through: view)
    }
  }

  /// What a gate within another gate sees: the assignments with their weights as rows, and of the gate's features those of the given
  /// numbers. Its columns are as long as this tile's.
  public func gateTile(_ features: [Int]) -> Tile {
    func make() -> Tile {
      let columns = shape.gateFeatures ?? shape.features
      return Tile(
        capacity: capacity,
        shape: RowShape(
          features: [], gateFeatures: features.map { columns[$0] }, responses: [],
          gateHasIntercept: shape.gateHasIntercept))
    }
    return gateTiles.tile(features, make: make) { $0.show(assignmentsOf: self, features) }
  }

  /// The room of a part in a pass: what the part left there for these rows is there again.
  ///
  /// - Parameter pass: the part's mark of the pass.
  public func room(of pass: PassMark) -> TileRoom {
    if let own = rooms.firstIndex(where: { $0.pass == pass }) { return rooms[own] }
    // The least recently taken comes first.
    let room = rooms.count < TileRoom.mostRooms ? TileRoom() : rooms.removeFirst()
    rooms.append(room)
    room.enter(pass)
    return room
  }

  private static func design(
    _ standardization: Standardization, among designs: inout [TileDesign], capacity: Int
  ) -> TileDesign {
    if let known = designs.first(where: { $0.standardization.hasSameFeatures(as: standardization) }) { return known }
    let design = TileDesign(standardization, capacity: capacity)
    designs.append(design)
    return design
  }
}

// MARK: Filling

extension Tile {
  /// Begins new contents: `rowNumbers.count` rows with weight one and an assignment each. The columns keep what they had
  /// until they are set.
  public func begin(rowNumbers: Range<Int>) {
    precondition(rowNumbers.count <= capacity, "a tile of \(capacity) rows cannot hold \(rowNumbers.count)")
    self.rowNumbers = rowNumbers
    rowCount = rowNumbers.count
    assignmentCount = rowCount
    assignmentOfRow = nil
    firstAssignment = rowNumbers.lowerBound
    if unitWeightCount != rowCount {
      assignmentWeights = Array(repeating: 1, count: rowCount) + Array(repeating: 0, count: capacity - rowCount)
      rowWeights = assignmentWeights
      unitWeightCount = rowCount
    }
    gatheredFeatures = nil
    seenTiles.markStale()
    gateTiles.markStale()
    for design in designs + gateDesigns { design.markStale() }
    for room in rooms { room.empty() }
  }

  /// Sets feature `index` of all rows, in the units of the data.
  public func setFeature(_ index: Int, to values: Span<Double>) {
    fill(&features, at: index * capacity, with: values, in: units.features[index])
  }

  /// Sets the gate's own feature `index`, a value for each row in the units of the data; of rows that share an assignment the first
  /// counts.
  public func setGateFeature(_ index: Int, to values: Span<Double>) {
    precondition(ownGateFeatures != nil && values.count == rowCount, "own gate features, one value a row")
    let unit = units.gateFeatures[index]
    guard let assignmentOfRow else { return fill(&ownGateFeatures!, at: index * capacity, with: values, in: unit) }
    for i in assignmentCount..<capacity { ownGateFeatures![index * capacity + i] = 0 }
    for i in rows.reversed() { ownGateFeatures![index * capacity + assignmentOfRow[i]] = values[i] / unit }
  }

  /// Sets response column `index` of all rows, in the units of the data.
  public func setResponse(_ index: Int, to values: Span<Double>) {
    fill(&responses[index], at: 0, with: values, in: units.responses[index])
  }

  /// Sets the numbers of trials of all rows for response column `index`.
  public func setTrials(_ index: Int, to values: Span<Double>) {
    precondition(trialsOfResponses[index] != nil, "a tile for a response without trials")
    fill(&trialsOfResponses[index]!, at: 0, with: values, in: 1)
  }

  /// Sets the offset of all rows, in the units of the data.
  public func setOffset(_ values: Span<Double>) {
    precondition(offset != nil, "a tile for rows without offset")
    fill(&offset!, at: 0, with: values, in: units.responses[0])
  }

  /// Lets rows share assignments: row i has assignment `assignmentOfRow[i]`, counted from zero within the tile.
  public func setAssignments(_ assignmentOfRow: [Int], firstAssignment: Int) {
    precondition(assignmentOfRow.count == rowCount, "one assignment a row")
    self.assignmentOfRow = assignmentOfRow
    self.firstAssignment = firstAssignment
    assignmentCount = (assignmentOfRow.max() ?? -1) + 1
    unitWeightCount = nil
    for i in assignmentCount..<capacity { assignmentWeights[i] = 0 }
  }

  /// Sets the weight of each assignment.
  public func setAssignmentWeights(_ values: Span<Double>) {
    precondition(values.count == assignmentCount, "one weight an assignment")
    unitWeightCount = nil
    withMutableSpan(of: &assignmentWeights) { VectorKernels.copy(values, into: &$0) }
    for i in 0..<rowCount { rowWeights[i] = assignmentWeights[assignmentOfRow?[i] ?? i] }
  }

  /// Takes the rows of another tile, and of its columns those that a view shows.
  private func show(_ whole: Tile, through view: RowView) {
    units = whole.units.seen(through: view)
    begin(rowNumbers: whole.rowNumbers)
    if let assignmentOfRow = whole.assignmentOfRow {
      setAssignments(assignmentOfRow, firstAssignment: whole.firstAssignment)
    }
    let weights = whole.assignmentWeights
    if whole.unitWeightCount == nil { setAssignmentWeights(weights.span.extracting(0..<assignmentCount)) }
    // The columns are as long, and in the same units.
    let ofAll = whole.features
    for (place, feature) in (view.features ?? Array(whole.shape.features.indices)).enumerated() {
      copy(ofAll.span.extracting(column(feature)), into: &features, at: place * capacity)
    }
    for (place, response) in (view.responses ?? Array(whole.responses.indices)).enumerated() {
      let values = whole.responses[response]
      copy(values.span, into: &responses[place], at: 0)
      if let trials = whole.trialsOfResponses[response] { copy(trials.span, into: &trialsOfResponses[place]!, at: 0) }
    }
    if offset != nil, let ofWhole = whole.offset { copy(ofWhole.span, into: &offset!, at: 0) }
  }

  /// Takes the assignments of another tile for rows, and those of the gate's features that have the given numbers.
  private func show(assignmentsOf whole: Tile, _ features: [Int]) {
    begin(rowNumbers: whole.firstAssignment..<(whole.firstAssignment + whole.assignmentCount))
    let weights = whole.assignmentWeights
    setAssignmentWeights(weights.span.extracting(0..<whole.assignmentCount))
    let values = whole.gateFeatures
    for (place, feature) in features.enumerated() {
      copy(values.span.extracting(column(feature)), into: &ownGateFeatures!, at: place * capacity)
    }
  }

  private func copy(_ values: Span<Double>, into columns: inout [Double], at start: Int) {
    withMutableSpan(of: &columns) { columns in
      columns.withElements(in: start..<(start + capacity)) { VectorKernels.copy(values, into: &$0) }
    }
  }

  private func fill(_ column: inout [Double], at start: Int, with values: Span<Double>, in unit: Double) {
    precondition(values.count == rowCount, "one value a row")
    withMutableSpan(of: &column) { column in
      column.withElements(in: start..<(start + capacity)) {
        VectorKernels.copy(values, into: &$0)
        if unit != 1 { VectorKernels.scale(by: 1 / unit, &$0) }
      }
    }
  }
}

/// Tiles that hold parts of a tile, each made and filled when it is asked for.
private struct TilesOfParts<Part: Equatable> {
  private var tiles: [(part: Part, tile: Tile, isStale: Bool)] = []

  mutating func markStale() { for index in tiles.indices { tiles[index].isStale = true } }

  mutating func tile(_ part: Part, make: () -> Tile, fill: (Tile) -> Void) -> Tile {
    if let index = tiles.firstIndex(where: { $0.part == part }) {
      if tiles[index].isStale {
        fill(tiles[index].tile)
        tiles[index].isStale = false
      }
      return tiles[index].tile
    }
    let tile = make()
    fill(tile)
    tiles.append((part, tile, false))
    return tile
  }
}
