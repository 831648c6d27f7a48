import CGSL
import Foundation

/// The digamma function ψ(x) = d ln Γ(x) / dx.
///
/// - Throws: ``GSLError`` where ψ has a pole (x = 0, −1, −2, …), x is not finite, or the value overflows.
public func digamma(_ x: Double) throws(GSLError) -> Double {
  try evaluate("ψ", x, gsl_sf_psi_e)
}

/// The trigamma function ψ′(x) = d² ln Γ(x) / dx².
///
/// - Throws: ``GSLError`` where ψ′ has a pole (x = 0, −1, −2, …), x is not finite, or the value overflows.
public func trigamma(_ x: Double) throws(GSLError) -> Double {
  try evaluate("ψ′", x, gsl_sf_psi_1_e)
}

/// The x > 0 where ψ′(x) = `value`, above 0: by Newton's method on 1/ψ′, which is convex (Minka 2000).
///
/// - Throws: ``GSLError`` for a value out of range.
public func inverseTrigamma(_ value: Double) throws(GSLError) -> Double {
  guard value > 0, value.isFinite else { throw GSLError(domainErrorIn: "inverseTrigamma(\(value))") }
  // ψ′(x) lies between 1/x + ½/x² and 1/x + 1/x².
  var x = 0.5 * (1 + (1 + 4 * value).squareRoot()) / value
  for _ in 0..<60 {
    let present = try trigamma(x)
    // ψ″ by a difference: a step that is a little off is put right by the next.
    let slope = try (trigamma(x * (1 + 1e-5)) - trigamma(x * (1 - 1e-5))) / (2e-5 * x)
    let step = present * (1 - present / value) / slope
    x += step
    if abs(step) <= 1e-13 * x { break }
  }
  return x
}

/// The logarithm of |Γ(x)|.
///
/// - Throws: ``GSLError`` at the poles x = 0, −1, −2, …, where x is not finite, or the value overflows.
public func logGamma(_ x: Double) throws(GSLError) -> Double {
  try evaluate("ln Γ", x, gsl_sf_lngamma_e)
}

/// The error function erf(x) = 2/√π ∫₀ˣ exp(−t²) dt.
///
/// - Throws: ``GSLError`` where x is not a number.
public func errorFunction(_ x: Double) throws(GSLError) -> Double {
  if x.isInfinite { return x < 0 ? -1 : 1 }
  return try evaluate("erf", x, hasPoles: false, gsl_sf_erf_e)
}

/// The distribution function Φ(x) of the standard normal distribution, accurate in both tails.
public func standardNormalCumulative(_ x: Double) -> Double { gsl_cdf_ugaussian_P(x) }

/// ln Φ(x) of the standard normal distribution, accurate in both tails: where Φ itself is zero to the computer, too.
public func logStandardNormalCumulative(_ x: Double) -> Double {
  if x == -.infinity { return x }
  // ln(1 − Φ(−x)) to the right, where ½ erfc(−x / √2) is all but one.
  return x > 0 ? log1p(-standardNormalCumulative(-x)) : gsl_sf_log_erfc(-x * 0.5.squareRoot()) - log(2)
}

/// The quantile Φ⁻¹(p) of the standard normal distribution: −∞ at 0 and ∞ at 1.
///
/// - Throws: ``GSLError`` unless 0 ≤ p ≤ 1.
public func standardNormalQuantile(_ probability: Double) throws(GSLError) -> Double {
  guard (0...1).contains(probability) else {
    throw GSLError(domainErrorIn: "Φ⁻¹(\(probability))")
  }
  return gsl_cdf_ugaussian_Pinv(probability)
}

/// The quantile of Student's t distribution with ν > 0 degrees of freedom: −∞ at 0 and ∞ at 1.
///
/// - Throws: ``GSLError`` unless 0 ≤ p ≤ 1 and ν is positive.
public func studentQuantile(_ probability: Double, degreesOfFreedom: Double) throws(GSLError) -> Double {
  guard (0...1).contains(probability), degreesOfFreedom > 0 else {
    throw GSLError(domainErrorIn: "t(\(degreesOfFreedom))⁻¹(\(probability))")
  }
  // Beyond this many GSL's expansion has no more digits than the normal quantile.
  return degreesOfFreedom < 1e8 ? gsl_cdf_tdist_Pinv(probability, degreesOfFreedom) : gsl_cdf_ugaussian_Pinv(probability)
}

