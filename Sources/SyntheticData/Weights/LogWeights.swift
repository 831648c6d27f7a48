import Foundation
import GSL

extension Matrix {
  /// Subtracts from each entry of a row the logarithm of the sum of their exponentials, so that the exponentials sum to one.
  mutating func normalizeLogWeights(row: Int) {
    let total = logSumOfExponentials((0..<columns).map { self[row, $0] })
    for k in 0..<columns { self[row, k] -= total }
  }
}
