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
/// Inside, features are centred and scaled and the response is centred, so that sums stay accurate far from the origin; all
/// public results are in the units of the data.
public struct LinearExpert: Sendable, Codable, Equatable {
  /// q(w) of the standardised coefficients.
  var posterior: Gaussian
  /// What is known of the noise precision β, in the units of the data. Where noise is shared, all experts hold the same.
  public internal(set) var noisePrecision: NoisePrecision
  /// How features and response are standardised.
  public internal(set) var standardization: Standardization

  /// An expert that takes its shape from the data of its first fit.
  public init() {
    posterior = Gaussian(mean: [], precision: Cholesky(identity: 0, scale: 1))
    noisePrecision = .value(1)
    standardization = Standardization(centres: [], scales: [], responseCentre: 0, hasIntercept: false)
  }

  /// q(w) of the coefficients in the units of the data; the intercept, if there is one, comes first.
  public var coefficients: Gaussian { standardization.original(posterior) }

  /// The noise variance 1 / E β.
  public var noiseVariance: Double { 1 / noisePrecision.mean }

  /// What the intercept is called among the coefficients.
  public static let interceptName = "(intercept)"

  /// The names of the coefficients for features of the given names.
  public func coefficientNames(features: [String]) -> [String] {
    (standardization.hasIntercept ? [Self.interceptName] : []) + features
  }
}
