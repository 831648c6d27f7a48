import MixtureCore

/// The columns of several distributions side by side. Linear predictors read those of the first distribution.
public struct JoinedFeatures: FeatureDistribution {
  /// The distributions, in the order of their columns.
  public var distributions: [any FeatureDistribution] { coded.map(\.wrappedValue) }
  private let coded: [CodedByName<any FeatureDistribution>]

  /// Distributions whose columns stand side by side.
  public init(_ distributions: [any FeatureDistribution]) { coded = distributions.map { CodedByName(wrappedValue: $0) } }

  /// Those of the distributions, one after another.
  public var columns: [ColumnSchema] { distributions.flatMap(\.columns) }
  /// The predictors are those of the first distribution.
  public var predictorCount: Int { distributions.first?.predictorCount ?? 0 }

  /// - Throws: `ArgumentError` for what is wrong with one of the distributions.
  public func validate() throws { for distribution in distributions { try distribution.validate() } }

  /// Lets one distribution after another draw.
  public func draw(_ block: inout RowBlock, from column: Int) {
    var start = column
    for distribution in distributions {
      distribution.draw(&block, from: start)
      start += distribution.columns.count
    }
  }
}
