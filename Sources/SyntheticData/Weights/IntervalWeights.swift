import GSL
import MixtureCore

/// π_k(x) = 1 on the kth interval of the first feature, and 0 elsewhere.
public struct IntervalWeights: ExpertWeights {
  /// The bounds between intervals, in rising order: one less than experts.
  public let bounds: [Double]

  /// Weights for the intervals between the given bounds, which rise. A bound belongs to the interval above it.
  public init(bounds: [Double]) { self.bounds = bounds }

  /// An interval each.
  public var expertCount: Int { bounds.count + 1 }

  /// - Throws: `ArgumentError` unless the bounds are finite and rise.
  public func validate() throws {
    try Self.requireFinite(bounds, argument: "bounds")
    try Self.require(
      zip(bounds, bounds.dropFirst()).allSatisfy(<), argument: "bounds", value: bounds,
      need: "each above the one before it")
  }

  /// - Throws: ``SyntheticDataError`` unless the first feature is a number.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: 2, of: "weights by intervals")
  }

  /// Writes 0 for the expert whose interval holds x, and −∞ for the others.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    for row in 0..<block.count {
      for k in 0..<expertCount { terms[row, k] = -.infinity }
      let x = block.features[row, 0]
      terms[row, bounds.firstIndex { x < $0 } ?? bounds.count] = 0
    }
  }
}
