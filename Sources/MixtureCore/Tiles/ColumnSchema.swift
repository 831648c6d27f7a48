/// What a column of data is: its name, and what its numbers stand for.
///
/// A table, the rows of a fit, simulated data and the files of models and of truths all describe their columns by it.
public struct ColumnSchema: Sendable, Equatable {
  /// What the numbers of a column stand for.
  public enum Kind: Sendable, Equatable {
    /// Real numbers.
    case number
    /// Counts 0, 1, 2, …, so that densities of them are probabilities.
    case count
    /// Categories: the numbers are the codes 0, 1, … of the levels.
    case category(levels: [String])
  }

  /// The column's name.
  public var name: String
  /// What its numbers stand for.
  public var kind: Kind

  /// A column, of real numbers unless another kind is given.
  public init(_ name: String, _ kind: Kind = .number) {
    self.name = name
    self.kind = kind
  }

  /// The levels of a column of categories; nil for numbers and counts.
  public var levels: [String]? {
    if case .category(let levels) = kind { levels } else { nil }
  }
}

extension ColumnSchema: ExpressibleByStringLiteral {
  /// A column of real numbers of that name.
  public init(stringLiteral name: String) { self.init(name) }
}

extension ColumnSchema: Codable {
  private enum CodingKeys: String, CodingKey { case name, levels, isCount }

  /// Reads `{"name": …, "isCount": …, "levels": […]}`, of which the name alone must be there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let isCount = try container.decodeIfPresent(Bool.self, forKey: .isCount) ?? false
    let levels = try container.decodeIfPresent([String].self, forKey: .levels)
    guard levels == nil || !isCount else {
      throw DecodingError.dataCorruptedError(
        forKey: .isCount, in: container, debugDescription: "a column of counts has no levels")
    }
    name = try container.decode(String.self, forKey: .name)
    kind = levels.map(Kind.category) ?? (isCount ? .count : .number)
  }

  /// Writes what ``init(from:)`` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(levels, forKey: .levels)
    try container.encode(kind == .count, forKey: .isCount)
  }
}

extension ColumnSchema: Validatable {
  /// Checks that no two levels have one name.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate() throws {
    if let twice = levels?.firstRepeated { throw UnfitValue("levels", need: "two of them are \(twice)") }
  }
}
