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

  /// The names of the coefficients for features of the given names.
  public func coefficientNames(features: [String]) -> [String] {
    (standardization.hasIntercept ? ["(intercept)"] : []) + features
  }
}

/// What the linear experts of a block own together: the treatment of the noise and the prior of the coefficients.
public struct LinearShared: Sendable {
  /// How the noise variance is treated.
  public let noise: LinearNoise
  /// The prior of the coefficients.
  public internal(set) var prior: any Prior<Gaussian>
  /// Whether there is an intercept.
  public let hasIntercept: Bool
  /// Whether learned priors see the coefficients of standardised features, or those of the features as they are.
  public let standardizes: Bool

  /// The prior of the noise precision, if it has one.
  public internal(set) var noisePrior: Gamma?
  /// No estimated noise variance falls below this.
  var varianceFloor = 0.0
  var standardization: Standardization?

  /// Whether the prior lives in the coordinates of the data, rather than the standardised ones.
  var priorIsOriginal: Bool { prior.isInUnitsOfData || !standardizes }
}

extension ExpertBlock where Model == LinearExpert {
  /// A block of linear experts.
  ///
  /// - Parameters:
  ///   - count: the number of experts.
  ///   - noise: how the noise variance is treated.
  ///   - prior: the prior of the coefficients, the intercept among them.
  ///   - hasIntercept: whether there is an intercept.
  ///   - standardizes: whether learned priors see the coefficients of standardised features; without, those of the features
  ///     as they are. Priors given in numbers always hold for the features as they are.
  public static func linear(
    count: Int, noise: LinearNoise = .shared, prior: any Prior<Gaussian> = IsotropicGaussianPrior(),
    hasIntercept: Bool = true, standardizes: Bool = true
  ) -> ExpertBlock {
    ExpertBlock(
      Array(repeating: LinearExpert(), count: count),
      shared: LinearShared(noise: noise, prior: prior, hasIntercept: hasIntercept, standardizes: standardizes))
  }
}

extension LinearShared: Codable {
  private static let registerBuiltInPriors: Void = {
    PartRegistry.register(FixedGaussianPrior.self)
    PartRegistry.register(IsotropicGaussianPrior.self)
  }()

  private enum CodingKeys: String, CodingKey {
    case noise, prior, hasIntercept, standardizes, noisePrior, varianceFloor, standardization
  }

  /// Decodes the settings, and the prior by its registered name.
  ///
  /// - Throws: `DecodingError` if that part is not a prior of Gaussian coefficients.
  public init(from decoder: any Decoder) throws {
    Self.registerBuiltInPriors
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard let prior = try container.decode(CodedPart.self, forKey: .prior).part as? any Prior<Gaussian> else {
      throw DecodingError.dataCorruptedError(
        forKey: .prior, in: container, debugDescription: "not a prior of coefficients")
    }
    self.prior = prior
    noise = try container.decode(LinearNoise.self, forKey: .noise)
    hasIntercept = try container.decode(Bool.self, forKey: .hasIntercept)
    standardizes = try container.decode(Bool.self, forKey: .standardizes)
    noisePrior = try container.decodeIfPresent(Gamma.self, forKey: .noisePrior)
    varianceFloor = try container.decode(Double.self, forKey: .varianceFloor)
    standardization = try container.decodeIfPresent(Standardization.self, forKey: .standardization)
  }

  /// Encodes the settings and what was learned, the prior under its name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(noise, forKey: .noise)
    try container.encode(CodedPart(prior), forKey: .prior)
    try container.encode(hasIntercept, forKey: .hasIntercept)
    try container.encode(standardizes, forKey: .standardizes)
    try container.encodeIfPresent(noisePrior, forKey: .noisePrior)
    try container.encode(varianceFloor, forKey: .varianceFloor)
    try container.encodeIfPresent(standardization, forKey: .standardization)
  }
}
