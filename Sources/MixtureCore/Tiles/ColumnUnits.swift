import Foundation

/// The units in which a fit holds the columns of its data: powers of two, so that a change of units loses nothing.
///
/// Squares of numbers beyond 10^±154 leave the range of doubles. So a tile divides each column by a power of two near its range, and
/// parts turn what they tell back into the units of the data. Multiplying a column by a power of two then changes nothing inside.
///
/// Columns keep their units where a part does not know them (see ``LocalModel/acceptsUnits(sharing:)``, ``Gate/acceptsUnits``), and where
/// what the gate sees is no measurement but says whose a row is.
public struct ColumnUnits: Sendable, Codable, Equatable {
  /// The unit of each feature.
  public var features: [Double]
  /// The unit of each of the gate's own features; nil if it sees those of the experts.
  public var ownGateFeatures: [Double]?
  /// The names of the gate's own features.
  public var gateNames: [String]
  /// The unit of each response, and of the offset that adds to what is predicted of it.
  public var responses: [Double]

  /// The unit of each feature that the gate sees.
  public var gateFeatures: [Double] { ownGateFeatures ?? features }

  /// Σ ln of the responses' units: what a log density per unit of the responses in a tile exceeds that per unit of the data by.
  public var logVolumeOfResponses: Double { responses.reduce(0) { $0 + log($1) } }

  /// The units of the data.
  public static func ofData(_ shape: RowShape) -> ColumnUnits {
    ColumnUnits(
      features: shape.features.map { _ in 1 }, ownGateFeatures: shape.gateFeatures.map { $0.map { _ in 1 } },
      gateNames: shape.gateFeatures?.map(\.name) ?? [], responses: shape.responses.map { _ in 1 })
  }

  /// The units of the same columns where rows have other columns for the gate, such as none for labels.
  ///
  /// - Throws: ``DataError`` for columns of which no unit is known.
  func adapted(to shape: RowShape) throws -> ColumnUnits {
    guard features.count == shape.features.count, responses.count == shape.responses.count else {
      throw DataError(
        "the mixture was fitted to other columns: \(features.count) features and \(responses.count) responses, not "
          + "\(shape.features.count) and \(shape.responses.count)")
    }
    var result = self
    result.gateNames = shape.gateFeatures?.map(\.name) ?? []
    result.ownGateFeatures = try shape.gateFeatures.map { columns in
      try columns.map(\.name).map { name in
        if let place = gateNames.firstIndex(of: name) { return gateFeatures[place] }
        if let place = shape.features.firstIndex(where: { $0.name == name }) { return features[place] }
        throw DataError("the mixture was fitted without the column \(name) that the gate is to see")
      }
    }
    return result
  }
}

extension ColumnUnits {
  /// Units near the range of each column, in one pass over the rows; those of the data for parts that know no others.
  ///
  /// - Parameters:
  ///   - rows: the data.
  ///   - experts: the first type of experts that takes columns as they are; nil if there is none.
  ///   - gate: the gate's type, if it takes columns as they are.
  ///   - known: the gate's features that say whose a row is, by name, which no part takes for measurements.
  ///   - threads: the number of threads.
  /// - Throws: ``DataError`` for a column whose numbers are too large or too small for their squares to be formed.
  init(
    ofRangesOf rows: any TileSource, keptForExperts experts: String?, keptForGate gate: String?, known: [String],
    threads: Int
  ) throws {
    let shape = rows.shape
    let ranges = try ColumnRanges(rows, threads: threads)
    let sharing = shape.gateFeatures == nil ? gate : nil
    features = try zip(shape.features, ranges.features).map {
      try $1.unit(of: $0.name, within: 1000, keptFor: experts ?? sharing)
    }
    gateNames = shape.gateFeatures?.map(\.name) ?? []
    let ofExperts = Dictionary(zip(shape.features.map(\.name), features)) { first, _ in first }
    ownGateFeatures = try shape.gateFeatures.map { columns in
      try zip(columns, ranges.gateFeatures).map { column, range in
        if known.contains(column.name) || column.levels != nil { return 1 }
        // A column that experts see has one unit.
        if gate == nil, let unit = ofExperts[column.name] { return unit }
        return try range.unit(of: column.name, within: 1000, keptFor: gate)
      }
    }
    // Variances of the response are told in its own units, squared; numbers of successes and codes of levels have no unit.
    responses = try zip(shape.responses, ranges.responses).map { response, range in
      response.hasTrials || response.column.levels != nil
        ? 1 : try range.unit(of: response.name, within: 508, keptFor: experts, isResponse: true)
    }
  }
}

