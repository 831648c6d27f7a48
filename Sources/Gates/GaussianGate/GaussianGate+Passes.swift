import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// What the gate computes of the assignments of a tile.

extension GaussianGate {
  /// (n + 1) (n + 2) / 2 sums an expert for n features; none before data are known.
  public var statisticsCount: Int { features.map { expertCount * ClusterSums.count($0.indices.count) } ?? 0 }

  /// Adds N_k, Σ r c and Σ r c cᵀ of every expert, with c = x − m_k under the locations m_k of the pass: about zero the squares of a
  /// narrow cluster far from it would cancel.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    guard let features else { return }
    let (design, order) = (tile.gateDesign(features.standardization), features.indices.count)
    let coefficients = clusters.flatMap { $0.centring(features, dimension: design.dimension) }
    let count = expertCount * order
    // The centred columns of all experts, and one column more, of one weighed by its responsibilities.
    design.withScratch(columns: count + 1) { columns in
      design.multiply(by: coefficients.span, columns: count, into: &columns)
      for k in 0..<expertCount {
        let responsibilities = responsibilities.extracting(tile.column(k))
        var next = k * ClusterSums.count(order)
        statistics[next] += VectorKernels.sum(responsibilities)
        let sums = next + 1
        next = sums + order
        for a in 0..<order {
          let column = tile.column(k * order + a)
          let split = tile.column(count).lowerBound
          columns.withElements(in: column.lowerBound..<(split + tile.capacity)) { span in
            let last = span.count - tile.capacity
            for i in 0..<tile.capacity { span[last + i] = span[i] * responsibilities[i] }
          }
          let weighed = columns.span.extracting(tile.column(count))
          statistics[sums + a] += VectorKernels.sum(weighed)
          for b in a..<order {
            statistics[next] += VectorKernels.dot(weighed, columns.span.extracting(tile.column(k * order + b)))
            next += 1
          }
        }
      }
    }
  }

  /// With locations that lie s from the earlier ones, Σ r c loses N s, and Σ r c cᵀ loses s (Σ r c)ᵀ + (Σ r c) sᵀ − N s sᵀ.
  public func rebase(_ statistics: inout MutableSpan<Double>, from earlier: GaussianGate) {
    for (k, (before, after)) in zip(earlier.clusters, clusters).enumerated() {
      let shift = zip(after.location, before.location).map(-)
      let start = k * ClusterSums.count(shift.count)
      let weight = statistics[start]
      let sums = shift.indices.map { statistics[start + 1 + $0] }
      var next = start + 1 + shift.count
      for a in shift.indices {
        for b in a..<shift.count {
          statistics[next] += weight * shift[a] * shift[b] - shift[a] * sums[b] - sums[a] * shift[b]
          next += 1
        }
        statistics[start + 1 + a] -= weight * shift[a]
      }
    }
  }

  /// Of each entry z = L⁻¹ (x − m) of a whitened row what it is the sum of, by Cauchy and Schwarz ½ ν (Σ r z²)^½ (Σ r t²)^½ summed over
  /// the rows; the constants of the scores, and the terms of the divergences.
  public func cancellingTerms(in statistics: Span<Double>) -> Double {
    guard let features, let clusterDistribution else { return posterior.cancellingTerms(from: prior) }
    let logVolume = abs(features.logVolume)
    return clusters.enumerated().reduce(posterior.cancellingTerms(from: prior)) { sum, next in
      let (k, cluster) = next
      let sums = ClusterSums(statistics, cluster: k, order: cluster.dimension)
      var behind = sums.weight * (abs(cluster.meanLogDeterminant) + logVolume)
      for entries in cluster.whitener {
        var size = abs(dot(entries, cluster.location)) * sums.weight.squareRoot()
        for (j, entry) in entries.enumerated() where entry != 0 {
          let (location, square) = (cluster.location[j], sums.products[j, j])
          let uncentred = square + location * (2 * sums.sums[j] + sums.weight * location)
          size += abs(entry) * max(uncentred, 0).squareRoot()
        }
        behind += 0.5 * cluster.degreesOfFreedom * max(sums.products.quadraticForm(entries), 0).squareRoot() * size
      }
      return sum + behind + cluster.cancellingTerms(from: clusterDistribution)
    }
  }

  /// E ln π_k + E ln N(x | μ_k, Λ_k⁻¹), the density per unit of the features.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    guard let features else { return }
    let constants = clusters.indices.map {
      posterior.meanLog[$0] + clusters[$0].expectedLogDensity(of: clusters[$0].location) - features.logVolume
    }
    addSquaredDistances(
      tile, features, to: &scores, startingAt: constants, factors: clusters.map { -0.5 * $0.degreesOfFreedom })
  }

  /// ln of E π_k E N(x | μ_k, Λ_k⁻¹), which are Student's distributions, divided by their sum over the experts.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    guard let features else { return }
    addSquaredDistances(
      tile, features, to: &scores, startingAt: clusters.map { _ in 0 },
      factors: clusters.map { $0.meanPrecision / (1 + $0.meanPrecision) })
    let weights = posterior.mean
    for (k, cluster) in clusters.enumerated() {
      let constant = log(weights[k]) + cluster.logPredictiveDensity(of: cluster.location)
      let factor = -0.5 * (cluster.degreesOfFreedom + 1)
      for i in tile.column(k) { scores[i] = constant + factor * log1p(scores[i]) }
    }
    normalizeLogWeights(&scores, columns: expertCount, tile)
  }

  /// Column k ← start_k + factor_k (x − m_k)ᵀ W_k (x − m_k) = start_k + factor_k ‖L_k⁻¹ (x − m_k)‖², with L_k the factor of W_k⁻¹:
  /// the vectors of all experts in one matrix product, since the expansion of the square would cancel for narrow clusters.
  private func addSquaredDistances(
    _ tile: Tile, _ features: GateFeatures, to scores: inout MutableSpan<Double>, startingAt starts: [Double],
    factors: [Double]
  ) {
    let design = tile.gateDesign(features.standardization)
    let order = features.indices.count
    let coefficients = clusters.flatMap { $0.whitening(features, dimension: design.dimension) }
    let count = expertCount * order
    design.withScratch(columns: count) { whitened in
      design.multiply(by: coefficients.span, columns: count, into: &whitened)
      for k in 0..<expertCount {
        for i in tile.column(k) { scores[i] = starts[k] }
        for j in 0..<order {
          scores.withElements(in: tile.column(k)) {
            VectorKernels.addSquares(
              of: whitened.span.extracting(tile.column(k * order + j)), constant: 0, factor: factors[k], to: &$0)
          }
        }
      }
    }
  }
}

