/// Blocks of experts and the gate that weighs them: what a fit fits, to rows of numbers.
///
/// A `Mixture` adds the formula that makes such rows from a table. (Weigend, Mangeas & Srivastava 1995 have the name.)
public struct MixtureModel: Sendable {
  /// The blocks of experts. Experts are numbered through all blocks.
  public package(set) var blocks: [any AnyBlock]
  /// The gate.
  public package(set) var gate: any Gate
  /// Whether a fit leaves the gate as it is.
  public var gateIsFixed = false

  /// The experts of all blocks, weighed by `gate`.
  ///
  /// - Throws: ``MixtureError`` if there is no expert, two have one name, or the gate is for another number of experts.
  public init(gate: any Gate, blocks: [any AnyBlock]) throws {
    (self.blocks, self.gate) = (blocks, gate)
    if gate.expertCount != expertCount { try self.gate.select(Array(repeating: nil, count: expertCount)) }
    try validate()
  }

  /// The experts that are listed between braces, weighed by `gate`.
  ///
  /// - Throws: as ``init(gate:blocks:)``.
  public init(gate: any Gate, @BlockBuilder experts: () throws -> [any AnyBlock]) throws {
    try self.init(gate: gate, blocks: experts())
  }

  /// The number of experts, K.
  public var expertCount: Int { blocks.reduce(0) { $0 + $1.count } }

  /// The units in which the experts hold what they know of the columns; nil before a fit, or where none knows any.
  public var units: ColumnUnits? { blocks.lazy.compactMap(\.units).first }

  /// The experts of one type, in order.
  public func experts<Model: LocalModel>(of type: Model.Type = Model.self) -> [Model] {
    blocks.flatMap { ($0 as? Block<Model>)?.experts ?? [] }
  }

  /// The expert of that name, or number.
  ///
  /// - Throws: ``MixtureError`` if there is none, or it is of another type.
  public func expert<Model: LocalModel>(_ name: String, as type: Model.Type = Model.self) throws -> Model {
    let place = try place(of: name)
    guard let block = blocks[place.block] as? Block<Model> else {
      throw MixtureError.refused("expert \(name) is a \(blocks[place.block].modelName), not a \(Model.partName)")
    }
    return block.experts[place.index]
  }

  /// The experts' names, or their numbers from one where they have none.
  public var expertNames: [String] {
    blocks.flatMap(\.names).enumerated().map { number, name in name ?? String(number + 1) }
  }

  /// The numbers of the experts in each block.
  package var expertRanges: [Range<Int>] { ranges(of: blocks.map(\.count)) }

  /// The parts' names in the breakdown of the ELBO: the blocks' (numbered if several have one type), then the gate's.
  var partNames: [String] {
    let models = blocks.map(\.modelName)
    let names = models.enumerated().map { index, name in
      models.count { $0 == name } > 1 ? "\(name) \(models[...index].count { $0 == name })" : name
    }
    return names + [type(of: gate.ofUnknown).partName]
  }

  /// Adapts all parts to the data, but for those that are fixed.
  ///
  /// - Throws: what a part throws; ``MixtureError`` for a fixed part that belongs to data of another shape, or to none yet.
  mutating func configure(for data: DataSummary) throws {
    _ = try measures(of: data)
    if gate.readsFeatures, let name = data.featureVaryingInGroups {
      throw DataError(
        "feature \(name) differs within a group, but the gate sees a group as one: give the gate other features")
    }
    for index in blocks.indices {
      var block = blocks[index]
      try MixtureError.refusingOutOfRange(in: partNames[index]) { try block.configure(for: data) }
      if !block.isFixed {
        blocks[index] = block
      } else if block.statisticsCount != blocks[index].statisticsCount {
        throw MixtureError.refused(
          "\(partNames[index]) is fixed, but was not fitted to such data: fit it before, or free it")
      }
    }
    if !gateIsFixed {
      return try MixtureError.refusingOutOfRange(in: partNames[blocks.count]) { try gate.configure(for: data) }
    }
    do { try gate.validate(for: data) } catch {
      throw MixtureError.refused(
        "\(type(of: gate).partName) is fixed, but was not fitted to such data (\(error)): fit it before, or free it")
    }
  }

