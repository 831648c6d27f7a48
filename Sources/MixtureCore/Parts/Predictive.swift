import GSL

/// A local model that can predict: what ``MixtureModel/predict(_:)`` and held-out densities need beyond fitting.
public protocol Predictive: LocalModel {
  /// The distribution of one row's response.
  associatedtype Distribution: PredictiveDistribution

  /// The predictive distribution of each row's response, the parameters' uncertainty included.
  func predictive(_ tile: Tile) throws -> [Distribution]

  /// Writes the logarithm of the predictive density of each row's response, per unit of the data. By default it asks the distributions of
  /// ``predictive(_:)``.
  func logPredictiveDensity(_ tile: Tile, into scores: inout MutableSpan<Double>) throws

  /// Writes ln p(yᵢ | xᵢ, E θ) for each row of the tile: the likelihood at the parameters' posterior means.
  func logLikelihoodAtMean(_ tile: Tile, into scores: inout MutableSpan<Double>) throws
}

extension Predictive {
  /// The predictive distribution of each row.
  ///
  /// - Throws: ``DataError`` unless there are as many as rows, or what the expert throws.
  package func distributions(_ tile: Tile) throws -> [Distribution] {
    let distributions = try predictive(tile)
    guard distributions.count == tile.rowCount else {
      throw DataError("predictive gives \(distributions.count) distributions for \(tile.rowCount) rows")
    }
    return distributions
  }

  /// What the distributions of ``predictive(_:)`` say of the rows' responses.
  public func logPredictiveDensity(_ tile: Tile, into scores: inout MutableSpan<Double>) throws {
    let distributions = try distributions(tile)
    for i in tile.rows { scores[i] = distributions[i].logDensity(at: .response(ofRow: i, in: tile)) }
  }
}
