import Foundation
import GSL
import Mixtures

/// Failures before the first success, as a family of one's own: a density, and nothing for speed.
struct GeometricFamily: ResponseFamily, GeometricDensity {}

/// The same with the library's loop over rows and nodes written out for it: as fast as a compiler can make it.
struct WrittenOutGeometricFamily: ResponseFamily, GeometricDensity {
  func evaluate(
    _ response: ResponseRows, scale: Unscaled, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    let values = response.values.span
    for i in scores.indices {
      let (value, mean, variance) = (values[i], slopes[i], max(scores[i], 0))
      var (score, slope, curvature) = (0.0, 0.0, 0.0)
      if variance < 1e-7 {
        let step = 0x1p-8
        let middle = density(value, mean)
        let near = (density(value, mean - step), density(value, mean + step))
        let far = (density(value, mean - 2 * step), density(value, mean + 2 * step))
        slope = (8 * (near.1 - near.0) - (far.1 - far.0)) / (12 * step)
        curvature = (30 * middle - 16 * (near.0 + near.1) + far.0 + far.1) / (12 * step * step)
        score = middle - 0.5 * variance * curvature
      } else {
        let (rule, deviation) = (GaussHermite.ruleForDerivatives(variance: variance), variance.squareRoot())
        let (nodes, weights) = (rule.nodes.span, rule.weights.span)
        for q in nodes.indices {
          let term = weights[q] * density(value, mean + deviation * nodes[q])
          score += term
          slope += term * nodes[q]
          curvature -= term * (nodes[q] * nodes[q] - 1)
        }
        slope /= deviation
        curvature /= variance
      }
      scores[i] = score
      slopes[i] = slope
      curvatures[i] = max(curvature, 0)
    }
  }
}

/// y η − (y + 1) ln(1 + exp η), and what else a family must say.
protocol GeometricDensity {}

extension GeometricDensity {
  static var measure: Measure { .counting }
  func density(_ value: Double, _ eta: Double) -> Double {
    value * eta - (value + 1) * (max(eta, 0) + log1p(exp(-abs(eta))))
  }
  func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double { density(cell.value, eta) }
  func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, 300)) }
  func variance(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, 300)) * (1 + exp(min(eta, 300))) }
  func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    1 - exp(-(cell.value.rounded(.down) + 1) * log1p(exp(-eta)))
  }
  func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    (log(1 - source.uniform()) / -log1p(exp(-min(eta, 300)))).rounded(.down)
  }
}

/// Counts as an outside family has them: closed forms of a row, without the library's kernels.
struct CountsFamily: ResponseFamily {
  static var measure: Measure { .counting }
  func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    cell.value * eta - exp(min(eta, 690)) - logFactorial(cell.value)
  }
  func expected(_ cell: ResponseCell, mean: Double, variance: Double, scale: Unscaled) -> ExpectedScore {
    let rate = exp(min(mean + 0.5 * variance, 690))
    return ExpectedScore(
      score: cell.value * mean - rate - logFactorial(cell.value), slope: cell.value - rate, curvature: rate)
  }
  func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, 690)) }
  func variance(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, 690)) }
  func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    poissonProbabilities(upTo: cell.value, mean: exp(min(eta, 690))).below
  }
  func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    Double(source.poisson(mean: exp(min(eta, 20))))
  }
}
