import GSL
import MixtureCore

/// Any generator with further features that are nearly linear combinations of its numbers: x_new = Σ_j a_j x_j + N(0, σ²). They tell
/// nothing that the others do not tell better.
public struct CollinearFeatures: GeneratorModifier {
  /// The generator whose features come first.
  @CodedByName public private(set) var base: any Generator
  /// a: a row for each further feature, with an entry for each feature of the base that holds real numbers.
  public let combinations: Matrix
  /// σ.
  public let noise: Double
  /// The numbers of the features that are combined.
  private let combined: [Int]

  /// A generator with further features.
  ///
  /// - Parameters:
  ///   - base: the generator whose features come first.
  ///   - combinations: a row for each further feature, with an entry for each feature of the base that holds real numbers.
  ///   - noise: the standard deviation of what is added to the combinations.
  /// - Throws: ``SyntheticDataError`` if the base has no such feature, or another number of them.
  public init(_ base: any Generator, combinations: Matrix, noise: Double) throws {
    combined = base.features.indices.filter { base.features[$0].isReal }
    guard !combined.isEmpty else {
      throw SyntheticDataError("collinear features are combinations of numbers, but there is no such feature")
    }
    guard combinations.columns == combined.count else {
      throw SyntheticDataError("combinations of \(combinations.columns) features, but there are \(combined.count)")
    }
    _base = CodedByName(wrappedValue: base)
    self.combinations = combinations
    self.noise = noise
  }

  /// Those of the base, then collinear1, collinear2, ….
  public var features: [SyntheticColumn] {
    base.features + (0..<combinations.rows).map { SyntheticColumn("collinear\($0 + 1)") }
  }

  /// Lets the base draw, then combines.
  public func drawFeatures(_ block: inout RowBlock) {
    base.drawFeatures(&block)
    let start = base.features.count
    for row in 0..<block.count {
      for i in 0..<combinations.rows {
        var sum = block.sources[row].gaussian(standardDeviation: noise)
        for (a, j) in combined.enumerated() { sum += combinations[i, a] * block.features[row, j] }
        block.features[row, start + i] = sum
      }
    }
  }
}

extension CollinearFeatures {
  private enum CodingKeys: CodingKey { case base, combinations, noise }

  /// Decodes the base, the combinations and their noise.
  ///
  /// - Throws: `DecodingError`; ``SyntheticDataError`` for what no generator can have.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode(CodedByName<any Generator>.self, forKey: .base).wrappedValue,
      combinations: container.decode(Matrix.self, forKey: .combinations),
      noise: container.decode(Double.self, forKey: .noise))
  }
}
