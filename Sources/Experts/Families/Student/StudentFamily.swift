import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Responses about a line with heavy tails: y = η + t / √β, where t has Student's distribution with ν degrees of freedom. Far rows weigh little.
public struct StudentFamily: ResponseFamily {
  /// The noise, and the degrees of freedom.
  public typealias Scale = StudentScale

  /// The family.
  public init() {}

  /// Densities are per unit of the response.
  public static var measure: Measure { .lebesgue }
  /// The density is one of y − η.
  public static var isOfResiduals: Bool { true }
  /// The noise is told of units.
  public static var acceptsUnits: Bool { true }
  /// The score is quadratic in η, given a weight of each row.
  public static var stepIsSafe: Bool { true }

  /// The log density ½ ln β + ln Γ(½(ν+1)) − ln Γ(½ν) + ½ν ln ½ν − ½ ln 2π − ½(ν+1) ln ½(ν + β (y − η)²).
  public func logDensity(_ cell: ResponseCell, eta: Double, scale: StudentScale) -> Double {
    let residual = cell.value - eta
    let rate = 0.5 * (scale.degreesOfFreedom + scale.precision * residual * residual)
    return scale.constant - 0.5 * (scale.degreesOfFreedom + 1) * log(rate)
  }

  /// A lower limit with the row's own precision u ~ Gamma(½(ν+1), ½(ν + β e)) of the noise at its best, e = (y − μ)² + v: slope E u (y − μ) and
  /// curvature E u.
  public func expected(
    _ cell: ResponseCell, mean: Double, variance: Double, scale: StudentScale
  ) -> ExpectedScore {
    let residual = cell.value - mean
    let rate = 0.5 * (scale.degreesOfFreedom + scale.precision * (residual * residual + variance))
    let weight = 0.5 * (scale.degreesOfFreedom + 1) / rate
    return ExpectedScore(
      score: scale.constant - 0.5 * (scale.degreesOfFreedom + 1) * log(rate), slope: weight * residual, curvature: weight)
  }

  /// The same column by column; the terms are E ln u − E u, E u and (E u)².
  public func evaluate(
    _ response: ResponseRows, scale: StudentScale, scores: inout MutableSpan<Double>, slopes: inout MutableSpan<Double>,
    curvatures: inout MutableSpan<Double>, terms: inout MutableSpan<Double>
  ) {
    VectorKernels.scoreStudent(
      response.values, degreesOfFreedom: scale.degreesOfFreedom, precision: scale.precision, constant: scale.constant,
      digammaOfNext: scale.digammaOfNext, scores: &scores, slopes: &slopes, curvatures: &curvatures, terms: &terms)
  }

  /// η; NaN for ν ≤ 1, where there is none.
  public func mean(eta: Double, trials: Double, scale: StudentScale) -> Double {
    scale.degreesOfFreedom > 1 ? eta : .nan
  }

  /// E ν / (β (ν − 2)), infinite for ν ≤ 2.
  public func variance(eta: Double, trials: Double, scale: StudentScale) -> Double {
    let freedom = scale.degreesOfFreedom
    return freedom > 2 ? scale.meanVariance * (freedom / (freedom - 2)) : .infinity
  }

  /// The mean μ of η, and v more than the variance given η.
  public func moments(_ predictor: UncertainPredictor, scale: StudentScale) -> (mean: Double, variance: Double)? {
    (
      mean(eta: predictor.mean, trials: predictor.trials, scale: scale),
      variance(eta: predictor.mean, trials: predictor.trials, scale: scale) + predictor.variance
    )
  }

  /// The distribution function of t at (y − η) √β.
  public func cumulative(_ cell: ResponseCell, eta: Double, scale: StudentScale) -> Double {
    studentCumulative((cell.value - eta) * scale.precision.squareRoot(), degreesOfFreedom: scale.degreesOfFreedom)
  }

  /// The same from above.
  public func exceedance(_ cell: ResponseCell, eta: Double, scale: StudentScale) -> Double {
    studentCumulative((eta - cell.value) * scale.precision.squareRoot(), degreesOfFreedom: scale.degreesOfFreedom)
  }

  /// A draw η + t / √β.
  public func sample(eta: Double, trials: Double, scale: StudentScale, using source: inout RandomSource) -> Double {
    eta + source.studentT(degreesOfFreedom: scale.degreesOfFreedom) / scale.precision.squareRoot()
  }

  /// The mixture over η and β, in the units of the data.
  ///
  /// - Throws: `GSLError` where what is known of β is out of range.
  public func predicted(
    _ predictors: [UncertainPredictor], scale: StudentScale, unit: Double
  ) throws -> [PredictedResponse<StudentFamily>] {
    try PredictedResponse.all(self, predictors, scale: scale.scaled(by: unit))
  }
}

/// A robust linear regression: y | x = wᵀx + t / √β with t of Student's distribution (Lange, Little & Taylor 1989).
public typealias StudentExpert = Regression<StudentFamily>

/// How the degrees of freedom of Student's distribution are treated.
public enum DegreesOfFreedom: Sendable, Codable, Equatable {
  /// A number for each expert, estimated by maximising the ELBO.
  case estimated
  /// A known number for all experts.
  case fixed(Double)

  /// What a known number may be.
  package static var known: ClosedRange<Double> { 0.1...1e6 }
}

extension Regression where Family == StudentFamily {
  /// A linear expert with heavy tails; see ``init(_:estimate:prior:scale:hasIntercept:standardizes:)``.
  ///
  /// - Parameters:
  ///   - estimate: whether the parameters have posterior distributions or point estimates.
  ///   - prior: the prior of the coefficients, the intercept among them.
  ///   - noise: how the noise variance is treated, 1/β: the square of the scale of t.
  ///   - degreesOfFreedom: how ν is treated.
  ///   - hasIntercept: whether there is an intercept, unless the data say that there is none.
  ///   - standardizes: whether learned priors see the coefficients of standardised features.
  public init(
    estimate: Estimate = .variational, prior: any Prior<Gaussian> = GaussianPrior(), noise: LinearNoise = .shared,
    degreesOfFreedom: DegreesOfFreedom = .estimated, hasIntercept: Bool = true, standardizes: Bool = true
  ) {
    self.init(
      StudentFamily(), estimate: estimate, prior: prior,
      scale: StudentTerms(noise, degreesOfFreedom: degreesOfFreedom), hasIntercept: hasIntercept, standardizes: standardizes
    )
  }

  /// The noise variance 1 / E β, in the units of the data: the square of the scale of t, not the variance of the response.
  public var noiseVariance: Double { scale.noise.variance(unit: coordinates.unit) }

  /// The degrees of freedom ν.
  public var degreesOfFreedom: Double { scale.degreesOfFreedom }
}
