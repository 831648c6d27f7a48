import GSL
import MixtureCore

/// A generator composed of three kinds of parts: a distribution of the features, weights of the experts, and the experts' distributions of the response.
///
/// Any of them go together: the softmax weights of one benchmark with the Poisson experts of another. Wrappers around the whole, such as
/// ``IrrelevantFeatures``, take any generator.
public struct SyntheticMixture: Generator {
  /// The distribution of the features.
  @CodedByName public private(set) var featureDistribution: any FeatureDistribution
  /// The weights of the experts.
  @CodedByName public private(set) var weights: any ExpertWeights
  /// The experts' distributions of the response, which all have the same columns.
  public var experts: [any ResponseDistribution] { coded.map(\.wrappedValue) }
  private let coded: [CodedByName<any ResponseDistribution>]

  private enum CodingKeys: String, CodingKey { case featureDistribution = "featureLaw", weights, coded = "experts" }

  /// A mixture of its parts.
  ///
  /// - Throws: `ArgumentError` for a parameter of a part; ``SyntheticDataError`` for parts that do not go together.
  public init(features: any FeatureDistribution, weights: any ExpertWeights, experts: [any ResponseDistribution]) throws {
    _featureDistribution = CodedByName(wrappedValue: features)
    _weights = CodedByName(wrappedValue: weights)
    coded = experts.map { CodedByName(wrappedValue: $0) }
    try validate()
  }

  /// Checks the parts, and that they go together.
  ///
  /// - Throws: `ArgumentError` for a parameter of a part; ``SyntheticDataError`` without experts, with weights for another number of
  ///   them, with experts that do not agree on the columns of the response, its trials or its exposure, or with parts that the features do not
  ///   suffice for.
  public func validate() throws {
    try featureDistribution.validate()
    try weights.validate()
    guard expertCount > 0 else { throw SyntheticDataError("0 experts: give at least one") }
    guard weights.expertCount == expertCount else {
      throw SyntheticDataError("weights of \(weights.expertCount) experts, but there are \(expertCount)")
    }
    let (features, response) = (features, response)
    guard !response.isEmpty else { throw SyntheticDataError("a response of 0 columns: give at least one") }
    try weights.validate(features)
    for (k, expert) in experts.enumerated() {
      try SyntheticDataError.at("expert \(k + 1)") {
        try expert.validate()
        try expert.validate(features)
        guard expert.columns == response else { throw SyntheticDataError("its response has other columns than expert 1's") }
        guard expert.trialsFeature == trialsFeature, expert.exposureFeature == exposureFeature else {
          throw SyntheticDataError("it reads its trials or its exposure from another feature than expert 1")
        }
      }
    }
  }

  /// The features are those of their distribution.
  public var features: [ColumnSchema] { featureDistribution.columns }
  /// The response is that of the experts.
  public var response: [ColumnSchema] { coded[0].wrappedValue.columns }
  /// The feature of the trials is that of the experts.
  public var trialsFeature: Int? { coded[0].wrappedValue.trialsFeature }
  /// The feature of the exposure is that of the experts.
  public var exposureFeature: Int? { coded[0].wrappedValue.exposureFeature }
  /// How many experts there are.
  public var expertCount: Int { coded.count }
  /// A row costs the operations of all experts.
  public var operationsPerRow: Int {
    let featureCount = features.count
    return experts.reduce(0) { $0 + $1.operationsPerRow(featureCount: featureCount) }
  }
  /// Whether all experts know the mean of their response.
  public var hasMeans: Bool { experts.allSatisfy(\.hasMean) }

  /// Lets the distribution of the features draw.
  public func drawFeatures(_ block: inout RowBlock) { featureDistribution.draw(&block, from: 0) }

  /// Asks the weights.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) { weights.logWeights(block, into: &terms) }

  /// Lets each expert draw for the rows that are assigned to it.
  public func drawResponse(_ block: inout RowBlock) {
    var rows = [[Int]](repeating: [], count: expertCount)
    for row in 0..<block.count { rows[block.assignments[row]].append(row) }
    for (expert, rows) in zip(experts, rows) where !rows.isEmpty { expert.draw(rows, into: &block) }
  }

  /// Asks each expert.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix) {
    for (k, expert) in experts.enumerated() { expert.logDensities(block, into: &terms, column: k) }
  }

  /// Asks each expert.
  public func means(_ block: RowBlock, into means: inout Matrix) {
    for (k, expert) in experts.enumerated() { expert.means(block, into: &means, column: k) }
  }

  /// Those of the expert's distribution.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate] {
    coded.indices.contains(expert) ? coded[expert].wrappedValue.parameters(features: features.map(\.name)) : []
  }
}
