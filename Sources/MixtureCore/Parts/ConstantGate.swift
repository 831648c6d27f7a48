import Foundation

/// A gate whose weights are the same in each row: it says the weights, their logarithms under q, and an update from the effective rows N_k.
public protocol ConstantGate: Gate {
  /// The predictive weights E π_k, which sum to one.
  var weights: [Double] { get }

  /// ln of the predictive weights; by default the logarithms of ``weights``, which lose what is too small for a number.
  var logWeights: [Double] { get }

  /// E ln π_k under q.
  var meanLogWeights: [Double] { get }

  /// Maximises the ELBO, or at least does not lower it, over the gate's part of the posterior.
  ///
  /// - Parameter counts: N_k = Σ_i r_ik, the effective rows of each expert.
  mutating func update(counts: [Double]) throws
}

extension ConstantGate {
  /// The logarithms of the weights.
  public var logWeights: [Double] { weights.map { log($0) } }

  /// The weights are those of every assignment.
  public var constantWeights: [Double]? { weights }

  /// K: one sum N_k for each expert.
  public var statisticsCount: Int { expertCount }

  /// E ln π_k, the same for every assignment.
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, with: meanLogWeights)
  }

  /// ln of the predictive weights, the same for every assignment.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    fill(&scores, tile, with: logWeights)
  }

  /// Adds N_k = Σ_i r_ik.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    for k in 0..<expertCount { statistics[k] += VectorKernels.sum(responsibilities.extracting(tile.column(k))) }
  }

  /// Updates the gate from the effective rows.
  public mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws {
    try update(counts: (0..<expertCount).map { statistics[$0] })
  }

  private func fill(_ scores: inout MutableSpan<Double>, _ tile: Tile, with values: [Double]) {
    for (k, value) in values.enumerated() {
      for i in tile.column(k) { scores[i] = value }
    }
  }
}
