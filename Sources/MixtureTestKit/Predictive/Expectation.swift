import Foundation
import MixtureCore

extension UnivariateDistribution {
  /// Where the distribution is, and how wide: its mean and standard deviation, or the median and what the quartiles of a
  /// normal distribution would say.
  var place: (centre: Double, spread: Double) {
    if mean.isFinite && variance.isFinite { return (mean, variance.squareRoot()) }
    let distribution = MixtureDistribution(weights: [1], components: [self])
    guard let median = try? distribution.quantile(0.5), let lower = try? distribution.quantile(0.25),
      let upper = try? distribution.quantile(0.75)
    else {
      return (.nan, .nan)
    }
    return (mean.isFinite ? mean : median, (upper - lower) / 1.349)
  }
}

/// Integrals of functions of a response under its density; sums, where it is a count.
struct Expectation {
  private let density: (Double) -> Double
  private let centre: Double
  private let spread: Double
  private let isContinuous: Bool

  /// Integrals under a density of about the given mean and variance.
  init(mean: Double, variance: Double, isContinuous: Bool, density: @escaping (Double) -> Double) {
    self.density = density
    centre = mean
    spread = variance > 0 ? variance.squareRoot() : 1
    self.isContinuous = isContinuous
  }

  /// Integrals under a distribution; one without mean or variance is measured by its quartiles.
  init(_ distribution: some UnivariateDistribution) {
    let (centre, spread) = distribution.place
    self.init(mean: centre, variance: spread * spread, isContinuous: distribution.support == .numbers) {
      exp(distribution.logDensity(at: $0))
    }
  }

  /// ∫ f(y) p(y) dy from `lower` to `upper`, or over all values.
  ///
  /// The real line is mapped to (−1, 1) by y = centre + spread · t / (1 − t²), where 512 panels of Simpson's rule, each
  /// halved until it is accurate to 10⁻¹⁰, leave no room for a peak wider than a hundredth of the spread to hide.
  func total(
    from lower: Double = -.infinity, to upper: Double = .infinity, of f: (Double) -> Double
  ) -> Double {
    guard isContinuous else { return sum(from: lower, to: upper, of: f) }
    func integrand(_ t: Double) -> Double {
      let rest = 1 - t * t
      guard rest > 0 else { return 0 }
      let y = centre + spread * t / rest
      let p = density(y)
      return p == 0 ? 0 : p * f(y) * spread * (1 + t * t) / (rest * rest)
    }
    let (a, b) = (parameter(lower), parameter(upper))
    let panels = 512
    var sum = 0.0
    for i in 0..<panels {
      let left = a + (b - a) * Double(i) / Double(panels)
      let right = a + (b - a) * Double(i + 1) / Double(panels)
      sum += Self.simpson(
        integrand, left, right, integrand(left), integrand((left + right) / 2), integrand(right), depth: 12)
    }
    return sum
  }

  /// The t that belongs to y.
  private func parameter(_ y: Double) -> Double {
    guard y.isFinite else { return y < 0 ? -1 : 1 }
    let u = (y - centre) / spread
    return 2 * u / (1 + (1 + 4 * u * u).squareRoot())
  }

  private func sum(from lower: Double, to upper: Double, of f: (Double) -> Double) -> Double {
    let first = max(lower, 0).rounded(.up)
    let last = min(upper, (centre + 60 * spread + 60).rounded(.up))
    // More counts than anybody would add up, or no number.
    guard last - first <= 1e8 else { return .nan }
    guard first <= last else { return 0 }
    return stride(from: first, through: last, by: 1).reduce(0) { $0 + f($1) * density($1) }
  }

  /// Simpson's rule, halving the panel until two halves agree with the whole.
  private static func simpson(
    _ f: (Double) -> Double, _ a: Double, _ b: Double, _ fa: Double, _ fm: Double, _ fb: Double, depth: Int
  ) -> Double {
    let m = (a + b) / 2
    let (fl, fr) = (f((a + m) / 2), f((m + b) / 2))
    let whole = (b - a) / 6 * (fa + 4 * fm + fb)
    let halves = (b - a) / 12 * (fa + 4 * fl + 2 * fm + 4 * fr + fb)
    if depth == 0 || abs(halves - whole) <= 1e-10 * max(abs(halves), 1e-3) { return halves + (halves - whole) / 15 }
    return simpson(f, a, m, fa, fl, fm, depth: depth - 1) + simpson(f, m, b, fm, fr, fb, depth: depth - 1)
  }
}
