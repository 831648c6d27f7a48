import GSL
import MixtureCore

/// π_k(x) ∝ π_k N(x | μ_k, Σ_k) (Xu, Jordan & Hinton 1995): with ``CloudFeatures`` of the same clouds, expert k has the rows of cloud k.
public struct GaussianWeights: WeightLaw {
  /// π_k, the weights before x is seen.
  public let weights: ConstantWeights
  /// The clouds.
  public let clouds: [GaussianCloud]

  /// Weights by the density of each expert's cloud.
  public init(weights: ConstantWeights, clouds: [GaussianCloud]) {
    precondition(weights.expertCount == clouds.count, "a weight for each cloud")
    self.weights = weights
    self.clouds = clouds
  }

  /// A cloud each.
  public var expertCount: Int { clouds.count }

  /// - Throws: ``SyntheticDataError`` for faulty weights or clouds, another number of them, or clouds of different dimensions.
  public func validate() throws { try clouds.validate(weights) }

  /// - Throws: ``SyntheticDataError`` unless there is a number for each dimension of the clouds.
  public func validate(_ features: [SyntheticColumn]) throws {
    for cloud in clouds {
      try features.validatePredictors(coefficientCount: 1 + cloud.dimension, of: "Gaussian weights")
    }
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
