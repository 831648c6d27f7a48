import Foundation
import GSL
import Mixtures

/// Evidence in closed form, of few rows.
enum ExactEvidence {
  /// ln p(y, …) of two linear experts with coefficients of prior variance 5, by enumeration of all 2ᴺ assignments.
  ///
  /// - Parameter logWeight: ln of the probability of an assignment, and of what else depends on it, given the rows of each expert.
  static func log(
    of truth: LinearTruth, noiseVariance: Double, logWeight: ([[Int]]) throws -> Double
  ) throws -> Double {
    let design = truth.design()
    let terms = try assignments(ofRows: design.count).map { members in
      try members.reduce(logWeight(members)) { value, rows in
        try value
          + log(
            of: rows.map { truth.response[$0] }, design: rows.map { design[$0] }, noiseVariance: noiseVariance,
            priorVariance: 5)
      }
    }
    return logSum(terms)
  }

  /// ln N(y | 0, priorVariance X Xᵀ + noiseVariance I), in rows' space.
  static func log(
    of y: [Double], design: [[Double]], noiseVariance: Double, priorVariance: Double
  ) throws -> Double {
    guard !y.isEmpty else { return 0 }
    var covariance = Matrix.identity(y.count, scale: noiseVariance)
    for i in y.indices { for j in y.indices { covariance[i, j] += priorVariance * dot(design[i], design[j]) } }
    let cholesky = try Cholesky(covariance)
    return -0.5 * (dot(y, cholesky.solve(y)) + cholesky.logDeterminant + Double(y.count) * Foundation.log(2 * .pi))
  }

  /// ln Σ exp.
  static func logSum(_ terms: [Double]) -> Double {
    let largest = terms.max()!
    return largest + Foundation.log(terms.reduce(0) { $0 + exp($1 - largest) })
  }

  /// The rows of the first and of the second expert, in every way.
  private static func assignments(ofRows count: Int) -> [[[Int]]] {
    (0..<(1 << count)).map { code in (0..<2).map { k in (0..<count).filter { (code >> $0) & 1 == k } } }
  }
}
