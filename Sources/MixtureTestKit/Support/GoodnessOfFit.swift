import CGSL
import Foundation

/// How samples compare with distributions. Seeds are fixed, so an outcome never changes by chance; the rate of false alarms
/// is the probability that a right sampler fails for a seed.
package enum GoodnessOfFit {
  /// The rate of false alarms of one test.
  package static let falseAlarmRate = 1e-6

  /// Pearson's χ² test of counts against probabilities, of which each must expect some counts.
  package static func chiSquare(_ counts: [Int], probabilities: [Double]) -> Bool {
    let total = Double(counts.reduce(0, +))
    let statistic = zip(counts, probabilities).reduce(0) {
      $0 + (Double($1.0) - total * $1.1) * (Double($1.0) - total * $1.1) / (total * $1.1)
    }
    return statistic <= gsl_cdf_chisq_Qinv(falseAlarmRate, Double(counts.count - 1))
  }

  /// How many standard errors one of `count` means may be off, so that all together have the rate of false alarms
  /// (Bonferroni): 4.9 for one, 6.0 for a thousand. The rate holds as far as the means are normal.
  package static func standardErrors(tests count: Int) -> Double {
    gsl_cdf_ugaussian_Qinv(falseAlarmRate / (2 * Double(max(count, 1))))
  }

  /// The distribution function of the Gamma distribution.
  package static func gammaCumulative(_ x: Double, shape: Double, rate: Double) -> Double {
    gsl_cdf_gamma_P(x, shape, 1 / rate)
  }

  /// The distribution function of the Beta distribution.
  package static func betaCumulative(_ x: Double, alpha: Double, beta: Double) -> Double { gsl_cdf_beta_P(x, alpha, beta) }
}

/// Numbers drawn from one distribution; a failed expectation shows their summary.
public struct Sample: Sendable, CustomStringConvertible {
  private let values: [Double]
  /// The mean of the numbers.
  public let mean: Double
  /// What the mean is uncertain by: the root of the sample variance over the count.
  public let standardError: Double

  /// A sample of at least two numbers.
  public init(_ values: [Double]) {
    self.values = values
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    standardError = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
  }

  /// (Σ x)² / Σ x²: of how many equal numbers the mean is as certain; few, where a few decide it.
  public var effectiveCount: Double {
    let squares = values.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? mean * mean * Double(values.count) * Double(values.count) / squares : 0
  }

  /// The count, the mean and its standard error.
  public var description: String { "\(values.count) numbers of mean \(mean) ± \(standardError)" }

  /// Whether the mean lies within so many of its standard errors of `expected`, or is not finite and equal to it. Five, the
  /// default, make about 6 false alarms in 10⁷. The roundings of the sum may add their part, which shows where all numbers
  /// are equal.
  public func hasMean(_ expected: Double, within errors: Double = 5) -> Bool {
    mean == expected || abs(mean - expected) <= errors * standardError + rounding(of: expected)
  }

  /// Whether the mean is below `bound` by no more than so many of its standard errors, or above it: what a lower bound of
  /// an expectation must pass.
  public func hasMean(atLeast bound: Double, within errors: Double = 5) -> Bool {
    mean >= bound - errors * standardError - rounding(of: bound)
  }

  /// Whether the largest distance between the empirical distribution function and `cumulative` is below its bound
  /// (Massart 1990): P(D > ε) ≤ 2 exp(−2 n ε²), for every n. The rate of false alarms is 10⁻⁶.
  public func follows(_ cumulative: (Double) -> Double) -> Bool {
    let count = Double(values.count)
    var distance = 0.0
    for (index, value) in values.sorted().enumerated() {
      let expected = cumulative(value)
      guard expected.isFinite else { return false }
      distance = max(distance, expected - Double(index) / count, Double(index + 1) / count - expected)
    }
    return distance <= massartBound
  }

  /// The same for numbers that are counts 0, 1, 2, …, whose distribution function rises at them only.
  public func followsCounts(_ cumulative: (Double) -> Double) -> Bool {
    guard let largest = values.max(), largest <= 1e8, values.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }) else {
      return false
    }
    let sorted = values.sorted()
    var below = 0
    for value in 0...Int(largest) {
      while below < sorted.count && sorted[below] <= Double(value) { below += 1 }
      guard abs(cumulative(Double(value)) - Double(below) / Double(sorted.count)) <= massartBound else { return false }
    }
    return true
  }

  private var massartBound: Double {
    (log(2 / GoodnessOfFit.falseAlarmRate) / (2 * Double(values.count))).squareRoot()
  }

  /// A value that is no number has none.
  private func rounding(of expected: Double) -> Double {
    expected.isFinite ? Double(values.count) * Double.ulpOfOne * abs(expected) : -.infinity
  }
}
