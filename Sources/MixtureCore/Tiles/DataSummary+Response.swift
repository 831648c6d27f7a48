import Foundation

extension DataSummary {
  /// A response: its moments and its range, and whether its values are counts.
  ///
  /// Moments and range are read as if they were the response's own: `data.responses[0].variance`.
  @dynamicMemberLookup
  public struct Response: Sendable, Equatable {
    /// What the summary says of every column, in its units.
    public var moments: Column
    /// The first row whose value is negative; nil if there is none. Here and in what follows values are in the units of the data, and
    /// rows of weight zero do not count.
    public var firstNegative: RowValue?
    /// The first row whose value is not a whole number; nil if there is none.
    public var firstNotWhole: RowValue?
    /// Mean and standard deviation of ln(y + ½), by which counts are measured; nil if a value is negative.
    public var logarithm: Logarithm?

    /// Whether all values are whole numbers.
    public var isWhole: Bool { firstNotWhole == nil }

    /// A response without anything that is not a count, of which nothing is known but its moments.
    package init(
      _ moments: Column, firstNegative: RowValue? = nil, firstNotWhole: RowValue? = nil, logarithm: Logarithm? = nil
    ) {
      self.moments = moments
      self.firstNegative = firstNegative
      self.firstNotWhole = firstNotWhole
      self.logarithm = logarithm
    }

    /// What the summary says of every column.
    public subscript<Value>(dynamicMember member: KeyPath<Column, Value>) -> Value { moments[keyPath: member] }
  }

  /// A value, and the row in which it is.
  public struct RowValue: Sendable, Codable, Equatable {
    /// The row's number, from zero.
    public var row: Int
    /// The value, in the units of the data.
    public var value: Double

    /// The value in words: a whole number has no point.
    var text: String { Int(exactly: value).map(String.init) ?? "\(value)" }
  }

  /// Moments of the logarithms of a response.
  public struct Logarithm: Sendable, Codable, Equatable {
    /// The weighted mean.
    public var mean: Double
    /// The weighted standard deviation.
    public var standardDeviation: Double
  }
}

extension DataSummary.Response: Codable {
  private enum CodingKeys: String, CodingKey { case firstNegative, firstNotWhole, logarithm }

  /// Reads the keys of a column and, beside them, what else is known of a response.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try DataSummary.Column(from: decoder),
      firstNegative: try container.decodeIfPresent(DataSummary.RowValue.self, forKey: .firstNegative),
      firstNotWhole: try container.decodeIfPresent(DataSummary.RowValue.self, forKey: .firstNotWhole),
      logarithm: try container.decodeIfPresent(DataSummary.Logarithm.self, forKey: .logarithm))
  }

  /// Writes what ``init(from:)`` reads.
  public func encode(to encoder: any Encoder) throws {
    try moments.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(firstNegative, forKey: .firstNegative)
    try container.encodeIfPresent(firstNotWhole, forKey: .firstNotWhole)
    try container.encodeIfPresent(logarithm, forKey: .logarithm)
  }
}

/// What a pass over the rows finds of the responses beside their moments: the first rows that are no counts, and logarithms.
///
/// Each worker has one for itself. Which worker has seen which rows does not matter to the first of them.
struct ResponseFindings {
  /// How many sums it adds for each response: of logarithms, less an origin, and of their squares.
  static let sumCount = 2

  private var firstNegative: [DataSummary.RowValue?]
  private var firstNotWhole: [DataSummary.RowValue?]
  private let origins: [Double]

  /// Findings of none of the rows.
  ///
  /// - Parameter first: the first tile.
  init(from first: Tile) {
    origins = first.responses.indices.map { Self.logarithm(first.responses[$0][0] * first.units.responses[$0]) }
    firstNegative = origins.map { _ in nil }
    firstNotWhole = firstNegative
  }

  private static func logarithm(_ value: Double) -> Double { log(max(value, 0) + 0.5) }

  /// Looks at a tile's rows, and adds their sums from the place `start` on.
  mutating func note(_ tile: Tile, into sums: inout [Double], at start: Int) {
    for (j, values) in tile.responses.enumerated() {
      let (unit, place) = (tile.units.responses[j], start + Self.sumCount * j)
      for i in tile.rows where tile.rowWeights[i] > 0 {
        let (value, row) = (values[i] * unit, tile.rowNumbers.lowerBound + i)
        if value < 0, row < firstNegative[j]?.row ?? .max {
          firstNegative[j] = DataSummary.RowValue(row: row, value: value)
        }
        if value != value.rounded(), row < firstNotWhole[j]?.row ?? .max {
          firstNotWhole[j] = DataSummary.RowValue(row: row, value: value)
        }
        // Of negative values there are none.
        guard firstNegative[j] == nil else { continue }
        let distance = Self.logarithm(value) - origins[j]
        sums[place] += tile.rowWeights[i] * distance
        sums[place + 1] += tile.rowWeights[i] * distance * distance
      }
    }
  }

  /// What this and another worker have found together.
  func union(_ other: ResponseFindings) -> ResponseFindings {
    var result = self
    func earlier(_ a: DataSummary.RowValue?, _ b: DataSummary.RowValue?) -> DataSummary.RowValue? {
      guard let a, let b else { return a ?? b }
      return a.row < b.row ? a : b
    }
    for j in origins.indices {
      result.firstNegative[j] = earlier(firstNegative[j], other.firstNegative[j])
      result.firstNotWhole[j] = earlier(firstNotWhole[j], other.firstNotWhole[j])
    }
    return result
  }

  /// The response of a number, from its moments and the sums over all rows.
  func response(_ index: Int, moments: DataSummary.Column, sums: ArraySlice<Double>, weight: Double)
    -> DataSummary.Response
  {
    let place = sums.startIndex + Self.sumCount * index
    let mean = sums[place] / weight
    let logarithm = DataSummary.Logarithm(
      mean: origins[index] + mean, standardDeviation: max(sums[place + 1] / weight - mean * mean, 0).squareRoot())
    return DataSummary.Response(
      moments, firstNegative: firstNegative[index], firstNotWhole: firstNotWhole[index],
      logarithm: firstNegative[index] == nil ? logarithm : nil)
  }
}