extension NormalWishart {
  /// The rows of L⁻¹, which are the columns of L⁻ᵀ.
  fileprivate var whitener: [[Double]] {
    (0..<dimension).map { row in inverseScale.solveTransposed((0..<dimension).map { $0 == row ? 1 : 0 }) }
  }

  /// The coefficients of L⁻¹ (x − m) on the columns of the design, one column after another.
  fileprivate func whitening(_ features: GateFeatures, dimension: Int) -> [Double] {
    whitener.flatMap { entries in
      var column = [Double](repeating: 0, count: dimension)
      column[0] = -dot(entries, location)
      for (entry, index) in zip(entries, features.indices) { column[index + 1] = entry }
      return column
    }
  }

  /// The coefficients of x − m on the columns of the design, one column after another.
  fileprivate func centring(_ features: GateFeatures, dimension: Int) -> [Double] {
    zip(location, features.indices).flatMap { location, index in
      var column = [Double](repeating: 0, count: dimension)
      (column[0], column[index + 1]) = (-location, 1)
      return column
    }
  }
}

/// The sums of one cluster over the rows, of the features that are used, about the cluster's location in the pass.
struct ClusterSums {
  /// N = Σ r.
  let weight: Double
  /// Σ r c.
  let sums: [Double]
  /// Σ r c cᵀ.
  let products: Matrix

  /// The number of sums behind them, for n features: N, Σ r c, and the pairs a ≤ b of Σ r c_a c_b.
  static func count(_ order: Int) -> Int { 1 + order + Matrix.pairCount(order) }

  /// Reads the sums of a cluster.
  init(_ statistics: Span<Double>, cluster: Int, order: Int) {
    let start = cluster * Self.count(order)
    weight = statistics[start]
    sums = (0..<order).map { statistics[start + 1 + $0] }
    products = Matrix(pairs: statistics, from: start + 1 + order, order: order)
  }
}
