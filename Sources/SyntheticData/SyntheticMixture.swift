import GSL
import MixtureCore

/// A generator composed of three kinds of parts: a law of the features, weights of the experts, and the experts' laws of the response.
///
/// Any of them go together: the softmax weights of one benchmark with the Poisson experts of another. Wrappers around the whole, such as
/// ``IrrelevantFeatures``, take any generator.
public struct SyntheticMixture: Generator {
  /// The law of the features.
  public let featureLaw: any FeatureLaw
  /// The weights of the experts.
  public let weights: any WeightLaw
  /// The experts' laws of the response, which all have the same columns.
  public let experts: [any ResponseLaw]

  /// A mixture of its parts.
  ///
  /// - Throws: ``SyntheticDataError`` without experts, with weights for another number of them, with experts that do not agree on
  ///   the columns of the response, or with parts that the features do not suffice for.
  public init(features: any FeatureLaw, weights: any WeightLaw, experts: [any ResponseLaw]) throws {
    guard let first = experts.first else { throw SyntheticDataError("0 experts: give at least one") }
    guard weights.expertCount == experts.count else {
      throw SyntheticDataError("weights of \(weights.expertCount) experts, but there are \(experts.count)")
    }
    guard experts.allSatisfy({ $0.columns == first.columns }) else {
      throw SyntheticDataError("the experts' responses have different columns")
    }
    try weights.validate(features.columns)
    for expert in experts { try expert.validate(features.columns) }
    featureLaw = features
    self.weights = weights
    self.experts = experts
  }

  /// Those of the law of the features.
  public var features: [SyntheticColumn] { featureLaw.columns }
  /// Those of the experts.
  public var response: [SyntheticColumn] { experts[0].columns }
  /// How many experts there are.
  public var expertCount: Int { experts.count }
  /// Whether all experts know the mean of their response.
  public var hasMeans: Bool { experts.allSatisfy(\.hasMean) }

  /// Lets the law of the features draw.
  public func drawFeatures(_ block: inout RowBlock) { featureLaw.draw(&block, from: 0) }

  /// Asks the weights.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) { weights.logWeights(block, into: &terms) }

  /// Lets each expert draw for the rows that are assigned to it.
  public func drawResponse(_ block: inout RowBlock) {
    var rows = [[Int]](repeating: [], count: experts.count)
    for row in 0..<block.count { rows[block.assignments[row]].append(row) }
    for (expert, rows) in zip(experts, rows) where !rows.isEmpty { expert.draw(rows, &block) }
  }

  /// Asks each expert.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix) {
    for (k, expert) in experts.enumerated() { expert.logDensities(block, into: &terms, column: k) }
  }

  /// Asks each expert.
  public func means(_ block: RowBlock, into means: inout Matrix) {
    for (k, expert) in experts.enumerated() { expert.means(block, into: &means, column: k) }
  }

  /// Those of the expert's law.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate] {
    experts.indices.contains(expert) ? experts[expert].parameters(features: features.map(\.name)) : []
  }
}

extension SyntheticMixture {
  private enum CodingKeys: CodingKey { case featureLaw, weights, experts }

  /// Decodes the parts.
  ///
  /// - Throws: `DecodingError`; ``SyntheticDataError`` for parts that do not go together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      features: container.decode(CodedByName<any FeatureLaw>.self, forKey: .featureLaw).wrappedValue,
      weights: container.decode(CodedByName<any WeightLaw>.self, forKey: .weights).wrappedValue,
      experts: container.decode([CodedByName<any ResponseLaw>].self, forKey: .experts).map(\.wrappedValue))
  }

  /// Encodes the parts, each with its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(CodedByName(wrappedValue: featureLaw), forKey: .featureLaw)
    try container.encode(CodedByName(wrappedValue: weights), forKey: .weights)
    try container.encode(experts.map { CodedByName(wrappedValue: $0) }, forKey: .experts)
  }
}
