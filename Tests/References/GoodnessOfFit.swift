import CGSL
import Foundation

/// How samples compare with laws. Seeds are fixed, so an outcome never changes by chance; the rate of false alarms is
/// the probability that a right sampler fails for a seed.
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

  /// The distribution function of the Gamma law.
  package static func gammaCumulative(_ x: Double, shape: Double, rate: Double) -> Double {
    gsl_cdf_gamma_P(x, shape, 1 / rate)
  }

  /// The distribution function of the Beta law.
  package static func betaCumulative(_ x: Double, _ a: Double, _ b: Double) -> Double { gsl_cdf_beta_P(x, a, b) }
}

/// Numbers drawn from one law; a failed expectation shows their summary.
package struct Sample: CustomStringConvertible {
  private let values: [Double]

  package init(_ values: [Double]) { self.values = values }

  private var mean: Double { values.reduce(0, +) / Double(values.count) }

  private var standardError: Double {
    let (count, mean) = (Double(values.count), self.mean)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
  }

  package var description: String { "\(values.count) numbers of mean \(mean) ± \(standardError)" }

  /// Whether the mean lies within 5 of its standard errors of `expected`, about 6 false alarms in 10⁷; the roundings
  /// of the sum may add their part, which shows where all numbers are equal.
  package func hasMean(_ expected: Double) -> Bool {
    abs(mean - expected) <= 5 * standardError + Double(values.count) * Double.ulpOfOne * abs(expected)
  }

  /// Whether the largest distance between the empirical distribution function and `cumulative` is below its bound
  /// (Massart 1990): P(D > ε) ≤ 2 exp(−2 n ε²), for every n. The rate of false alarms is `GoodnessOfFit.falseAlarmRate`.
  package func follows(_ cumulative: (Double) -> Double) -> Bool {
    let count = Double(values.count)
    var distance = 0.0
    for (index, value) in values.sorted().enumerated() {
      let expected = cumulative(value)
      guard expected.isFinite else { return false }
      distance = max(distance, expected - Double(index) / count, Double(index + 1) / count - expected)
    }
    return distance <= (log(2 / GoodnessOfFit.falseAlarmRate) / (2 * count)).squareRoot()
  }
}