  /// What the densities of each response are relative to, on which all experts agree.
  ///
  /// - Parameter data: what is known of the responses.
  /// - Throws: ``MixtureError`` if experts explain another number of responses, or their densities are relative to different measures;
  ///   ``DataError`` for values that experts have no density for.
  public func measures(of data: DataSummary) throws -> [Measure] {
    for (block, range) in zip(blocks, expertRanges) {
      try block.view?.check(in: data, for: expertNames[range.lowerBound])
    }
    let names = data.responses.map(\.name)
    let measures = try blocks.map { try $0.measures(of: data.responses) }
    if let count = measures.map(\.count).first(where: { $0 != names.count }) {
      throw MixtureError.refused(
        "the experts have \(count == 1 ? "one response" : "\(count) responses"), not \(names.joined(separator: " and "))")
    }
    for (j, name) in names.enumerated() {
      guard let other = measures.firstIndex(where: { $0[j] != measures[0][j] }) else { continue }
      func expert(_ block: Int) -> String {
        "expert \(expertNames[expertRanges[block].lowerBound]), a \(blocks[block].modelName),"
      }
      throw MixtureError.differentMeasures(
        of: name, measures[0][j], expert: expert(0), other: measures[other][j], otherExpert: expert(other))
    }
    return measures[0]
  }

  /// Checks that all parts have the shape that they take from `data`, and can make a pass over them.
  ///
  /// - Throws: ``UnfitValue`` with the place in a file.
  func validate(for data: DataSummary) throws {
    try UnfitValue.at("blocks") {
      _ = try measures(of: data)
      for block in blocks {
        try UnfitValue.check(
          nil, that: block.acceptsTrials || data.responses.allSatisfy { $0.trials == nil },
          need: "a \(block.modelName) does not know numbers of trials, which the data have")
        try UnfitValue.check(
          nil, that: block.acceptsOffset || data.responseLessOffset == nil,
          need: "a \(block.modelName) does not know offsets, and the data have one")
      }
    }
    for (index, block) in blocks.enumerated() {
      try UnfitValue.at("blocks", "[\(index)]", "value") {
        try block.validate(for: data)
        _ = try block.prepared()
      }
    }
    try UnfitValue.at("gate", "value") { try gate.validate(for: data) }
  }

  /// The units in which a fit to some rows holds their columns. A part that is fixed keeps those that it knows.
  ///
  /// - Throws: ``DataError`` for numbers out of range, or rows of other columns than those that fixed parts know.
  func units(for rows: any TileSource, threads: Int) throws -> ColumnUnits {
    let gateAccepts = gate.acceptsUnits || !gate.readsFeatures
    // What units a gate knows its mixture learns from the experts.
    let experts = blocks.first { !$0.acceptsUnits }?.modelName
    let own = try ColumnUnits(
      ofRangesOf: rows, keptForExperts: experts, keptForGate: gateAccepts ? experts : type(of: gate).partName,
      known: gate.knownFeatures, threads: threads)
    guard let units, gateIsFixed || blocks.contains(where: \.isFixed) else { return own }
    if let part = blocks.first(where: { !$0.acceptsUnits })?.modelName ?? (gateAccepts ? nil : type(of: gate).partName),
      units != .ofData(rows.shape)
    {
      throw MixtureError.refused(
        "a \(part) takes columns in the units of the data, but a part that is fixed was fitted in others: free it, or leave out the "
          + "\(part)")
    }
    return units
  }

  /// What a fit or a prediction fills with rows.
  ///
  /// - Throws: ``DataError`` where the mixture was fitted to other columns; ``MixtureError/refused(_:)`` where its parts were fitted in
  ///   different units, so that they were put together after a fit.
  func makeTile(for rows: any TileSource) throws -> Tile {
    let tile = try rows.makeTile(in: units ?? .ofData(rows.shape))
    let ofGate = gate.featureUnits
    guard blocks.allSatisfy({ $0.units == nil || $0.units == units }), ofGate == nil || ofGate == tile.units.gateFeatures
    else {
      throw MixtureError.refused("parts of the mixture come from fits to different data: fit it as a whole first")
    }
    return tile
  }

  /// Whether a fit leaves a part as it is; the gate comes after the blocks.
  func isFixed(part: Int) -> Bool { part < blocks.count ? blocks[part].isFixed : gateIsFixed }

  /// Whether a part, and what it is made of, are the package's own.
  func isBuiltIn(part: Int) -> Bool {
    let types = part < blocks.count ? blocks[part].partTypes : ([gate] + gate.components).map { type(of: $0) }
    return types.allSatisfy(PartRegistry.isBuiltIn)
  }

  func validate() throws {
    guard expertCount > 0 else { throw MixtureError.noExperts }
    guard gate.expertCount == expertCount else {
      throw MixtureError.gateMismatch(gate: gate.expertCount, experts: expertCount)
    }
    if let twice = expertNames.firstRepeated {
      throw MixtureError.refused("two experts are called \(twice)")
    }
  }
}

/// Consecutive ranges of the given lengths.
package func ranges(of counts: [Int]) -> [Range<Int>] {
  var start = 0
  return counts.map { count in
    defer { start += count }
    return start..<(start + count)
  }
}
