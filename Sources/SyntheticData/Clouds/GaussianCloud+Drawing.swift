import Foundation
import GSL

extension GaussianCloud {
  /// Clouds of one random covariance, whose nearest pair overlaps by a given share.
  ///
  /// The overlap of two clouds of equal weight is the sum of the two probabilities of taking a point of one for a point of the other,
  /// 2 Φ(−δ / 2), where δ² = (μ_k − μ_l)ᵀ Σ⁻¹ (μ_k − μ_l) (Maitra & Melnykov 2010). Means are drawn from N(0, I) and then
  /// stretched until the least δ is the one asked for.
  ///
  /// - Parameters:
  ///   - overlap: the overlap of the nearest pair, between 0 and 1.
  /// - Complexity: O(K² d²).
  static func separated(
    _ count: Int, dimension: Int, overlap: Double, using source: inout RandomSource
  ) throws -> [GaussianCloud] {
    let covariance = try randomCovariance(dimension, using: &source)
    let means = (0..<count).map { _ in (0..<dimension).map { _ in source.gaussian() } }
    let inverse = covariance.inverse
    var nearest = Double.infinity
    for k in means.indices {
      for l in 0..<k { nearest = min(nearest, inverse.quadraticForm(zip(means[k], means[l]).map(-)).squareRoot()) }
    }
    let stretch = nearest.isFinite ? try -2 * standardNormalQuantile(overlap / 2) / nearest : 1
    return means.map { GaussianCloud(mean: $0.map { stretch * $0 }, covariance: covariance) }
  }

  /// Clouds with a random covariance each, and means from N(0, separation² I).
  static func scattered(
    _ count: Int, dimension: Int, separation: Double, using source: inout RandomSource
  ) throws -> [GaussianCloud] {
    try (0..<count).map { _ in
      let mean = (0..<dimension).map { _ in source.gaussian(standardDeviation: separation) }
      return GaussianCloud(mean: mean, covariance: try randomCovariance(dimension, using: &source))
    }
  }

  /// A Aᵀ / (d + 2) with A of d × (d + 2) standard normal numbers: a Wishart matrix of mean I.
  private static func randomCovariance(_ dimension: Int, using source: inout RandomSource) throws -> Cholesky {
    let width = dimension + 2
    let entries = (0..<(dimension * width)).map { _ in source.gaussian() }
    let a = Matrix(rows: dimension, columns: width, elements: entries)
    return try Cholesky((1 / Double(width)) * (a * a.transposed))
  }
}
