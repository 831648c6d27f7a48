import GSL
import MixtureCore

/// The prior N(w0_k, A_k) of the coefficients of each expert, with the covariance A_k and the mean w0_k each given, learned, or with a
/// distribution of its own.
///
/// Numbers that are given hold in the units of the data. What is learned lives in the coordinates of the factor, which are those of
/// standardised features unless standardisation is off.
public struct GaussianPrior: Prior, Equatable {
  /// How the covariance is found.
  public enum Covariance: Sendable, Codable, Equatable {
    /// I / τ_k with τ_k ~ Gamma(½, rate ½ s²) and s² the variance of the response, so that w_k has a multivariate Cauchy distribution of
    /// scale s about its mean: nearly flat where the rows tell something, and never narrower than s.
    case cauchy
    /// Infinite: the prior density is one everywhere. ELBOs with different numbers of coefficients are not comparable then.
    case flat
    /// variance · I, given.
    case fixed(variance: Double)
    /// The matrix is given.
    case given(Matrix)
    /// v_k I, with v_k = tr S_k / d learned.
    case isotropic
    /// A diagonal learned for each expert, diag S_k: automatic relevance determination (MacKay 1994, Neal 1996).
    case diagonal
    /// A full matrix learned for each expert, S_k. One vector determines one direction only: the others end at the floor.
    case full
  }

  /// How the mean is found.
  public enum Mean: Sendable, Codable, Equatable {
    /// The mean is zero, in the coordinates of the covariance; but the mean of the response for the intercept, where the covariance is not given.
    case zero
    /// Given: one vector for each expert, or one for all.
    case given([[Double]])
    /// Learned for each expert: w0_k = m_k.
    case learned
    /// One for all experts, learned: the mean of the m_k weighted by their prior precisions.
    case common
    /// Learned under a coupling that draws the experts' means together, from the starting values given (one vector for each
    /// expert, one for all, or none for those of `zero`).
    case coupled(MeanCoupling, startingAt: [[Double]])
  }

  /// The prior of the intercept beside a learned covariance, which would take it for a coefficient that is not needed.
  public enum Intercept: Sendable, Codable, Equatable {
    /// N(w0, variance), with the variance in squared units of the response.
    case fixed(variance: Double)
    /// N(w0, 10¹⁰ s²) with s² the variance of the response: so wide that it tells nothing.
    case flat
    /// That of the other coefficients.
    case same
  }

  /// How the covariance is found.
  public let covariance: Covariance
  /// How the mean is found.
  public private(set) var mean: Mean
  /// The prior of the intercept beside a learned covariance; nil for N(w0, 100 s²) with s² the variance of the response.
  public let intercept: Intercept?

  /// The learned or given means w0_k, in the coordinates of the covariance; empty before a fit.
  public internal(set) var means: [[Double]] = [] { didSet { known = KnownDistributions() } }
  /// The precisions A_k⁻¹, of a Cauchy prior E τ_k I; empty before a fit, and zero where there is no prior.
  public internal(set) var precisions: [Matrix] = [] { didSet { known = KnownDistributions() } }

  /// From the units of the data to the coordinates of the covariance.
  var coordinates = AffineMap.identity(0)
  /// s², of a Cauchy prior.
  var squaredScale = 0.0
  /// No learned variance, in no direction, falls below this; clipping is the exact constrained maximum.
  var floor = 0.0
  /// The number of the intercept, where it has a prior of its own.
  var ownIntercept: Int?

  /// The distributions of all experts, for which a pass asks several times; none after a change, until they are formed again.
  private var known = KnownDistributions()

  private enum CodingKeys: String, CodingKey {
    case covariance, mean, intercept, means, precisions, coordinates, squaredScale, floor, ownIntercept
  }

  /// A prior with the given treatments of covariance and mean, and beside a learned covariance of the intercept.
  public init(covariance: Covariance = .cauchy, mean: Mean = .zero, intercept: Intercept? = nil) {
    self.covariance = covariance
    self.mean = mean
    self.intercept = intercept
  }

  /// Whether the covariance is a number or matrix that the user gave.
  public var isInUnitsOfData: Bool {
    switch covariance {
    case .fixed, .given: true
    case .cauchy, .flat, .isotropic, .diagonal, .full: false
    }
  }

  /// Whether the covariance is learned by maximising the ELBO.
  public var learnsCovariance: Bool {
    switch covariance {
    case .isotropic, .diagonal, .full: true
    case .cauchy, .flat, .fixed, .given: false
    }
  }

  /// The treatments of covariance, mean and intercept.
  public var words: String {
    let spread =
      switch covariance {
      case .cauchy: "Cauchy"
      case .flat: "flat"
      case .fixed(let variance): "of variance \(variance)"
      case .given: "of given covariance"
      case .isotropic: "isotropic"
      case .diagonal: "diagonal (relevance determination)"
      case .full: "of full covariance"
      }
    let about =
      switch mean {
      case .zero: ""
      case .given: " about given means"
      case .learned: " about learned means"
      case .common: " about a common mean"
      case .coupled(let coupling, _): " about means coupled by \(coupling.words)"
      }
    let beside =
      switch intercept {
      case nil: ""
      case .fixed(let variance): ", of the intercept of variance \(variance)"
      case .flat: ", of the intercept flat"
      case .same: ", the intercept included"
      }
    return spread + about + beside
  }

  /// Warns of a mean and a covariance learned from the same expert: the prior then sharpens without end, and the ELBO creeps
  /// to that of a point estimate.
  public var warnings: [String] {
    guard mean == .learned, learnsCovariance else { return [] }
    return [
      "prior mean and covariance are both learned for each expert: the prior sharpens in every iteration, and standard errors are "
        + "too small; learn one of them, or a mean common to all experts"
    ]
  }

