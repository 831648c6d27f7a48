import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Bayesian regression as an expert: y | x ~ p(y | η) with η = o + wᵀx, q(w) = N(m, B), and the row's offset o.
///
/// The ``ResponseFamily`` says what p is: ``LinearExpert`` is the regression of normal responses, ``PoissonExpert`` that of counts. With
/// μ_i = o_i + mᵀx_i and v_i = x_iᵀ B x_i, let s_i be E_q ln p(y_i | η_i), or a lower bound of it, and g_i = ∂s_i/∂μ_i, h_i = −2 ∂s_i/∂v_i. Every
/// family has one update, in which each row is weighted by its responsibility r_ik:
///
/// - B_k = (A_k⁻¹ + Σ_i r_ik h_ik x_i x_iᵀ)⁻¹,
/// - m_k ← m_k + B_k [A_k⁻¹ (w0_k − m_k) + Σ_i r_ik g_ik x_i].
///
/// Where s is quadratic in η, as for normal responses, that is the maximum; else it is a step of Newton's, which is shortened where it does not
/// raise the ELBO. Then the family's own scale follows, such as the noise variance.
///
/// Inside, features are centred and scaled, so that sums stay accurate far from the origin; all public results are in the units of the
/// data. Others call a mixture of regressions switching regressions, clusterwise regression (DeSarbo & Cron 1988), or latent class
/// regression.
public struct Regression<Family: ResponseFamily>: Sendable, Codable, Equatable {
  /// The distribution of the response given η.
  public let family: Family
  /// q(w) of the standardised coefficients.
  var posterior: Gaussian
  /// What the family has beside coefficients, in the units of the fit. Where experts share it, all hold the same.
  var scale: Family.Scale
  /// The features of which the expert's rows have one value only, by their numbers, as of its last update.
  var constantFeatures: [Int] = []
  /// The coefficients of which the learned prior says more than the rows, by their numbers, as of the last update.
  var prunedCoefficients: [Int] = []
  /// The coefficients with which the likelihood of the expert's rows rises without end, by their numbers, as of the end of the last fit.
  var unboundedCoefficients: [Int] = []
  /// Σ r over the rows, as of the last update: how many are the expert's.
  var rowWeight = 0.0
  /// Of each coefficient in the units of the data the share of its variance that follows the scale, and not the prior; told where next to
  /// nothing is known of the scale, as of the last update.
  var sharesOfScale: [Double] = []
  /// How coefficients are held.
  public internal(set) var coordinates: CoefficientCoordinates
  /// What the experts of its block will share; nil once it is in a block.
  var terms: RegressionShared<Family>?

  /// An expert that takes its shape from the data of its first fit. All experts of a block share what is said here; other
  /// terms need a block of their own.
  ///
  /// - Parameters:
  ///   - family: the distribution of the response.
  ///   - estimate: whether the parameters have posterior distributions or point estimates. Under maximum likelihood the prior
  ///     is flat, whatever `prior` says.
  ///   - prior: the prior of the coefficients, the intercept among them.
  ///   - scale: how what the family has beside coefficients is treated.
  ///   - hasIntercept: whether there is an intercept, unless the data say that there is none, as for a formula with `- 1`.
  ///   - standardizes: whether learned priors see the coefficients of standardised features; without, those of the features
  ///     as they are. Priors given in numbers always hold for the features as they are.
  public init(
    _ family: Family = Family(), estimate: Estimate = .variational, prior: any Prior<Gaussian> = GaussianPrior(),
    scale: Family.Scale.Terms, hasIntercept: Bool = true, standardizes: Bool = true
  ) {
    self.family = family
    posterior = Gaussian(mean: [], precision: Cholesky(identity: 0, scale: 1))
    self.scale = Family.Scale()
    coordinates = CoefficientCoordinates(Standardization(centres: [], scales: [], hasIntercept: false))
    terms = RegressionShared(
      family: family, estimate: estimate, scale: scale,
      prior: estimate == .maximumLikelihood ? GaussianPrior(covariance: .flat) : prior, hasIntercept: hasIntercept,
      standardizes: standardizes)
  }

  /// Whether both have the same posterior, scale and coordinates, to the bit.
  public static func == (one: Self, other: Self) -> Bool {
    (one.family, one.posterior, one.scale, one.coordinates)
      == (other.family, other.posterior, other.scale, other.coordinates)
  }

  /// q(w) of the coefficients in the units of the data; the intercept, if there is one, comes first.
  public var coefficients: Gaussian { coordinates.original(posterior) }

  /// The names of the coefficients for features of the given names.
  public func coefficientNames(features: [String]) -> [String] {
    (coordinates.hasIntercept ? [Self.interceptName] : []) + features
  }

  /// What the intercept is called among the coefficients.
  public static var interceptName: String { "(intercept)" }
}

extension Regression where Family.Scale == Unscaled {
  /// An expert of a family that has nothing beside coefficients; see ``init(_:estimate:prior:scale:hasIntercept:standardizes:)``.
  public init(
    _ family: Family = Family(), estimate: Estimate = .variational, prior: any Prior<Gaussian> = GaussianPrior(),
    hasIntercept: Bool = true, standardizes: Bool = true
  ) {
    self.init(
      family, estimate: estimate, prior: prior, scale: Unscaled.Terms(), hasIntercept: hasIntercept,
      standardizes: standardizes)
  }
}
