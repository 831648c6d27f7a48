import Foundation

/// What a pass over the rows finds of a response beside its moments: the first rows whose values are no counts, and sums.
///
/// Each worker has findings of its own. Which worker has seen which rows does not matter to the first of them.
struct ResponseFindings {
  /// How many sums it adds: of logarithms, less an origin, of their squares, and of trials.
  static let sumCount = 3

  private let index: Int
  private let origin: Double
  private let hasTrials: Bool
  private var value = FirstFaults()
  private var trials = FirstFaults()
  private var firstExceeded = FirstRow()
  private var firstFailure = FirstRow()
  private var firstAboveOne = FirstRow()

  /// Findings of none of the rows of response column `index`.
  ///
  /// - Parameter first: the first tile.
  init(ofResponse index: Int, from first: Tile) {
    self.index = index
    origin = Self.logarithm(first.responses[index][0] * first.units.responses[index])
    hasTrials = first.shape.responses[index].hasTrials
  }

  private static func logarithm(_ value: Double) -> Double { log(max(value, 0) + 0.5) }

  /// Looks at a tile's rows, and adds their sums from the place `start` on.
  mutating func note(_ tile: Tile, into sums: inout [Double], at start: Int) {
    let (values, unit, weights) = (tile.responses[index], tile.units.responses[index], tile.rowWeights)
    for i in tile.rows where weights[i] > 0 {
      let row = tile.rowNumbers.lowerBound + i
      value.note(values[i] * unit, row: row)
      if values[i] * unit > 1 { firstAboveOne.note(values[i] * unit, row: row) }
      // Only counts are measured by logarithms.
      guard value.areCounts else { continue }
      let distance = Self.logarithm(values[i] * unit) - origin
      sums[start] += weights[i] * distance
      sums[start + 1] += weights[i] * distance * distance
    }
    guard let counts = tile.trials(ofResponse: index) else { return }
    for i in tile.rows where weights[i] > 0 {
      let row = tile.rowNumbers.lowerBound + i
      trials.note(counts[i], row: row)
      if counts[i] < values[i] * unit { firstExceeded.note(counts[i], row: row) }
      if counts[i] > values[i] * unit { firstFailure.note(counts[i], row: row) }
      sums[start + 2] += weights[i] * counts[i]
    }
  }

  /// What this and another worker have found together.
  func union(_ other: ResponseFindings) -> ResponseFindings {
    var result = self
    result.value.unite(with: other.value)
    result.trials.unite(with: other.trials)
    result.firstExceeded.unite(with: other.firstExceeded)
    result.firstFailure.unite(with: other.firstFailure)
    result.firstAboveOne.unite(with: other.firstAboveOne)
    return result
  }

  /// The response, from its moments and the sums over all rows.
  func response(moments: DataSummary.Column, sums: [Double], weight: Double) -> DataSummary.Response {
    let mean = sums[0] / weight
    let logarithm = DataSummary.Logarithm(
      mean: origin + mean, standardDeviation: max(sums[1] / weight - mean * mean, 0).squareRoot())
    let ofTrials = DataSummary.Trials(
      total: sums[2], firstNegative: trials.firstNegative.place, firstNotWhole: trials.firstNotWhole.place,
      firstExceeded: firstExceeded.place, firstFailure: firstFailure.place)
    return DataSummary.Response(
      moments, firstNegative: value.firstNegative.place, firstNotWhole: value.firstNotWhole.place,
      firstAboveOne: firstAboveOne.place, logarithm: value.areCounts ? logarithm : nil,
      trials: hasTrials ? ofTrials : nil)
  }
}

/// The first row of those noted.
private struct FirstRow {
  private(set) var place: DataSummary.RowValue?

  mutating func note(_ value: Double, row: Int) {
    if row < place?.row ?? .max { place = DataSummary.RowValue(row: row, value: value) }
  }

  mutating func unite(with other: FirstRow) {
    if let place = other.place { note(place.value, row: place.row) }
  }
}

/// The first values that are no counts.
private struct FirstFaults {
  private(set) var firstNegative = FirstRow()
  private(set) var firstNotWhole = FirstRow()

  var areCounts: Bool { firstNegative.place == nil && firstNotWhole.place == nil }

  mutating func note(_ value: Double, row: Int) {
    if value < 0 { firstNegative.note(value, row: row) }
    // Beyond 2⁵³ numbers do not tell neighbours apart.
    if value != value.rounded() || value > 0x1p53 { firstNotWhole.note(value, row: row) }
  }

  mutating func unite(with other: FirstFaults) {
    firstNegative.unite(with: other.firstNegative)
    firstNotWhole.unite(with: other.firstNotWhole)
  }
}
