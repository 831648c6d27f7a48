import MixtureCore

/// One draw θ of all parameters of a block from their q.
public struct ParameterDraw {
  /// ln q(θ) less ln of your prior p(θ), the one that the type is meant to have: written down anew, not asked of the type. A point with a prior
  /// adds −ln p, one without nothing.
  public var divergence: Double
  /// ln p(y | x, θ_k) of each row of a tile under one expert.
  public var logLikelihoods: (_ expert: Int, _ rows: Tile) throws -> [Double]

  /// A draw with what follows of it.
  public init(divergence: Double, logLikelihoods: @escaping (_ expert: Int, _ rows: Tile) throws -> [Double]) {
    self.divergence = divergence
    self.logLikelihoods = logLikelihoods
  }

  /// The log-likelihoods of each row under each expert.
  func logLikelihoods(_ tile: Tile, expertCount: Int) throws -> [[Double]] {
    let columns = try (0..<expertCount).map { try logLikelihoods($0, tile) }
    guard columns.allSatisfy({ $0.count >= tile.rowCount }) else {
      throw DataError("logLikelihoods of the subject gives \(columns.map(\.count)) numbers for \(tile.rowCount) rows")
    }
    return tile.rows.map { i in columns.map { $0[i] } }
  }
}

/// A law needs draws, and the subject has none; a violation until it has, or declares the law absent.
struct NoDraws: Error, CustomStringConvertible {
  var description: String { "the subject has no drawParameters: how to draw all parameters from q" }
}
