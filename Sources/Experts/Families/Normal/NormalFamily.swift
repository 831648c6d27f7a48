import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Normal responses about a line: y ~ N(η, 1/β), with a noise precision β.
public struct NormalFamily: ResponseFamily {
  /// The noise.
  public typealias Scale = NoiseScale

  /// The family.
  public init() {}

  /// Densities are per unit of the response.
  public static var measure: Measure { .lebesgue }
  /// The density is one of y − η.
  public static var isOfResiduals: Bool { true }
  /// The noise is told of units.
  public static var acceptsUnits: Bool { true }
  /// −∂² ln p / ∂η² is β in every row.
  public static var hasUnitCurvature: Bool { true }
  /// The update is the maximum.
  public static var stepIsSafe: Bool { true }
  /// A line: what the experts have been called from the first.
  public static var expertName: String { "LinearExpert" }

  /// The log density ½ E ln β − ½ ln 2π − ½ E β (y − η)².
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: NoiseScale) -> Double {
    let residual = cell.value - eta
    return 0.5 * (scale.precisionOfFit.meanLog - log(2 * .pi) - scale.precisionOfFit.mean * residual * residual)
  }

  /// ½ E ln β − ½ ln 2π − ½ E β [(y − μ)² + v]: the residual directly, since its expansion would cancel.
  public func evaluate(
    _ response: ResponseRows, scale: NoiseScale, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    let precision = scale.precisionOfFit
    VectorKernels.subtract(from: response.values.span, &slopes)
    VectorKernels.scoreSquares(
      of: slopes.span, constant: 0.5 * (precision.meanLog - log(2 * .pi)), factor: -0.5 * precision.mean, into: &scores)
  }

  /// η itself.
  public func mean(eta: Double, trials: Double, scale: NoiseScale) -> Double { eta }

  /// The variance 1 / E β.
  public func variance(eta: Double, trials: Double, scale: NoiseScale) -> Double { 1 / scale.precision }

  /// The probability Φ((y − η) √E β).
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: NoiseScale) -> Double {
    standardNormalCumulative((cell.value - eta) * scale.precision.squareRoot())
  }

  /// The probability Φ((η − y) √E β).
  public func exceedance(_ cell: ResponseCell, eta: Double, scale: NoiseScale) -> Double {
    standardNormalCumulative((eta - cell.value) * scale.precision.squareRoot())
  }

  /// η + z / √E β with z standard normal.
  public func sample(eta: Double, trials: Double, scale: NoiseScale, using source: inout RandomSource) -> Double {
    source.gaussian(mean: eta, standardDeviation: 1 / scale.precision.squareRoot())
  }

  /// ∫ N(μ, 1/β + v) q(β) dβ for each row.
  ///
  /// - Throws: `GSLError` where q(β) is out of range.
  public func predicted(_ predictors: [UncertainPredictor], scale: NoiseScale, unit: Double) throws -> [UncertainNormal] {
    let noise =
      try scale.distributionOfFit.map(UncertainNoise.init(precision:)) ?? UncertainNoise(variance: 1 / scale.precision)
    let ofData = noise.scaled(by: unit)
    return predictors.map { UncertainNormal(mean: $0.mean, varianceOfMean: $0.variance, noise: ofData) }
  }
}

/// Bayesian linear regression as an expert: y | x ~ N(wᵀx, 1/β) with q(w) = N(m, B).
///
/// Others call a mixture of them a mixture of regressions, switching regressions, or clusterwise regression (DeSarbo & Cron
/// 1988). The updates are those of Bayesian linear regression with each row weighted by its responsibility r_ik:
///
/// - B_k = (A_k⁻¹ + β_k Σ_i r_ik x_i x_iᵀ)⁻¹, m_k = B_k (A_k⁻¹ w0_k + β_k Σ_i r_ik x_i y_i);
/// - 1/β_k = Σ_i r_ik e_ik / N_k with e_ik = (y_i − m_kᵀx_i)² + x_iᵀ B_k x_i.
///
/// A row's offset o_i adds to the prediction, so that y_i − o_i stands wherever these formulas say y_i.
public typealias LinearExpert = Regression<NormalFamily>

/// What the linear experts of a block own together.
public typealias LinearShared = RegressionShared<NormalFamily>

extension Regression where Family == NormalFamily {
  /// A linear expert that takes its shape from the data of its first fit. All experts of a block share what is said here; other
  /// terms need a block of their own.
  ///
  /// - Parameters:
  ///   - estimate: whether coefficients and noise have posterior distributions or point estimates. Under maximum likelihood the prior
  ///     is flat, whatever `prior` says.
  ///   - prior: the prior of the coefficients, the intercept among them.
  ///   - noise: how the noise variance is treated.
  ///   - hasIntercept: whether there is an intercept, unless the data say that there is none, as for a formula with `- 1`.
  ///   - standardizes: whether learned priors see the coefficients of standardised features; without, those of the features
  ///     as they are. Priors given in numbers always hold for the features as they are.
  public init(
    estimate: Estimate = .variational, prior: any Prior<Gaussian> = GaussianPrior(), noise: LinearNoise = .shared,
    hasIntercept: Bool = true, standardizes: Bool = true
  ) {
    self.init(
      NormalFamily(), estimate: estimate, prior: prior, scale: NoiseTerms(noise), hasIntercept: hasIntercept,
      standardizes: standardizes)
  }

  /// What is known of the noise precision β, in the units of the data.
  public internal(set) var noisePrecision: NoisePrecision {
    get { scale.precisionOfFit.scaled(by: 1 / squareOfUnit) }
    set { scale.precisionOfFit = newValue.scaled(by: squareOfUnit) }
  }

  /// The noise variance 1 / E β.
  public var noiseVariance: Double { squareOfUnit / scale.precisionOfFit.mean }

  /// What is known of the noise precision β after a fit, in the units of the data: its posterior, or of an estimated one Gamma(a, a / β) with
  /// a half its degrees of freedom. Nil where the noise is known, or coefficients are points.
  public var noiseDistribution: Gamma? { scale.distributionOfFit?.scaled(by: 1 / squareOfUnit) }

  private var squareOfUnit: Double { coordinates.unit * coordinates.unit }
}

extension RegressionShared where Family == NormalFamily {
  /// How the noise variance is treated.
  public var noise: LinearNoise { scale.noise }
  /// The noise variance of each expert that has it fixed.
  public var fixedVariances: [Int: Double] { scale.fixedVariances }
  /// The prior of the noise precision in the units of the fit, if it has one.
  public var noisePrior: Gamma? { scale.prior }
}

extension Block where Model == LinearExpert {
  /// Fixes the noise variance of an expert; the experts must have noise of their own. A fit refuses an expert that there is not, and a
  /// variance that is not positive.
  public mutating func fixNoiseVariance(ofExpert expert: Int, at variance: Double) {
    shared.scale.fixedVariances[expert] = variance
  }

  /// Lets a fixed noise variance be fitted again.
  public mutating func freeNoiseVariance(ofExpert expert: Int) { shared.scale.fixedVariances[expert] = nil }
}
