import Foundation
import GSL
import MixtureCore

/// Weights per row from what is known of its assignment: labels, some labels, or weights w_ik ≥ 0, in columns that the gate sees.
///
/// With another gate of weights π_ik, what is known is an observation e_i beside the response, p(e_i | z_i = k) = a_ik, where
/// a_ik = w_ik / max_j w_ij. So the score is ln a_ik + E ln π_ik, which needs no normaliser; the ELBO is that of p(y, e), and updates
/// are those of the other gate. A row whose w are equal, or all zero, says nothing: a_ik = 1.
///
/// Without another gate π_ik = w_ik / Σ_j w_ij, and the ELBO is that of p(y | w).
public struct KnownGate: Gate {
  /// The column w_k of each expert, by its name among the gate's features; nil for one of which no row is known, so that w_k = 0.
  public private(set) var columns: [String?]
  /// The gate that weighs what is not known; nil for equal weights. It sees the gate's other features.
  public internal(set) var base: (any Gate)?

  /// The columns of experts that have been dropped: no features of the other gate.
  private(set) var droppedColumns: [String] = []
  /// The columns' numbers among the gate's features, and those of the others, once the data are known.
  private(set) var places: [Int?] = []
  private(set) var otherPlaces: [Int] = []

  /// Stands for ln 0: no likelihood outweighs it, and times zero it is zero.
  private static let logOfZero = -1e100

  /// A gate with a column for each expert.
  ///
  /// - Parameters:
  ///   - columns: the names of the columns w_1, …, w_K among the gate's features; nil for an expert without one.
  ///   - base: the gate that weighs experts among which what is known leaves the choice; nil for equal weights.
  /// - Throws: `MixtureError` for a column named twice, or what the other gate throws when it learns how many experts there are.
  public init(_ columns: [String?], of base: (any Gate)? = nil) throws {
    if let twice = columns.compactMap(\.self).firstRepeated {
      throw ArgumentError(
        Self.self, argument: "columns", value: "\(twice) for two experts", need: "another column for each expert")
    }
    self.columns = columns
    self.base = base
    if let base, base.expertCount != columns.count {
      try self.base?.select(Array(repeating: nil, count: columns.count))
    }
  }

  /// K, the number of columns, those that are nil among them.
  public var expertCount: Int { columns.count }

  /// The weights depend on the row.
  public var readsFeatures: Bool { true }
  /// It is made of the other gate.
  public var components: [any Part] { base.map { [$0] } ?? [] }
  /// What the other gate says; the columns of what is known keep their units.
  public var acceptsUnits: Bool { base.map { $0.acceptsUnits || !$0.readsFeatures } ?? true }
  /// The features of which the other gate has a density.
  public var densityFeatures: [Int] { base?.densityFeatures.map { otherPlaces[$0] } ?? [] }

  /// Whether the other gate does; what is known are columns of weights.
  public var readsCodes: Bool { base?.readsCodes ?? false }

  /// Columns go and turn with their experts; a new expert has none. Rows that are known to belong to an expert that goes are rows of
  /// which nothing is known.
  ///
  /// - Throws: `MixtureError` if there are not as many experts as columns, or what the other gate throws.
  public mutating func select(_ experts: [Int?]) throws {
    let isComposing = experts.allSatisfy { $0 == nil }
    guard !isComposing || experts.count == columns.count else {
      throw MixtureError.gateMismatch(gate: columns.count, experts: experts.count)
    }
    try base?.select(experts)
    guard !isComposing else { return }
    droppedColumns += columns.indices.filter { !experts.contains($0) }.compactMap { columns[$0] }
    columns = experts.map { $0.flatMap { columns[$0] } }
    if !places.isEmpty { places = experts.map { $0.flatMap { places[$0] } } }
  }

  /// The columns, also those of experts that have been dropped.
  public var knownFeatures: [String] { columns.compactMap(\.self) + droppedColumns }

  /// The other gate; without one, this gate, for which weights are all that is known.
  public var ofUnknown: any Gate { base ?? self }

  /// The terms are those of the other gate.
  public var terms: [PartTerm] { base?.terms ?? [] }

  /// The parameters are those of the other gate.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] { base?.parameters(for: baseSummary(data)) ?? [] }

