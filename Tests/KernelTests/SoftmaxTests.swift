import CVectorMath
import Foundation
import GSL
import MixtureCore
import Testing

/// A sum of doubles with a running correction (Neumaier 1974): right to about one rounding of the result, plus count² ε².
func compensatedSum(_ values: [Double]) -> Double {
  var (sum, correction) = (0.0, 0.0)
  for value in values {
    let next = sum + value
    correction += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
    sum = next
  }
  return sum + correction
}

func uniformNumbers(_ count: Int, from first: Double, to last: Double, seed: UInt64) -> [Double] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in first + (last - first) * source.uniform() }
}

@Suite struct SoftmaxTests {
  /// The responsibilities and the log sums of column-major scores.
  private func softmax(_ scores: [Double], columns: Int, stride: Int) -> (shares: [Double], logSums: [Double]) {
    var (shares, logSums) = (scores, [Double](repeating: .nan, count: stride))
    var span = shares.mutableSpan
    VectorKernels.softmax(&span, columns: columns, stride: stride, logSums: &logSums)
    return (shares, logSums)
  }

  /// 8, one block of 256 rows, and more than one with a rest.
  @Test(arguments: [1, 2, 3, 8, 30], [8, 256, 376, 1000])
  func agreesWithCarefulReference(columns: Int, rows: Int) {
    let scores = uniformNumbers(columns * rows, from: -30, to: 5, seed: 31)
    let (shares, logSums) = softmax(scores, columns: columns, stride: rows)
    for i in 0..<rows {
      let row = (0..<columns).map { scores[$0 * rows + i] }
      let largest = row.max() ?? .nan
      let sum = compensatedSum(row.map { exp($0 - largest) })
      // exp and ln err by 2 units each, the sum by one a column at most.
      let tolerance = Double(columns + 6) * Double.ulpOfOne
      #expect(abs(logSums[i] - (largest + log(sum))) <= tolerance * max(1, abs(largest)))
      for k in 0..<columns {
        let expected = exp(row[k] - largest) / sum
        #expect(abs(shares[k * rows + i] - expected) <= tolerance * expected)
      }
      let total = compensatedSum((0..<columns).map { shares[$0 * rows + i] })
      #expect(abs(total - 1) <= tolerance)
    }
  }

  @Test func extremeScores() {
    let extremes = [-1e4, 1e4, 0, -1e4, 700, -700, 1e-300, 1e4]
    // Every pair of extremes, a pair a row.
    let scores = extremes.flatMap { [Double](repeating: $0, count: 8) } + (0..<8).flatMap { _ in extremes }
    let (shares, logSums) = softmax(scores, columns: 2, stride: 64)
    #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 } && logSums.allSatisfy(\.isFinite))
    for i in 0..<64 {
      let (a, b) = (scores[i], scores[64 + i])
      #expect(abs(shares[i] + shares[64 + i] - 1) <= 4 * Double.ulpOfOne)
      if abs(a - b) > 707 {
        #expect(shares[i] == (a > b ? 1 : 0) && logSums[i] == max(a, b))
      } else if a == b {
        #expect(shares[i] == 0.5 && abs(logSums[i] - (a + log(2))) <= a.ulp + 2 * Double.ulpOfOne)
      }
    }
  }

  @Test func scoresFarFromZeroGiveTheSameShares() {
    // Multiples of 2⁻¹⁰, so that adding ±2¹³ is exact.
    let scores = uniformNumbers(3 * 64, from: -8, to: 8, seed: 32).map { ($0 * 1024).rounded() / 1024 }
    let plain = softmax(scores, columns: 3, stride: 64)
    for shift in [-8192.0, 8192] {
      let shifted = softmax(scores.map { $0 + shift }, columns: 3, stride: 64)
      #expect(shifted.shares == plain.shares)
      let error = zip(shifted.logSums, plain.logSums).map { abs(($0 - shift) - $1) }.max() ?? .nan
      #expect(error <= shift.magnitude.ulp)
    }
  }

  @Test func rowsDoNotDependOnTheirPlace() {
    let row = [0.3, -2.7, 1.1]
    let (shares, logSums) = softmax(row.flatMap { [Double](repeating: $0, count: 376) }, columns: 3, stride: 376)
    #expect(Set(logSums).count == 1 && Set(shares).count == 3)
  }

  @Test func fewerRowsThanTheStride() {
    // The C function may be given a stride beyond its rows: what lies between the columns must stay.
    var scores = [Double](repeating: 7, count: 3 * 16)
    var logSums = [Double](repeating: -1, count: 16)
    vector_softmax(&scores, 8, 16, 3, &logSums)
    for k in 0..<3 {
      #expect(scores[k * 16..<k * 16 + 8].allSatisfy { abs($0 - 1 / 3.0) < 1e-15 })
      #expect(scores[k * 16 + 8..<k * 16 + 16].allSatisfy { $0 == 7 })
    }
    #expect(logSums[8...].allSatisfy { $0 == -1 })
  }
}
