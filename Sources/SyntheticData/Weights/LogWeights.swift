import Foundation
import GSL

extension Matrix {
  /// Subtracts from the first `count` entries of a row the logarithm of the sum of their exponentials, so that these sum to one.
  mutating func normalizeLogWeights(row: Int, count: Int) {
    var largest = -Double.infinity
    for k in 0..<count { largest = max(largest, self[row, k]) }
    var sum = 0.0
    for k in 0..<count { sum += exp(self[row, k] - largest) }
    let total = largest + log(sum)
    for k in 0..<count { self[row, k] -= total }
  }
}
