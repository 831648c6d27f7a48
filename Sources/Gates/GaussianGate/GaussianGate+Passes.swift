import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// What the gate computes of the assignments of a tile.

extension GaussianGate {
  /// (n + 1) (n + 2) / 2 sums an expert for n features: Σ r (1, x) (1, x)ᵀ by pairs. None before data are known.
  public var statisticsCount: Int { features.map { expertCount * ClusterSums.count($0) } ?? 0 }

  /// Adds N_k, Σ r x and Σ r x xᵀ of every expert: one matrix product with the pairwise products of the design.
  public func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    guard let features else { return }
    tile.gateDesign(features.standardization).accumulatePairs(
      weighedBy: responsibilities, columns: expertCount, into: &statistics, stride: ClusterSums.count(features))
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

  /// ln of E π_k E N(x | μ_k, Λ_k⁻¹), which are Student's laws, divided by their sum over the experts.
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
  /// The coefficients of L⁻¹ (x − m) on the columns of the design, one column after another: the rows of L⁻¹ are the columns of L⁻ᵀ.
  fileprivate func whitening(_ features: GateFeatures, dimension: Int) -> [Double] {
    (0..<self.dimension).flatMap { row in
      let entries = inverseScale.solveTransposed((0..<self.dimension).map { $0 == row ? 1 : 0 })
      var column = [Double](repeating: 0, count: dimension)
      column[0] = -dot(entries, location)
      for (entry, index) in zip(entries, features.indices) { column[index + 1] = entry }
      return column
    }
  }
}

/// The sums of one cluster over the rows, of the features that are used.
struct ClusterSums {
  /// N = Σ r.
  let weight: Double
  /// Σ r x.
  let sums: [Double]
  /// Σ r x xᵀ.
  let products: Matrix

  /// The number of sums behind them: pairs of the columns of the design.
  static func count(_ features: GateFeatures) -> Int {
    let dimension = features.standardization.dimension
    return dimension * (dimension + 1) / 2
  }

  /// Reads the sums of a cluster. The pairs come in the order (0, 0), (0, 1), …, (1, 1), …, with the column of ones as number 0.
  init(_ statistics: Span<Double>, cluster: Int, features: GateFeatures) {
    let dimension = features.standardization.dimension
    let start = cluster * Self.count(features)
    func sum(_ a: Int, _ b: Int) -> Double {
      let (a, b) = (min(a, b), max(a, b))
      return statistics[start + a * dimension - a * (a - 1) / 2 + b - a]
    }
    weight = sum(0, 0)
    let columns = features.indices.map { $0 + 1 }
    sums = columns.map { sum(0, $0) }
    products = Matrix(
      rows: columns.count, columns: columns.count, elements: columns.flatMap { a in columns.map { sum(a, $0) } })
  }
}
