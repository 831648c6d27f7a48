import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Bayesian linear regression as an expert: y | x ~ N(wᵀx, 1/β) with q(w) = N(m, B).
///
/// Others call a mixture of them a mixture of regressions, switching regressions, or clusterwise regression (DeSarbo & Cron
/// 1988). The updates are those of Bayesian linear regression with each row weighted by its responsibility r_ik:
///
/// - B_k = (A_k⁻¹ + β_k Σ_i r_ik x_i x_iᵀ)⁻¹, m_k = B_k (A_k⁻¹ w0_k + β_k Σ_i r_ik x_i y_i);
/// - 1/β_k = Σ_i r_ik e_ik / N_k with e_ik = (y_i − m_kᵀx_i)² + x_iᵀ B_k x_i.
///
/// A row's offset o_i adds to the prediction, so that y_i − o_i stands wherever these formulas say y_i.
///
/// Inside, features are centred and scaled and the response is centred, so that sums stay accurate far from the origin; all
/// public results are in the units of the data.
public struct LinearExpert: Sendable, Codable, Equatable {
  /// q(w) of the standardised coefficients.
  var posterior: Gaussian
  /// What is known of the noise precision β in the units of the fit. Where noise is shared, all experts hold the same.
  var precisionOfFit: NoisePrecision
  /// The features of which the expert's rows have one value only, by their numbers, as of its last update.
  var constantFeatures: [Int] = []
  /// The coefficients of which the learned prior says more than the rows, by their numbers, as of the last update.
  var prunedCoefficients: [Int] = []
  /// Σ r over the rows, as of the last update: how many are the expert's.
  var rowWeight = 0.0
  /// N − γ of an estimated noise, as of the last update: the rows from which it is, less the coefficients that these determine. Nil where
  /// the noise is known, or has a distribution, or coefficients are points; and without a row.
  var degreesOfFreedom: Double?
  /// Of each coefficient in the units of the data the share of its variance that is the noise's, and not the prior's; told where next to nothing
  /// is known of the noise, as of the last update.
  var sharesOfNoise: [Double] = []
  /// How coefficients are held.
  public internal(set) var coordinates: CoefficientCoordinates
  /// What the experts of its block will share; nil once it is in a block.
  var terms: LinearShared?

  /// An expert that takes its shape from the data of its first fit. All experts of a block share what is said here; other
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
    posterior = Gaussian(mean: [], precision: Cholesky(identity: 0, scale: 1))
    precisionOfFit = .value(1)
    coordinates = CoefficientCoordinates(Standardization(centres: [], scales: [], hasIntercept: false))
    terms = LinearShared(
      estimate: estimate, noise: noise,
      prior: estimate == .maximumLikelihood ? GaussianPrior(covariance: .flat) : prior, hasIntercept: hasIntercept,
      standardizes: standardizes)
  }

  /// Whether both have the same posterior, noise and coordinates, to the bit.
  public static func == (one: LinearExpert, other: LinearExpert) -> Bool {
    (one.posterior, one.precisionOfFit, one.coordinates) == (other.posterior, other.precisionOfFit, other.coordinates)
  }

  /// q(w) of the coefficients in the units of the data; the intercept, if there is one, comes first.
  public var coefficients: Gaussian { coordinates.original(posterior) }

  /// What is known of the noise precision β, in the units of the data.
  public internal(set) var noisePrecision: NoisePrecision {
    get { precisionOfFit.scaled(by: 1 / squareOfUnit) }
    set { precisionOfFit = newValue.scaled(by: squareOfUnit) }
  }

  /// The noise variance 1 / E β.
  public var noiseVariance: Double { squareOfUnit / precisionOfFit.mean }

  private var squareOfUnit: Double { coordinates.unit * coordinates.unit }

  /// What the intercept is called among the coefficients.
  public static let interceptName = "(intercept)"

  /// The names of the coefficients for features of the given names.
  public func coefficientNames(features: [String]) -> [String] {
    (coordinates.hasIntercept ? [Self.interceptName] : []) + features
  }
}
