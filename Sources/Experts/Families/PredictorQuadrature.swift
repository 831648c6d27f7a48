import Foundation
import GSL
import MixtureCore

/// Values of η ~ N(μ, v) and their weights, for averages of what a family says given η.
///
/// How many there must be is a matter of how fast distributions change with η: by κ² = v I, with I = (∂E y/∂η)² / var y the information of a
/// response about η, which is that of exponential families; of a density of y − η it is the scale's precision. Up to κ² = 0.35
/// rules of Gauss and Hermite give distribution functions to 1e-8. Beyond, their polynomials follow slowly, and the trapezoidal rule with a step of
/// 0.4 / √(1 + κ²) standard deviations of η does it to 1e-8 whatever κ is, for the integrand is analytic and falls off fast.
struct PredictorQuadrature: Sendable {
  /// Nodes in standard deviations of η from its mean.
  private enum Rule: Sendable {
    case gaussHermite(GaussHermite)
    /// From `first` steps on.
    case trapezoidal(step: Double, first: Double, count: Int)
  }

  private let mean: Double
  private let deviation: Double
  private let rule: Rule
  /// The largest κ² within three standard deviations of the mean.
  private let informative: Double

  /// For means, variances and distribution functions.
  init<Family: ResponseFamily>(_ family: Family, _ predictor: UncertainPredictor, scale: Family.Scale) {
    mean = predictor.mean
    deviation = predictor.variance.squareRoot()
    guard predictor.variance > 0 else {
      (informative, rule) = (0, .gaussHermite(.rule(forVariance: 0)))
      return
    }
    informative = Self.informative(family, predictor, scale)
    // What grows like exp η is to be averaged as well, however little it tells.
    let width = Family.isOfResiduals ? informative : max(informative, predictor.variance)
    rule =
      width <= 0.35
      ? .gaussHermite(.rule(forVariance: width))
      : Self.trapezoidal(from: -Self.reach, to: Self.reach, informative: informative)
  }

  /// The same for the density of a value, which may lie where η is hardly ever: it reaches to the η under which both together are most likely.
  func reaching<Family: ResponseFamily>(
    _ cell: ResponseCell, _ family: Family, _ predictor: UncertainPredictor, scale: Family.Scale
  ) -> PredictorQuadrature {
    guard predictor.variance > 0 else { return self }
    let (place, there) = Self.peak(family, predictor, scale, cell)
    let informative = max(informative, there)
    let width = Self.reach / (1 + informative).squareRoot()
    return PredictorQuadrature(
      self,
      Self.trapezoidal(
        from: min(-Self.reach, place - width), to: max(Self.reach, place + width), informative: informative))
  }

  private init(_ other: PredictorQuadrature, _ rule: Rule) {
    (mean, deviation, informative, self.rule) = (other.mean, other.deviation, other.informative, rule)
  }

  /// Calls `body` with the values of η, ascending, and the logarithms of their weights, which sum to one.
  func forEach(_ body: (_ eta: Double, _ logWeight: Double) -> Void) {
    switch rule {
    case .gaussHermite(let rule):
      for q in rule.nodes.indices { body(mean + deviation * rule.nodes[q], log(rule.weights[q])) }
    case .trapezoidal(let step, let first, let count):
      let logStep = log(step / (2 * .pi).squareRoot())
      for i in 0..<count {
        let place = (first + Double(i)) * step
        body(mean + deviation * place, logStep - 0.5 * place * place)
      }
    }
  }

  /// Σ weight · value.
  func average(_ value: (Double) -> Double) -> Double {
    var sum = 0.0
    forEach { sum += exp($1) * value($0) }
    return sum
  }

  /// The trapezoidal rule between two numbers of standard deviations.
  private static func trapezoidal(from lower: Double, to upper: Double, informative: Double) -> Rule {
    let step = max(0.4 / (1 + informative).squareRoot(), (upper - lower) / mostNodes)
    let (first, last) = ((lower / step).rounded(.down), (upper / step).rounded(.up))
    return .trapezoidal(step: step, first: first, count: Int(last - first) + 1)
  }

  /// Beyond this many standard deviations there is less than 1e-15 of a normal distribution.
  private static var reach: Double { 8.2 }

  /// More are not taken, so that far out a quantile takes no minutes: where a response tells η to less than a fiftieth of its standard deviation,
  /// probabilities are right to 2e-3.
  private static var mostNodes: Double { 2000 }

  /// The largest κ² within three standard deviations of the mean.
  private static func informative<Family: ResponseFamily>(
    _ family: Family, _ predictor: UncertainPredictor, _ scale: Family.Scale
  ) -> Double {
    let values = (-3...3).map { place in
      let eta = predictor.mean + Double(place) * predictor.variance.squareRoot()
      return predictor.variance * information(family, eta: eta, trials: predictor.trials, scale)
    }
    // Of a row so far out that these overflow, whoever asks for the distribution will be told.
    return values.filter(\.isFinite).max() ?? 0
  }

  /// (∂E y/∂η)² / var y, or the precision of a density of y − η.
  private static func information<Family: ResponseFamily>(
    _ family: Family, eta: Double, trials: Double, _ scale: Family.Scale
  ) -> Double {
    if Family.isOfResiduals { return scale.precision }
    func mean(_ eta: Double) -> Double { family.mean(eta: eta, trials: trials, scale: scale) }
    let step = 1e-4
    let slope = (mean(eta + step) - mean(eta - step)) / (2 * step)
    return slope * slope / family.variance(eta: eta, trials: trials, scale: scale)
  }

  /// Where p(value | η) N(η; μ, v) has its peak, in standard deviations from μ, and κ² there: by Newton's steps of at most 1.
  private static func peak<Family: ResponseFamily>(
    _ family: Family, _ predictor: UncertainPredictor, _ scale: Family.Scale, _ cell: ResponseCell
  ) -> (place: Double, informative: Double) {
    let (mean, variance) = (predictor.mean, predictor.variance)
    var (eta, curvature) = (mean, 0.0)
    for _ in 0..<100 {
      let row = family.expected(cell, mean: eta, variance: 0, scale: scale)
      curvature = scale.precision * row.curvature
      let full = (variance * scale.precision * row.slope - (eta - mean)) / (1 + variance * curvature)
      let step = Family.isOfResiduals ? full : min(max(full, -1), 1)
      guard step.isFinite else { return (0, 0) }
      eta += step
      if step * step <= 1e-6 * variance { break }
    }
    let (place, informative) = ((eta - mean) / variance.squareRoot(), variance * curvature)
    return place.isFinite && informative.isFinite ? (place, informative) : (0, 0)
  }
}
