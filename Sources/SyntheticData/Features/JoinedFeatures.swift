import MixtureCore

/// The columns of several laws side by side. Linear predictors read those of the first law.
public struct JoinedFeatures: FeatureLaw {
  /// The laws, in the order of their columns.
  public var laws: [any FeatureLaw] { coded.map(\.wrappedValue) }
  private let coded: [CodedByName<any FeatureLaw>]

  /// Laws whose columns stand side by side.
  public init(_ laws: [any FeatureLaw]) { coded = laws.map { CodedByName(wrappedValue: $0) } }

  /// Those of the laws, one after another.
  public var columns: [SyntheticColumn] { laws.flatMap(\.columns) }
  /// Those of the first law.
  public var predictorCount: Int { laws.first?.predictorCount ?? 0 }

  /// - Throws: ``SyntheticDataError`` for what is wrong with one of the laws.
  public func validate() throws { for law in laws { try law.validate() } }

  /// Lets one law after another draw.
  public func draw(_ block: inout RowBlock, from column: Int) {
    var start = column
    for law in laws {
      law.draw(&block, from: start)
      start += law.columns.count
    }
  }
}
