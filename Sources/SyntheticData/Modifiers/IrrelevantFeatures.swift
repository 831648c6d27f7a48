import MixtureCore

/// Any generator with further features, standard normal, that have nothing to do with the rest.
public struct IrrelevantFeatures: GeneratorModifier {
  /// The generator whose features come first.
  @CodedByName public private(set) var base: any Generator
  /// How many features there are beside them.
  public let count: Int

  /// A generator with `count` irrelevant features.
  public init(_ base: any Generator, count: Int) {
    _base = CodedByName(wrappedValue: base)
    self.count = count
  }

  /// - Throws: `ArgumentError` for a negative number of features, or more than a million; what the base throws.
  public func validate() throws {
    try base.validate()
    try Self.requireCount(count, argument: "count")
  }

  /// Those of the base, then irrelevant1, irrelevant2, ….
  public var features: [ColumnSchema] {
    base.features + (0..<count).map { ColumnSchema("irrelevant\($0 + 1)") }
  }

  /// Lets the base draw, then draws N(0, 1) for each further feature.
  public func drawFeatures(_ block: inout RowBlock) {
    base.drawFeatures(&block)
    let start = base.features.count
    for row in 0..<block.count {
      for j in start..<(start + count) { block.features[row, j] = block.sources[row].gaussian() }
    }
  }
}
