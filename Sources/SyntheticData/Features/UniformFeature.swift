import MixtureCore

/// One feature x, uniform on an interval.
public struct UniformFeature: FeatureDistribution, Equatable {
  /// The least and the greatest value.
  public let range: ClosedRange<Double>

  /// A feature on the given interval.
  public init(_ range: ClosedRange<Double>) { self.range = range }

  /// The feature is one number, x.
  public var columns: [ColumnSchema] { ["x"] }

  /// - Throws: `ArgumentError` for ends that are not finite, or beyond 10¹⁰⁰.
  public func validate() throws { try Self.requireFinite([range.lowerBound, range.upperBound], argument: "range") }

  /// Draws x ~ U(range).
  public func draw(_ block: inout RowBlock, from column: Int) {
    let width = range.upperBound - range.lowerBound
    for row in 0..<block.count {
      block.features[row, column] = range.lowerBound + width * block.sources[row].uniform()
    }
  }
}
