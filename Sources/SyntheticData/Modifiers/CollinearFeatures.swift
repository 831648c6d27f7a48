import GSL
import MixtureCore

/// Any generator with further features that are nearly linear combinations of its numbers: x_new = Σ_j a_j x_j + N(0, σ²). They tell
/// nothing that the others do not tell better.
public struct CollinearFeatures: GeneratorModifier {
  /// The generator whose features come first.
  @CodedByName public private(set) var base: any Generator
  /// a: a row for each further feature, with an entry for each feature of the base that holds real numbers.
  public let combinations: Matrix
  /// The standard deviation σ.
  public let noise: Double

  /// A generator with further features.
  ///
  /// - Parameters:
  ///   - base: the generator whose features come first.
  ///   - combinations: a row for each further feature, with an entry for each feature of the base that holds real numbers.
  ///   - noise: the standard deviation of what is added to the combinations.
  /// - Throws: as ``validate()``.
  public init(_ base: any Generator, combinations: Matrix, noise: Double) throws {
    _base = CodedByName(wrappedValue: base)
    self.combinations = combinations
    self.noise = noise
    try validate()
  }

  /// - Throws: ``SyntheticDataError`` if the base has no feature of real numbers; `ArgumentError` for combinations of another number of them,
  ///   a number that is not finite, or negative noise; what the base throws.
  public func validate() throws {
    try base.validate()
    let combined = combined
    guard !combined.isEmpty else {
      throw SyntheticDataError("collinear features are combinations of numbers, but there is no such feature")
    }
    try Self.require(
      combinations.columns == combined.count, argument: "combinations", value: "of \(combinations.columns) columns",
      need: "of \(combined.count), one for each feature of real numbers")
    try Self.requireFinite(combinations.elements, argument: "combinations")
    try Self.require(noise >= 0, argument: "noise", value: noise, need: "a number of at least 0")
    try Self.requireFinite([noise], argument: "noise")
  }

  /// The numbers of the features that are combined.
  private var combined: [Int] {
    let features = base.features
    return features.indices.filter { features[$0].kind == .number }
  }

  /// Those of the base, then collinear1, collinear2, ….
  public var features: [ColumnSchema] {
    base.features + (0..<combinations.rows).map { ColumnSchema("collinear\($0 + 1)") }
  }

  /// Lets the base draw, then combines.
  public func drawFeatures(_ block: inout RowBlock) {
    base.drawFeatures(&block)
    let (start, combined) = (base.features.count, combined)
    for row in 0..<block.count {
      for i in 0..<combinations.rows {
        var sum = block.sources[row].gaussian(standardDeviation: noise)
        for (a, j) in combined.enumerated() { sum += combinations[i, a] * block.features[row, j] }
        block.features[row, start + i] = sum
      }
    }
  }
}
