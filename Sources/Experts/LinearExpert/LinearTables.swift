import Foundation
import GSL
import MixtureCore

/// The linear experts of a block, laid out for the two matrix products of a pass.
public struct LinearTables: Sendable {
  let count: Int
  let standardization: Standardization
  /// The means m_k, one column an expert.
  let means: [Double]
  /// −½ E β_k B_k by pairs a ≤ b, the off-diagonal ones doubled, one column an expert.
  let covariances: [Double]
  /// Whether any covariance is not zero; all are for point estimates.
  let hasSpread: Bool
  /// ½ E ln β_k − ½ ln 2π.
  let constants: [Double]
  /// −½ E β_k.
  let factors: [Double]

  init(_ experts: [LinearExpert]) {
    count = experts.count
    standardization = experts[0].standardization
    means = experts.flatMap(\.posterior.mean)
    constants = experts.map { 0.5 * ($0.precisionOfFit.meanLog - log(2 * .pi)) }
    factors = experts.map { -0.5 * $0.precisionOfFit.mean }
    hasSpread = experts.contains { !$0.posterior.free.isEmpty }
    covariances = experts.flatMap { expert in
      expert.posterior.covariance.pairsOfQuadraticForm(times: -0.5 * expert.precisionOfFit.mean)
    }
  }
}
