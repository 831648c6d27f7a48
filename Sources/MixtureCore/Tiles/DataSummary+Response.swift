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
    /// The first row whose value is not a whole number, or more than 2⁵³, up to which numbers tell whole ones apart; nil if there is none.
    public var firstNotWhole: RowValue?
    /// The first row whose value is more than 1, of which yes or no, and successes of one trial, know none; nil if there is none.
    public var firstAboveOne: RowValue?
    /// Mean and standard deviation of ln(y + ½), by which counts are measured; nil if a value is none.
    public var logarithm: Logarithm?
    /// What is known of the numbers of trials; nil if the response has none.
    public var trials: Trials?

    /// Whether all values are whole numbers.
    public var isWhole: Bool { firstNotWhole == nil }

    /// A response without anything that is not a count, of which nothing is known but its moments.
    package init(
      _ moments: Column, firstNegative: RowValue? = nil, firstNotWhole: RowValue? = nil, firstAboveOne: RowValue? = nil,
      logarithm: Logarithm? = nil, trials: Trials? = nil
    ) {
      self.moments = moments
      self.firstNegative = firstNegative
      self.firstNotWhole = firstNotWhole
      self.firstAboveOne = firstAboveOne
      self.logarithm = logarithm
      self.trials = trials
    }

    /// Whether there are two values, in one or the other of which every row is.
    package var hasTwoValues: Bool { moments.least < moments.greatest && moments.shareAtEnds == 1 }

    /// A value in words: a level by its name, a whole number without a point.
    package func words(_ value: Double) -> String {
      if let levels = moments.levels, let code = Int(exactly: value), levels.indices.contains(code) { return levels[code] }
      return DataSummary.RowValue(row: 0, value: value).text
    }

    /// What the response is.
    public var schema: ResponseColumn { ResponseColumn(moments.column, hasTrials: trials != nil) }

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
    package var text: String { Int(exactly: value).map(String.init) ?? "\(value)" }
  }

  /// The numbers of trials of a response's rows.
  public struct Trials: Sendable, Codable, Equatable {
    /// Their sum by row weights, Σ w n.
    public var total: Double
    /// The first number of trials that is negative; nil if there is none.
    public var firstNegative: RowValue?
    /// The first number of trials that is not whole, or more than 2⁵³; nil if there is none.
    public var firstNotWhole: RowValue?
    /// The first number of trials that is less than the response; nil if there is none.
    public var firstExceeded: RowValue?
    /// The first number of trials that is more than the response; nil if every trial is a success.
    public var firstFailure: RowValue?
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
  private enum CodingKeys: String, CodingKey { case firstNegative, firstNotWhole, firstAboveOne, logarithm, trials }

  /// Reads the keys of a column and, beside them, what else is known of a response.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try DataSummary.Column(from: decoder),
      firstNegative: try container.decodeIfPresent(DataSummary.RowValue.self, forKey: .firstNegative),
      firstNotWhole: try container.decodeIfPresent(DataSummary.RowValue.self, forKey: .firstNotWhole),
      firstAboveOne: try container.decodeIfPresent(DataSummary.RowValue.self, forKey: .firstAboveOne),
      logarithm: try container.decodeIfPresent(DataSummary.Logarithm.self, forKey: .logarithm),
      trials: try container.decodeIfPresent(DataSummary.Trials.self, forKey: .trials))
  }

  /// Writes what ``init(from:)`` reads.
  public func encode(to encoder: any Encoder) throws {
    try moments.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(firstNegative, forKey: .firstNegative)
    try container.encodeIfPresent(firstNotWhole, forKey: .firstNotWhole)
    try container.encodeIfPresent(firstAboveOne, forKey: .firstAboveOne)
    try container.encodeIfPresent(logarithm, forKey: .logarithm)
    try container.encodeIfPresent(trials, forKey: .trials)
  }
}
