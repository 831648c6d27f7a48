import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// θ_l = ln p_l / p_r of the free experts' proportions p, where r is the largest of them: the ratio to a small one would be uncertain for all.

extension DirichletGate: DifferentiableGate {
  private var proportions: [Double] { point ?? posterior.mean }

  private var reference: Int {
    let proportions = proportions
    return movedReference ?? proportions.indices.max { proportions[$0] < proportions[$1] } ?? 0
  }

  /// The free experts that have a parameter, by their numbers among the free ones.
  private var others: [Int] {
    let reference = reference
    return (0..<free.count).filter { $0 != reference }
  }

  /// The logarithms of the ratios of the other weights to the largest, ln p_l / p_r.
  public var parameterValues: [Double] {
    let (proportions, reference) = (proportions, reference)
    return others.map { log(proportions[$0] / proportions[reference]) }
  }

  /// A point for the proportions.
  public mutating func move(to values: [Double]) {
    var logs = proportions.map { _ in 0.0 }
    for (place, value) in zip(others, values) { logs[place] = value }
    let total = logSumOfExponentials(logs)
    // The largest is so still, that θ may keep its meaning.
    movedReference = reference
    point = logs.map { exp($0 - total) }
  }

  /// ln Dir(p | μ) with the factor Π p_l of a density of θ; of points without it.
  public var logPrior: Double {
    let logs = proportions.map { log($0) }
    switch estimate {
    case .variational: return zip(prior.concentration, logs).reduce(prior.logNormalizer) { $0 + $1.0 * $1.1 }
    case .maximumAPosteriori: return zip(prior.concentration, logs).reduce(prior.logNormalizer) { $0 + ($1.0 - 1) * $1.1 }
    case .maximumLikelihood: return 0
    }
  }

  /// 1{k = l} − p_l, and nothing of an expert whose weight is fixed.
  public func writeGradients(ofExpert expert: Int, on tile: Tile, into gradients: inout MutableSpan<Double>) {
    guard let number = free.firstIndex(of: expert) else { return }
    let (proportions, others) = (proportions, others)
    for (column, l) in others.enumerated() {
      let value = (l == number ? 1 : 0) - proportions[l]
      for i in 0..<tile.assignmentCount { gradients[column * tile.capacity + i] = value }
    }
  }

  /// Σ r (p_l 1{l = m} − p_l p_m) over the free experts.
  public func accumulateInformation(
    on tile: Tile, weighedBy responsibilities: Span<Double>, into information: inout MutableSpan<Double>
  ) {
    let rows = free.reduce(0) { $0 + VectorKernels.sum(responsibilities.extracting(tile.column($1))) }
    for (place, value) in curvature(rows).pairs.enumerated() { information[place] += value }
  }

  /// Σμ (p_l 1{l = m} − p_l p_m), since the density of θ has every p_l to the power of μ_l; of points Σ(μ_l − 1) for Σμ.
  public var priorCurvature: Matrix {
    switch estimate {
    case .variational: curvature(prior.concentration.reduce(0, +))
    case .maximumAPosteriori: curvature(prior.concentration.reduce(0) { $0 + $1 - 1 })
    case .maximumLikelihood: curvature(0)
    }
  }

  /// The weights' slopes, w_k (1{k = l} − p_l).
  public func slopes(for data: DataSummary) -> GateSlopes {
    let (proportions, others) = (proportions, others)
    let numbers = Dictionary(uniqueKeysWithValues: free.enumerated().map { ($0.element, $0.offset) })
    let ofExperts = (0..<expertCount).map { k in
      guard let number = numbers[k], !others.isEmpty else { return [ParameterSlopes()] }
      return [
        ParameterSlopes(
          others.enumerated().map { column, l in
            (column, share * proportions[number] * ((l == number ? 1 : 0) - proportions[l]))
          })
      ]
    }
    return GateSlopes(ofExperts: ofExperts, common: commonParameters(for: data).map { _ in ParameterSlopes() })
  }

  /// `rows` times the curvature of Σ p = 1.
  private func curvature(_ rows: Double) -> Matrix {
    let (proportions, others) = (proportions, others)
    return Matrix(symmetricOfOrder: others.count) { a, b in
      rows * proportions[others[a]] * ((a == b ? 1 : 0) - proportions[others[b]])
    }
  }
}