  /// Starts a Cauchy prior at its scale, learned variances at the typical variance and learned means at zero; converts what is given.
  ///
  /// - Throws: `ArgumentError` if a number, matrix or vector that is given is out of range, or does not fit the number of coefficients or
  ///   experts.
  public mutating func configure(for setting: PriorSetting) throws {
    guard learnsCovariance || intercept == nil else {
      throw ArgumentError(
        GaussianPrior.self, argument: "intercept", value: intercept.map { "\($0)" } ?? "nil",
        need: "left out: a prior of the intercept by itself goes with a learned covariance only")
    }
    if case .fixed(let variance) = covariance { try Self.requireVariance(variance, argument: "the variance") }
    if case .fixed(let variance) = intercept {
      try Self.requireVariance(variance, argument: "the variance of the intercept")
    }
    coordinates = setting.coordinates
    squaredScale = covariance == .cauchy ? setting.typicalVariance : 0
    floor = 1e-10 * setting.typicalVariance
    ownIntercept = learnsCovariance && intercept != .same ? setting.intercept?.index : nil
    means = try startingMeans(for: setting)
    let start = try startingPrecision(for: setting)
    precisions = setting.free.map { covariance == .cauchy && $0.isEmpty ? 0 * start : start }
    try formDistributions()
  }

  /// - Throws: `ArgumentError` unless both the variance and the precision are positive and finite.
  private static func requireVariance(_ variance: Double, argument: String) throws {
    guard variance > 0, variance.isFinite, (1 / variance).isFinite else {
      throw ArgumentError(
        GaussianPrior.self, argument: argument, value: variance, need: "a finite number above 0, and not below 1e-308")
    }
  }

  /// Keeps given and learned means and covariances of the experts that stay.
  public mutating func select(_ experts: [Int]) {
    func kept(_ rows: [[Double]]) -> [[Double]] { rows.count > 1 ? experts.map { rows[$0] } : rows }
    switch mean {
    case .given(let rows): mean = .given(kept(rows))
    case .coupled(let coupling, let rows): mean = .coupled(coupling, startingAt: kept(rows))
    case .zero, .learned, .common: break
    }
    if !means.isEmpty { means = experts.map { means[$0] } }
    if !precisions.isEmpty { precisions = experts.map { precisions[$0] } }
  }

  /// N(w0_k, A_k), of a Cauchy prior N(w0_k, I / E τ_k); nil if flat, and for an expert of a Cauchy prior without free coefficients.
  ///
  /// - Throws: `DataError` for an expert for which the prior was not configured; `ArgumentError` unless the precision is positive definite.
  public func distribution(ofExpert expert: Int) throws -> Gaussian? {
    if covariance == .flat { return nil }
    guard means.indices.contains(expert), precisions.indices.contains(expert) else {
      throw DataError("the prior is configured for \(means.count) experts: it has no distribution of expert \(expert + 1)")
    }
    return try known.distributions.isEmpty ? formedDistribution(ofExpert: expert) : known.distributions[expert]
  }

  private func formedDistribution(ofExpert expert: Int) throws -> Gaussian? {
    hasDistribution(ofExpert: expert) ? try Gaussian(mean: means[expert], precision: precisions[expert]) : nil
  }

  /// Whether expert k has a prior that is not flat.
  func hasDistribution(ofExpert k: Int) -> Bool {
    covariance != .flat && (covariance != .cauchy || precisions[k].elements.contains { $0 != 0 })
  }

  mutating func formDistributions() throws {
    guard covariance != .flat, known.distributions.isEmpty else { return }
    known.distributions = try precisions.indices.map(formedDistribution)
  }

  /// The means given the covariances, then the covariances given the means.
  public mutating func update(from posteriors: [Gaussian], active: [Bool]) throws {
    try updateMeans(from: posteriors, active: active)
    try updateCovariances(from: posteriors, active: active)
    try formDistributions()
  }

  /// Σ_k KL(q(w_k) ‖ p(w_k)), or −Σ_k entropy under a flat prior, and the penalty.
  public func divergence(of posteriors: [Gaussian]) throws -> Double {
    let divergences = try posteriors.enumerated().map { k, posterior in
      try distribution(ofExpert: k).map { posterior.divergence(from: $0) } ?? -posterior.entropy
    }
    return try divergences.reduce(penalty, +)
  }

  /// What the prior takes from the ELBO beside Σ_k KL(q(w_k) ‖ p(w_k)): the penalty of a coupling; for a Cauchy prior of d coefficients
  /// Σ_k [d/2 (ln E τ_k − E ln τ_k) + KL(q(τ_k) ‖ p(τ_k))].
  public var penalty: Double {
    get throws { try precisions.indices.reduce(couplingPenalty) { try $0 + scalePenalty(ofExpert: $1) } }
  }
}

extension Prior where Factor == Gaussian {
  /// That of the prior's distribution.
  public func logDensity(ofExpert expert: Int, at value: [Double]) throws -> Double {
    try distribution(ofExpert: expert)?.logDensity(at: value) ?? 0
  }

  /// The precision of the prior's distribution.
  public func curvature(ofExpert expert: Int, at value: [Double]) throws -> Matrix? {
    try distribution(ofExpert: expert)?.precision.matrix
  }
}

/// What follows from the rest of a prior, and so is equal where that is.
private struct KnownDistributions: Equatable {
  var distributions: [Gaussian?] = []

  static func == (one: KnownDistributions, other: KnownDistributions) -> Bool { true }
}
