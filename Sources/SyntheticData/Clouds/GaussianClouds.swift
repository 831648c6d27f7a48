import GSL
import MixtureCore

/// Normal clouds of given weights: a distribution of features x1, x2, …, cloud k with probability π_k and then x ~ N(μ_k, Σ_k), and weights
/// π_k(x) ∝ π_k N(x | μ_k, Σ_k) (Xu, Jordan & Hinton 1995).
///
/// A mixture whose features and weights are both of the same clouds gives expert k the rows of cloud k; either also goes with another
/// distribution of the other.
public struct GaussianClouds: FeatureDistribution, ExpertWeights {
  /// π_k, the weights before x is seen.
  public let weights: ConstantWeights
  /// The clouds, of one dimension.
  public let clouds: [GaussianCloud]

  /// Clouds with the given weights, one for each.
  public init(weights: ConstantWeights, clouds: [GaussianCloud]) {
    self.weights = weights
    self.clouds = clouds
  }

  /// - Throws: `ArgumentError` for faulty weights or clouds, another number of them, or clouds of different dimensions.
  public func validate() throws {
    try weights.validate()
    try Self.require(
      weights.expertCount == clouds.count, argument: "weights", value: "of length \(weights.expertCount)",
      need: "\(clouds.count) numbers, one for each cloud")
    for (k, cloud) in clouds.enumerated() {
      try SyntheticDataError.at("cloud \(k + 1)") {
        try cloud.validate()
        try GaussianCloud.require(
          cloud.dimension == clouds[0].dimension, argument: "mean", value: cloud.mean,
          need: "\(clouds[0].dimension) numbers, as cloud 1 has")
      }
    }
  }

  private var dimension: Int { clouds.first?.dimension ?? 0 }
}

extension GaussianClouds {
  /// The columns x1, x2, ….
  public var columns: [ColumnSchema] { NormalFeatures(dimension).columns }

  /// Draws a cloud, and a point from it.
  public func draw(_ block: inout RowBlock, from column: Int) {
    for row in 0..<block.count {
      let k = block.sources[row].categorical(weights: weights.probabilities)
      clouds[k].draw(into: &block.features, row: row, from: column, using: &block.sources[row])
    }
  }
}

extension GaussianClouds {
  /// A cloud each.
  public var expertCount: Int { clouds.count }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each dimension of the clouds.
  public func validate(_ features: [ColumnSchema]) throws {
    try features.validatePredictors(coefficientCount: 1 + dimension, of: "Gaussian weights")
  }

  /// Writes ln π_k N(x | μ_k, Σ_k) − ln Σ_l π_l N(x | μ_l, Σ_l). Features beyond the dimensions of the clouds do not count.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    let constant = weights.logProbabilities
    for (k, cloud) in clouds.enumerated() {
      cloud.logDensities(of: block.features, from: 0, into: &terms, column: k)
    }
    for row in 0..<block.count {
      for k in clouds.indices { terms[row, k] += constant[k] }
      terms.normalizeLogWeights(row: row, count: clouds.count)
    }
  }
}