  /// The common parameters are those of the other gate.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] {
    base?.commonParameters(for: baseSummary(data)) ?? []
  }

  /// Finds the columns, and tells the other gate of the other features.
  ///
  /// - Throws: `DataError` if the gate has no features of its own, or a column is not among them or negative somewhere.
  public mutating func configure(for data: DataSummary) throws {
    let names = data.gateFeatures.map(\.name)
    guard let negative = data.negativeGateFeatures else {
      let columns = columns.compactMap(\.self).joined(separator: ", ")
      throw DataError("what is known of rows are features of the gate: name \(columns) after |")
    }
    places = try columns.map { column in
      guard let column else { return nil }
      guard let place = names.firstIndex(of: column) else {
        throw DataError("no column \(column) of known weights among the gate's: \(names.joined(separator: ", "))")
      }
      return place
    }
    if let column = columns.compactMap(\.self).first(where: negative.contains) {
      throw DataError("column \(column): known weights must be at least zero")
    }
    otherPlaces = names.indices.filter { !knownFeatures.contains(names[$0]) }
    let others = baseSummary(data)
    try base?.configure(for: others)
  }

  /// Multiplies responsibilities by a_ik; a row to which the start gives none that is possible has those that are known.
  public func respectKnown(_ tile: Tile, in responsibilities: inout MutableSpan<Double>) {
    var known = [Double](repeating: 0, count: expertCount * tile.capacity)
    withMutableSpan(of: &known) { addKnown(tile, to: &$0) }
    for i in 0..<tile.assignmentCount {
      let places = (0..<expertCount).map { $0 * tile.capacity + i }
      guard places.contains(where: { known[$0] != 0 }) else { continue }
      var (product, sum) = (0.0, 0.0)
      for place in places {
        known[place] = exp(known[place])
        sum += known[place]
        product += known[place] * responsibilities[place]
      }
      for place in places {
        responsibilities[place] =
          product > 0 ? known[place] * responsibilities[place] / product : known[place] / sum
      }
    }
  }

  /// ln a_ik + E ln π_ik; without another gate ln of the weights.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    guard let base else { return logPredictiveWeights(tile, into: &scores) }
    base.expectedLogWeights(baseTile(tile), into: &scores)
    addKnown(tile, to: &scores)
  }

  /// ln of a_ik π_ik / Σ_j a_ij π_ij, with the other gate's predictive weights: given what is known of the row. Of a row of which
  /// nothing is known, they are the other gate's.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    if let base {
      base.logPredictiveWeights(baseTile(tile), into: &scores)
    } else {
      for i in 0..<(expertCount * tile.capacity) { scores[i] = 0 }
    }
    addKnown(tile, to: &scores)
    normalizeLogWeights(&scores, columns: expertCount, tile)
  }

  /// The sums are those of the other gate.
  public var statisticsCount: Int { base?.statisticsCount ?? 0 }

  /// The other gate's sums under the same responsibilities.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    base?.accumulate(baseTile(tile), weighedBy: responsibilities, into: &statistics)
  }

  /// The other gate's update.
  public mutating func update(from statistics: Span<Double>, resum: Resum<KnownGate>) throws {
    let current = self
    try base?.update(statistics, isPossible: resum.isPossible) { trial in
      var gate = current
      gate.base = trial
      return try resum(gate)
    }
  }

  /// What the other gate takes from the ELBO.
  public var divergence: Double { base?.divergence ?? 0 }

  /// The terms that cancel are those of the other gate.
  public func cancellingTerms(in statistics: Span<Double>) -> Double { base?.cancellingTerms(in: statistics) ?? 0 }

  /// Lets the other gate move them.
  public func rebase(_ statistics: inout MutableSpan<Double>, from earlier: KnownGate) {
    if let earlier = earlier.base { base?.rebase(&statistics, fromAny: earlier) }
  }

  /// The warnings are those of the other gate.
  public var warnings: [String] { base?.warnings ?? [] }
}

extension KnownGate {
  /// What the other gate sees of the data.
  func baseSummary(_ data: DataSummary) -> DataSummary {
    var others = data
    others.gateFeatures = otherPlaces.map { data.gateFeatures[$0] }
    others.gateCovariance = data.gateCovariance.restricted(to: otherPlaces)
    others.units.ownGateFeatures = otherPlaces.map { data.units.gateFeatures[$0] }
    others.units.gateNames = others.gateFeatures.map(\.name)
    return others
  }

  func baseTile(_ tile: Tile) -> Tile {
    base?.readsFeatures == true ? tile.gateTile(otherPlaces) : tile
  }

  /// Adds ln a_ik.
  private func addKnown(_ tile: Tile, to scores: inout MutableSpan<Double>) {
    let features = tile.gateFeatures
    var largest = [Double](repeating: 0, count: tile.assignmentCount)
    for place in places.compactMap(\.self) {
      let start = place * tile.capacity
      for i in largest.indices { largest[i] = max(largest[i], features[start + i]) }
    }
    for (k, place) in places.enumerated() {
      for i in largest.indices {
        let weight = place.map { features[$0 * tile.capacity + i] } ?? 0
        guard weight < largest[i] else { continue }
        scores[k * tile.capacity + i] += weight > 0 ? log(weight / largest[i]) : Self.logOfZero
      }
    }
  }
}

extension KnownGate {
  private enum CodingKeys: CodingKey { case columns, droppedColumns, places, otherPlaces, base }

  /// Decodes the gate; the other gate's type is found by its name (see `PartRegistry`).
  ///
  /// - Throws: `DecodingError` for an unknown type, or one that is no gate.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    columns = try container.decode([String?].self, forKey: .columns)
    droppedColumns = try container.decode([String].self, forKey: .droppedColumns)
    places = try container.decode([Int?].self, forKey: .places)
    otherPlaces = try container.decode([Int].self, forKey: .otherPlaces)
    base = try container.decodeIfPresent(CodedByName<any Gate>.self, forKey: .base)?.wrappedValue
  }

  /// Encodes the columns, and the other gate with the name of its type.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(columns, forKey: .columns)
    try container.encode(droppedColumns, forKey: .droppedColumns)
    try container.encode(places, forKey: .places)
    try container.encode(otherPlaces, forKey: .otherPlaces)
    try container.encodeIfPresent(base.map { CodedByName(wrappedValue: $0) }, forKey: .base)
  }
}

extension Gate {
  /// Updates a gate behind an existential.
  fileprivate mutating func update(
    _ statistics: Span<Double>, isPossible: Bool, _ pass: @escaping (any Gate) throws -> [Double]
  ) throws {
    try update(from: statistics, resum: Resum(isPossible: isPossible) { try pass($0) })
  }
}