/// ln n! of a whole number n ≥ 0; for other numbers ln Γ(n + 1); ∞ where that is out of range.
public func logFactorial(_ count: Double) -> Double {
  let index = Int(exactly: count) ?? -1
  return logFactorials.indices.contains(index) ? logFactorials[index] : (try? logGamma(count + 1)) ?? .infinity
}

/// ln n! of the first whole numbers, which most counts are.
private let logFactorials = (0..<1024).map { (try? logGamma(Double($0) + 1)) ?? .infinity }

/// P(Y ≤ count) and P(Y > count) of a Poisson distribution.
public func poissonProbabilities(upTo count: Double, mean: Double) -> (below: Double, above: Double) {
  let whole = count.rounded(.down)
  if whole < 0 { return (0, 1) }
  if mean == 0 { return (1, 0) }
  if mean == .infinity { return (0, 1) }
  // ln P(Y ≤ y) below the mean, and ln P(Y ≥ y) above, is at most −(m − y + y ln(y/m)) (Chernoff 1952).
  if whole < mean, mean - whole + (whole > 0 ? whole * log(whole / mean) : 0) > vanishing { return (0, 1) }
  let next = whole + 1
  if next > mean, mean - next + next * log(next / mean) > vanishing { return (1, 0) }
  return (gsl_cdf_gamma_Q(mean, whole + 1, 1), gsl_cdf_gamma_P(mean, whole + 1, 1))
}

/// P(Y ≤ count) and P(Y > count) of a binomial distribution.
public func binomialProbabilities(upTo count: Double, trials: Double, probability: Double) -> (below: Double, above: Double)
{
  let whole = count.rounded(.down)
  if whole < 0 { return (0, 1) }
  if whole >= trials { return (1, 0) }
  // The same with n times the divergence of y/n from p, of which the trials that are left make up the other half.
  func divergence(_ count: Double) -> Double {
    func term(_ a: Double, _ b: Double) -> Double { a > 0 ? a * log(a / b) : 0 }
    return term(count, trials * probability) + term(trials - count, trials * (1 - probability))
  }
  if whole < trials * probability, divergence(whole) > vanishing { return (0, 1) }
  if whole + 1 > trials * probability, divergence(whole + 1) > vanishing { return (1, 0) }
  return (
    gsl_cdf_beta_Q(probability, whole + 1, trials - whole), gsl_cdf_beta_P(probability, whole + 1, trials - whole)
  )
}

/// What has the negative of this for a logarithm is zero to a number.
private let vanishing = 746.0

/// P(T ≤ value) of Student's t distribution with ν > 0 degrees of freedom.
public func studentCumulative(_ value: Double, degreesOfFreedom: Double) -> Double {
  gsl_cdf_tdist_P(value, degreesOfFreedom)
}

/// P(X > value) of the χ² distribution with ν > 0 degrees of freedom.
public func chiSquareExceedance(_ value: Double, degreesOfFreedom: Double) -> Double {
  gsl_cdf_chisq_Q(value, degreesOfFreedom)
}

/// Calls `function`, which may have poles at 0, −1, −2, …: GSL overlooks all but the first few of them, where rounding
/// makes sin πx differ from zero, and some overflows.
private func evaluate(
  _ name: String, _ x: Double, hasPoles: Bool = true,
  _ function: (Double, UnsafeMutablePointer<gsl_sf_result>?) -> Int32
) throws(GSLError) -> Double {
  let isPole = hasPoles && x <= 0 && x == x.rounded()
  guard x.isFinite, !isPole else { throw GSLError(domainErrorIn: "\(name)(\(x))") }
  var result = gsl_sf_result()
  try check(function(x, &result), "\(name)(\(x))")
  guard result.val.isFinite else { throw GSLError(status: GSL_EOVRFLW, call: "\(name)(\(x))") }
  return result.val
}

/// ln Σ exp(term), with the largest factored out, so that nothing underflows.
package func logSumOfExponentials(_ terms: [Double]) -> Double { logSumOfExponentials(terms.count) { terms[$0] } }

/// The same of the terms 0 to `count` − 1.
package func logSumOfExponentials(_ count: Int, term: (Int) -> Double) -> Double {
  var (largest, sum) = (-Double.infinity, 0.0)
  for k in 0..<count { largest = max(largest, term(k)) }
  guard largest.isFinite, count > 1 else { return largest }
  for k in 0..<count { sum += exp(term(k) - largest) }
  return largest + log(sum)
}
