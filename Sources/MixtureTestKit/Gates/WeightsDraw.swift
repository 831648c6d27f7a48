import MixtureCore

/// One draw of all parameters of a gate from their q.
public struct WeightsDraw {
  /// ln q(θ) less ln of your prior p(θ), written down anew, not asked of the type. A point with a prior adds −ln p, one without nothing.
  public var divergence: Double
  /// ln π_k of each assignment of a tile, one row an assignment.
  public var logWeights: (_ rows: Tile) throws -> [[Double]]

  /// A draw with what follows of it.
  public init(divergence: Double, logWeights: @escaping (_ rows: Tile) throws -> [[Double]]) {
    self.divergence = divergence
    self.logWeights = logWeights
  }
}
