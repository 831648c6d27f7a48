import Foundation
import GSL
import MixtureCore

/// The linear experts of a block, laid out for the two matrix products of a pass.
public struct LinearTables: Sendable {
  let count: Int
  let coordinates: CoefficientCoordinates
  /// Under which the residuals of a tile are kept.
  private let pass = PassMark()
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
    coordinates = experts[0].coordinates
    means = experts.flatMap(\.posterior.mean)
    constants = experts.map { 0.5 * ($0.precisionOfFit.meanLog - log(2 * .pi)) }
    factors = experts.map { -0.5 * $0.precisionOfFit.mean }
    hasSpread = experts.contains { !$0.posterior.free.isEmpty }
    covariances = experts.flatMap { expert in
      expert.posterior.covariance.pairsOfQuadraticForm(times: -0.5 * expert.precisionOfFit.mean)
    }
  }
}

extension LinearTables {
  /// The residuals y − o − mᵀx of a tile, one column an expert: computed once for both halves of a pass.
  func residuals(on tile: Tile) -> [Double] {
    let room = tile.room(of: pass)
    if !room.isFilled {
      room.reserve([count * tile.capacity, tile.capacity])
      coordinates.writeResiduals(on: tile, means: means, columns: count, into: &room.matrices)
      room.isFilled = true
    }
    return room.matrices[0]
  }
}

extension CoefficientCoordinates {
  /// Writes the residuals y − o − centre − X M of a tile into the first matrix, one column per column of M, with the second for room.
  func writeResiduals(on tile: Tile, means: [Double], columns count: Int, into matrices: inout [[Double]]) {
    let response = tile.responseLessOffset
    withMutableSpan(of: &matrices[1]) { VectorKernels.standardize(response.span, centre: centre, scale: 1, into: &$0) }
    let centred = matrices[1]
    withMutableSpan(of: &matrices[0]) { residuals in
      tile.design(standardization).multiply(by: means.span, columns: count, into: &residuals)
      for k in 0..<count {
        residuals.withElements(in: tile.column(k)) { VectorKernels.subtract(from: centred.span, &$0) }
      }
    }
  }
}
