import MixtureCore

/// Features x1, x2, … from normal clouds: cloud k with probability π_k, then x ~ N(μ_k, Σ_k).
public struct CloudFeatures: FeatureLaw {
  /// The probabilities π_k of the clouds.
  public let weights: ConstantWeights
  /// The clouds.
  public let clouds: [GaussianCloud]

  /// Features from clouds with the given probabilities, one for each.
  public init(weights: ConstantWeights, clouds: [GaussianCloud]) {
    precondition(weights.expertCount == clouds.count, "a weight for each cloud")
    self.weights = weights
    self.clouds = clouds
  }

  /// x1, x2, ….
  public var columns: [SyntheticColumn] { NormalFeatures(clouds.first?.dimension ?? 0).columns }

  /// - Throws: ``SyntheticDataError`` for faulty weights or clouds, another number of them, or clouds of different dimensions.
  public func validate() throws { try clouds.validate(weights) }

  /// Draws a cloud, and a point from it.
  public func draw(_ block: inout RowBlock, from column: Int) {
    for row in 0..<block.count {
      let k = block.sources[row].categorical(weights: weights.probabilities)
      clouds[k].draw(into: &block.features, row: row, from: column, using: &block.sources[row])
    }
  }
}