/// The least and the greatest number of each column.
private struct ColumnRanges {
  let features: [ColumnRange]
  let gateFeatures: [ColumnRange]
  let responses: [ColumnRange]

  init(_ rows: any TileSource, threads: Int) throws {
    let shape = rows.shape
    let counts = [shape.features.count, shape.gateFeatures?.count ?? 0, shape.responses.count]
    let tiles = TileReduction(tileCount: rows.tileCount, sumCount: 0, threads: threads)
    let workers = (0..<tiles.workers).map { _ in
      Worker(tile: rows.makeTile(), ranges: Array(repeating: ColumnRange(), count: counts.reduce(0, +)))
    }
    _ = try tiles.run { worker, index, _ in
      let worker = workers[worker]
      try rows.load(index, into: worker.tile)
      worker.note()
    }
    // Which thread has seen which rows does not matter to the least and the greatest.
    let all = workers.dropFirst().reduce(workers[0].ranges) { zip($0, $1.ranges).map { $0.union($1) } }
    features = Array(all[..<counts[0]])
    gateFeatures = Array(all[counts[0]..<(counts[0] + counts[1])])
    responses = Array(all.suffix(counts[2]))
  }

  /// What one thread has seen.
  private final class Worker {
    let tile: Tile
    var ranges: [ColumnRange]

    init(tile: Tile, ranges: [ColumnRange]) { (self.tile, self.ranges) = (tile, ranges) }

    func note() {
      var next = 0
      func note(_ values: [Double], at start: Int, count: Int) {
        for i in start..<(start + count) { ranges[next].note(values[i]) }
        next += 1
      }
      let features = tile.features
      for j in tile.shape.features.indices { note(features, at: j * tile.capacity, count: tile.rowCount) }
      if let columns = tile.shape.gateFeatures {
        let features = tile.gateFeatures
        for j in columns.indices { note(features, at: j * tile.capacity, count: tile.assignmentCount) }
      }
      for (index, response) in tile.responses.enumerated() {
        note(index == 0 ? tile.responseLessOffset : response, at: 0, count: tile.rowCount)
      }
    }
  }
}

extension ColumnRange {
  /// The power of two near a quarter of the range, about a standard deviation; of a constant near its size. One where a part takes
  /// columns as they are.
  ///
  /// - Throws: ``DataError`` where the exponent of a number, or of the range, is further from zero than `limit`, or than 500 for such
  ///   a part.
  fileprivate func unit(
    of name: String, within limit: Int, keptFor part: String?, isResponse: Bool = false
  ) throws -> Double {
    let limit = part == nil ? limit : 500
    // Half of each end, for their difference may be too large.
    let half = greatest / 2 - least / 2
    let largest = max(abs(least), abs(greatest))
    guard largest > 0 else { return 1 }
    let size = half > 0 ? half / 2 : largest
    // What keeps the units of a response may want counts, which cannot be multiplied.
    func advice(_ verb: String, _ exponent: Int) -> String {
      let reason = part.map { "; a \($0) takes columns in their own units" } ?? ""
      return (isResponse && part != nil ? "" : ": \(verb) it by \(powerOfTen(near: exponent))") + reason
    }
    guard half.isFinite, largest.exponent <= limit + 2 else {
      throw DataError(
        "column \(name) reaches \(abs(least) > abs(greatest) ? least : greatest), and squares of such numbers are out of range"
          + advice("divide", largest.exponent))
    }
    guard size.exponent >= -limit else {
      throw DataError(
        "column \(name) varies by \(half > 0 ? 2 * half : largest) in all, and squares of such numbers are out of range"
          + advice("multiply", -size.exponent))
    }
    return part == nil ? Double(sign: .plus, exponent: size.exponent, significand: 1) : 1
  }

  /// The power of ten below that of two.
  private func powerOfTen(near exponent: Int) -> String { "1e\(Int((Double(exponent) * 0.30103).rounded(.down)))" }
}

extension TileSource {
  /// An empty tile of the right shape, which takes in columns in the given units.
  ///
  /// - Throws: ``DataError`` if these are units of other columns.
  func makeTile(in units: ColumnUnits) throws -> Tile {
    let tile = makeTile()
    tile.units = try units.adapted(to: shape)
    return tile
  }
}
