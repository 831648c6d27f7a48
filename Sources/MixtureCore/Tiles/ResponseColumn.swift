/// What a response column is: its name and what its numbers stand for, and whether there is a number of trials beside each.
public struct ResponseColumn: Sendable, Equatable {
  /// The column's name, and what its numbers stand for.
  public var column: ColumnSchema
  /// Whether each row has a number of trials, of which the value is the number of successes (see ``Tile/trials(ofResponse:)``).
  public var hasTrials: Bool

  /// A response column, without trials unless they are asked for.
  public init(_ column: ColumnSchema, hasTrials: Bool = false) {
    self.column = column
    self.hasTrials = hasTrials
  }

  /// The column's name.
  public var name: String { column.name }
}

extension ResponseColumn: ExpressibleByStringLiteral {
  /// A column of real numbers of that name, without trials.
  public init(stringLiteral name: String) { self.init(ColumnSchema(name)) }
}

extension ResponseColumn: Codable {
  private enum CodingKeys: String, CodingKey { case hasTrials }

  /// Reads the keys of a ``ColumnSchema`` and, beside them, `hasTrials`, which is false where it is not there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try ColumnSchema(from: decoder), hasTrials: try container.decodeIfPresent(Bool.self, forKey: .hasTrials) ?? false)
  }

  /// Writes what ``init(from:)`` reads.
  public func encode(to encoder: any Encoder) throws {
    try column.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    if hasTrials { try container.encode(hasTrials, forKey: .hasTrials) }
  }
}
