import Foundation
import GSL
import MixtureCore

/// The distribution of μ + √(v + 1/β) z with z standard normal and β uncertain: ∫ N(y; μ, 1/β + v) q(β) dβ.
///
/// With v = 0 and a Gamma distribution of β it is Student's; with v > 0, for the mean is uncertain too, it has no closed form.
public struct UncertainNormal: UnivariateDistribution {
  /// The mean μ.
  public let mean: Double
  /// The variance v of the mean.
  public let varianceOfMean: Double
  /// The noise.
  public let noise: UncertainNoise

  /// A distribution of that mean, whose variance is `varianceOfMean`, with noise.
  public init(mean: Double, varianceOfMean: Double, noise: UncertainNoise) {
    self.mean = mean
    self.varianceOfMean = varianceOfMean
    self.noise = noise
  }

  /// Real numbers.
  public var support: ResponseSupport { .numbers }

  /// v + E 1/β; infinite where that is.
  public var variance: Double { varianceOfMean + noise.meanVariance }

  /// ln Σ_j ω_j N(value; μ, v + 1/β_j).
  public func logDensity(at value: Double) -> Double {
    logSumOfExponentials(noise.nodes.map { log($0.weight) + normal($0).logDensity(at: value) })
  }

  /// The probability up to a value, Σ_j ω_j Φ((value − μ) / √(v + 1/β_j)).
  public func cumulative(at value: Double) -> Double {
    noise.nodes.reduce(0) { $0 + $1.weight * normal($1).cumulative(at: value) }
  }

  /// The probability beyond a value, Σ_j ω_j Φ((μ − value) / √(v + 1/β_j)).
  public func exceedance(at value: Double) -> Double {
    noise.nodes.reduce(0) { $0 + $1.weight * normal($1).exceedance(at: value) }
  }

  /// A draw: a noise variance, then a response.
  public func sample(using source: inout RandomSource) -> Double {
    normal(noise.nodes[source.categorical(weights: noise.nodes.map(\.weight))]).sample(using: &source)
  }

  private func normal(_ node: UncertainNoise.Node) -> NormalDistribution {
    NormalDistribution(mean: mean, variance: varianceOfMean + node.variance)
  }
}

/// What is known of a noise variance 1/β, as a few values and their weights: the nodes of a quadrature over q(β).
public struct UncertainNoise: Sendable {
  /// One value of the variance.
  struct Node {
    var variance: Double
    var weight: Double
  }

  /// The values; their weights sum to one.
  let nodes: [Node]
  /// E 1/β.
  let meanVariance: Double

  /// A known variance.
  public init(variance: Double) {
    nodes = [Node(variance: variance, weight: 1)]
    meanVariance = variance
  }

  /// A variance whose inverse has a Gamma distribution.
  ///
  /// The trapezoidal rule over t = ln β, whose density a t − b eᵗ is analytic and falls off fast, so that the error falls exponentially
  /// with the inverse of the step: with steps of 0.8 standard deviations, and of 0.4 at most, probabilities are right to 10⁻⁷. From a shape
  /// of 10⁴ on the density is normal and the three nodes of Gauss and Hermite do the same.
  ///
  /// - Parameter precision: q(β), β in squared inverse units of the response.
  /// - Throws: `GSLError` where ψ′ of the shape is out of range.
  public init(precision: Gamma) throws {
    let deviation = try trigamma(precision.shape).squareRoot()
    if precision.shape >= 1e4 {
      nodes = [(-1, 1.0 / 6), (0, 2.0 / 3), (1, 1.0 / 6)].map { place, weight in
        Node(variance: exp(-precision.meanLog - place * 3.0.squareRoot() * deviation), weight: weight)
      }
    } else {
      let (step, peak) = (min(0.8 * deviation, 0.4), log(precision.mean))
      // The log density beside its peak, where t = ln(a / b).
      func logWeight(_ distance: Double) -> Double { precision.shape * (distance + 1 - exp(distance)) }
      var weights: [(distance: Double, weight: Double)] = [(0, 1)]
      for sign in [-1.0, 1] {
        var distance = sign * step
        // What is hardly known at all has no end within the range of numbers.
        while logWeight(distance) > -30, abs(distance) < 700 {
          weights.append((distance, exp(logWeight(distance))))
          distance += sign * step
        }
      }
      let total = weights.reduce(0) { $0 + $1.weight }
      nodes = weights.map { Node(variance: exp(-peak - $0.distance), weight: $0.weight / total) }
    }
    meanVariance = precision.shape > 1 ? precision.rate / (precision.shape - 1) : .infinity
  }

  /// The same in other units, of which one is `unit` of the former.
  package func scaled(by unit: Double) -> UncertainNoise {
    UncertainNoise(
      nodes: nodes.map { Node(variance: unit * (unit * $0.variance), weight: $0.weight) },
      meanVariance: unit * (unit * meanVariance))
  }

  private init(nodes: [Node], meanVariance: Double) { (self.nodes, self.meanVariance) = (nodes, meanVariance) }
}
