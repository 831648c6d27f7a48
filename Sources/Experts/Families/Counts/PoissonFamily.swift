import Foundation
import GSL
import MixtureCore

/// Counts: y ~ Poisson(exp η).
public struct PoissonFamily: ResponseFamily {
  /// The family.
  public init() {}

  /// Probabilities of whole numbers.
  public static var measure: Measure { .counting }
  /// There is a constant of each row, −ln y!.
  public static var hasConstants: Bool { true }

  /// y η − exp η − ln y!.
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    cell.value * eta - exp(min(eta, Self.largest)) - logFactorial(cell.value)
  }

  /// y μ − ρ − ln y! with ρ = E exp η = exp(μ + v/2), which is exact; slope y − ρ, curvature ρ.
  public func expected(_ cell: ResponseCell, mean: Double, variance: Double, scale: Unscaled) -> ExpectedScore {
    let rate = exp(min(mean + 0.5 * variance, Self.largest))
    return ExpectedScore(
      score: cell.value * mean - rate - logFactorial(cell.value), slope: cell.value - rate, curvature: rate)
  }

  /// The same column by column, without −ln y!.
  public func evaluate(
    _ response: ResponseRows, scale: Unscaled, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    VectorKernels.scorePoisson(response.values, scores: &scores, slopes: &slopes, curvatures: &curvatures)
  }

  /// The constant −ln y! of each row.
  public func constants(of response: ResponseRows, into constants: inout MutableSpan<Double>) {
    let values = response.values.span
    for i in 0..<response.count { constants[i] = -logFactorial(values[i]) }
  }

  /// exp η.
  public func mean(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, Self.largest)) }

  /// exp η.
  public func variance(eta: Double, trials: Double, scale: Unscaled) -> Double { exp(min(eta, Self.largest)) }

  /// The mean exp(μ + v/2) = m, and the variance m + m² (exp v − 1), however far η may be.
  public func moments(_ predictor: UncertainPredictor, scale: Unscaled) -> (mean: Double, variance: Double)? {
    let mean = exp(predictor.mean + 0.5 * predictor.variance)
    return (mean, mean + (predictor.variance > 0 ? mean * mean * expm1(predictor.variance) : 0))
  }

  /// The distribution function.
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    poissonProbabilities(upTo: cell.value, mean: exp(eta)).below
  }

  /// What is above, right in the upper tail, too.
  public func exceedance(_ cell: ResponseCell, eta: Double, scale: Unscaled) -> Double {
    poissonProbabilities(upTo: cell.value, mean: exp(eta)).above
  }

  /// A draw.
  public func sample(eta: Double, trials: Double, scale: Unscaled, using source: inout RandomSource) -> Double {
    Double(source.poisson(mean: exp(min(eta, 20))))
  }

  /// ln of the mean count less the mean offset, and the variance of ln(y + ½), or 1 if that is less.
  public func start(for data: DataSummary) -> StartingPredictor {
    let response = data.responses[0]
    let offset = data.offset?.mean ?? 0
    let mean = max(response.mean, 0.5 / data.totalWeight)
    let logarithm = response.logarithm?.standardDeviation ?? 1
    return StartingPredictor(centre: log(mean) - offset, variance: max(1, logarithm * logarithm))
  }

  /// No rate exceeds exp of this, so that sums stay finite; a step that leads there is shortened.
  private static var largest: Double { 690 }

  /// Gradient y − e^η, information e^η.
  public func differentiate(
    _ cell: ResponseCell, eta: Double, scale: Unscaled, into derivatives: inout LikelihoodDerivatives
  ) {
    derivatives.gradient[0] = cell.value - exp(eta)
    derivatives[0, 0] = exp(eta)
  }

  /// Slopes and curvatures of the scores, which are tight.
  public func differentiate(
    _ response: ResponseRows, means: [Double], variances: [Double], scale: Unscaled,
    into derivatives: inout TileDerivatives
  ) {
    differentiateByScores(response, means: means, variances: variances, scale: scale, into: &derivatives)
  }
}

/// A regression of counts: y | x ~ Poisson(exp(o + wᵀx)).
///
/// Others call it a log-linear model or Poisson regression (a generalised linear model with the canonical link); exp of a coefficient is a
/// ratio of rates. The offset is the logarithm of the exposure.
public typealias PoissonExpert = Regression<PoissonFamily>
