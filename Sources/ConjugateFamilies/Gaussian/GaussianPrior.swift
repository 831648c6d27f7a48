import GSL
import MixtureCore

/// The prior N(w0_k, A_k) of the coefficients of each expert, with the covariance A_k and the mean w0_k each given or learned
/// by maximising the bound.
///
/// Numbers that are given hold in the units of the data. Learned covariances are isotropic or diagonal in the coordinates of
/// the factor, which are those of standardised features unless standardisation is off.
public struct GaussianPrior: Prior, Equatable {
  /// How the covariance is found.
  public enum Covariance: Sendable, Codable, Equatable {
    /// Infinite: the prior density is one everywhere. Bounds with different numbers of coefficients are not comparable then.
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
    /// Zero, in the coordinates of the covariance.
    case zero
    /// Given: one vector for each expert, or one for all.
    case given([[Double]])
    /// Learned for each expert: w0_k = m_k.
    case learned
    /// One for all experts, learned: the mean of the m_k weighted by their prior precisions.
    case common
    /// Learned under a coupling that draws the experts' means together, from the starting values given (one vector for each
    /// expert, one for all, or none for zero).
    case coupled(MeanCoupling, startingAt: [[Double]])
  }

  /// How the covariance is found.
  public let covariance: Covariance
  /// How the mean is found.
  public private(set) var mean: Mean

  /// The learned or given means w0_k, in the coordinates of the covariance; empty before a fit.
  public internal(set) var means: [[Double]] = [] { didSet { known = KnownLaws() } }
  /// The precisions A_k⁻¹; empty before a fit, or if flat.
  public internal(set) var precisions: [Matrix] = [] { didSet { known = KnownLaws() } }

  /// From the units of the data to the coordinates of the covariance.
  var coordinates = AffineMap.identity(0)
  /// No learned variance, in no direction, falls below this; clipping is the exact constrained maximum.
  var floor = 0.0

  /// The laws of all experts, for which a pass asks several times; none after a change, until they are formed again.
  private var known = KnownLaws()

  private enum CodingKeys: String, CodingKey { case covariance, mean, means, precisions, coordinates, floor }

  /// A prior with the given treatments of covariance and mean.
  public init(covariance: Covariance = .isotropic, mean: Mean = .zero) {
    self.covariance = covariance
    self.mean = mean
  }

  /// Whether the covariance is a number or matrix that the user gave.
  public var isInUnitsOfData: Bool {
    switch covariance {
    case .fixed, .given: true
    case .flat, .isotropic, .diagonal, .full: false
    }
  }

  /// Whether the covariance is learned.
  public var learnsCovariance: Bool {
    switch covariance {
    case .isotropic, .diagonal, .full: true
    case .flat, .fixed, .given: false
    }
  }

  /// The treatments of covariance and mean.
  public var words: String {
    let spread =
      switch covariance {
      case .flat: "flat"
      case .fixed(let variance): "of variance \(variance)"
      case .given: "of given covariance"
      case .isotropic: "isotropic"
      case .diagonal: "diagonal (relevance determination)"
      case .full: "of full covariance"
      }
    switch mean {
    case .zero: return spread
    case .given: return spread + " about given means"
    case .learned: return spread + " about learned means"
    case .common: return spread + " about a common mean"
    case .coupled(let coupling, _): return spread + " about means coupled by \(coupling.words)"
    }
  }

  /// Warns of a mean and a covariance learned from the same expert: the prior then sharpens without end, and the bound creeps
  /// to that of a point estimate.
  public var warnings: [String] {
    guard mean == .learned, learnsCovariance else { return [] }
    return [
      "prior mean and covariance are both learned for each expert: the prior sharpens every pass, and standard errors are "
        + "too small; learn one of them, or a mean common to all experts"
    ]
  }

  /// Starts learned variances at the typical variance and learned means at zero; converts what is given.
  ///
  /// - Throws: `DataError` if a matrix or vector that is given does not fit the number of coefficients or experts.
  public mutating func configure(for setting: PriorSetting) throws {
    coordinates = setting.coordinates
    floor = 1e-10 * setting.typicalVariance
    let (count, dimension) = (setting.expertCount, setting.dimension)
    means = try startingMeans(expertCount: count, dimension: dimension)
    let precision: Matrix
    switch covariance {
    case .flat: precision = Matrix(rows: dimension, columns: dimension)
    case .fixed(let variance): precision = .identity(dimension, scale: 1 / variance)
    case .given(let matrix):
      guard matrix.rows == dimension, matrix.columns == dimension else {
        throw DataError(
          "the prior covariance is \(matrix.rows) × \(matrix.columns), but there are \(dimension) coefficients")
      }
      precision = try Cholesky(matrix).inverse
    case .isotropic, .diagonal, .full: precision = .identity(dimension, scale: 1 / setting.typicalVariance)
    }
    precisions = Array(repeating: precision, count: count)
    try formLaws()
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

  /// N(w0_k, A_k), or nil if flat.
  ///
  /// - Throws: `DataError` for an expert for which the prior was not configured; `GSLError` unless the precision is positive definite.
  public func law(ofExpert expert: Int) throws -> Gaussian? {
    if covariance == .flat { return nil }
    guard means.indices.contains(expert), precisions.indices.contains(expert) else {
      throw DataError("the prior is configured for \(means.count) experts: it has no law of expert \(expert + 1)")
    }
    return try known.laws.isEmpty ? formedLaw(ofExpert: expert) : known.laws[expert]
  }

  private func formedLaw(ofExpert expert: Int) throws -> Gaussian {
    try Gaussian(mean: means[expert], precision: precisions[expert])
  }

  private mutating func formLaws() throws {
    guard covariance != .flat, known.laws.isEmpty else { return }
    known.laws = try precisions.indices.map(formedLaw)
  }

  /// The means given the covariances, then the covariances given the means.
  public mutating func update(from posteriors: [Gaussian], active: [Bool]) throws {
    try updateMeans(from: posteriors, active: active)
    try updateCovariances(from: posteriors, active: active)
    try formLaws()
  }

  /// MacKay's fixed-point steps v = (m − w0)² / γ with γ = 1 − B / v the share of a direction that the data determine: in each
  /// coordinate for a diagonal covariance, summed over them for an isotropic one.
  public func boldUpdate(from posteriors: [Gaussian], active: [Bool]) throws -> GaussianPrior? {
    guard covariance == .isotropic || covariance == .diagonal else { return nil }
    var result = self
    try result.updateMeans(from: posteriors, active: active)
    for (k, posterior) in posteriors.enumerated() where active[k] {
      let squares = zip(posterior.mean, result.means[k]).map { ($0 - $1) * ($0 - $1) }
      let determined = zip(posterior.covariance.diagonal, precisions[k].diagonal).map { 1 - $0 * $1 }
      let variances: [Double]
      if covariance == .isotropic {
        let total = determined.reduce(0, +)
        guard total > 0 else { continue }
        variances = squares.map { _ in squares.reduce(0, +) / total }
      } else {
        variances = zip(zip(squares, determined), precisions[k].diagonal).map { $0.1 > 0 ? $0.0 / $0.1 : 1 / $1 }
      }
      result.precisions[k] = Matrix(diagonal: variances.map { 1 / max($0, floor) })
    }
    try result.formLaws()
    return result
  }

  /// Σ_k KL(q(w_k) ‖ p(w_k)), or −Σ_k entropy under a flat prior, and the penalty of a coupling.
  public func divergence(of posteriors: [Gaussian]) throws -> Double {
    let divergences = try posteriors.enumerated().map { k, posterior in
      try law(ofExpert: k).map { posterior.divergence(from: $0) } ?? -posterior.entropy
    }
    return divergences.reduce(couplingPenalty, +)
  }

  /// A_k from the second moments S_k about the means.
  private mutating func updateCovariances(from posteriors: [Gaussian], active: [Bool]) throws {
    for (k, posterior) in posteriors.enumerated() where active[k] {
      switch covariance {
      case .isotropic:
        let squares = posterior.meanSquares(about: means[k])
        let variance = max(squares.reduce(0, +) / Double(squares.count), floor)
        precisions[k] = .identity(squares.count, scale: 1 / variance)
      case .diagonal:
        precisions[k] = Matrix(diagonal: posterior.meanSquares(about: means[k]).map { 1 / max($0, floor) })
      case .full:
        let eigen = try SymmetricEigen(posterior.secondMoment(about: means[k]))
        let inverse = Matrix(diagonal: eigen.values.map { 1 / max($0, floor) })
        precisions[k] = eigen.vectors * inverse * eigen.vectors.transposed
      case .flat, .fixed, .given: break
      }
    }
  }
}

/// What follows from the rest of a prior, and so is equal where that is.
private struct KnownLaws: Equatable {
  var laws: [Gaussian] = []

  static func == (one: KnownLaws, other: KnownLaws) -> Bool { true }
}
