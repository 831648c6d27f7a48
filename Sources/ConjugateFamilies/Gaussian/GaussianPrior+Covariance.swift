import Foundation
import GSL
import MixtureCore

// The covariances: where they start, how they are found, and what narrows to nothing.

extension GaussianPrior {
  /// q(τ_k) = Gamma(½ + d/2, ½ s² + ½ tr S_k) of a Cauchy prior in the coordinates of the covariance, whose mean is the precision; nil for other priors, before a fit, and for
  /// an expert without free coefficients.
  ///
  /// - Throws: `ArgumentError` where the rate is out of range.
  public func scalePrecision(ofExpert expert: Int) throws -> Gamma? {
    guard covariance == .cauchy, precisions.indices.contains(expert), hasDistribution(ofExpert: expert) else { return nil }
    let shape = 0.5 * Double(1 + precisions[expert].rows)
    return try Gamma(shape: shape, rate: shape / precisions[expert][0, 0])
  }

  /// ln N(w | w0_k, A_k); of a Cauchy prior that of a multivariate Cauchy distribution of scale s in d coefficients,
  /// ln Γ(½(1 + d)) − ½(1 + d) ln π − d ln s − ½(1 + d) ln(1 + ‖w − w0‖² / s²).
  public func logDensity(ofExpert expert: Int, at value: [Double]) throws -> Double {
    guard covariance == .cauchy else { return try distribution(ofExpert: expert)?.logDensity(at: value) ?? 0 }
    guard hasDistribution(ofExpert: expert) else { return 0 }
    let squares = zip(value, means[expert]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let (dimension, half) = (Double(value.count), 0.5 * Double(1 + value.count))
    return try logGamma(half) - half * log(.pi) - 0.5 * dimension * log(squaredScale)
      - half * log1p(squares / squaredScale)
  }

  /// The precision A_k⁻¹; of a Cauchy prior of d coefficients τ I − 2 τ² / (1 + d) (w − w0)(w − w0)ᵀ with τ = (1 + d) / (s² + ‖w − w0‖²), which has a
  /// negative eigenvalue in the tails.
  public func curvature(ofExpert expert: Int, at value: [Double]) throws -> Matrix? {
    guard covariance != .flat, hasDistribution(ofExpert: expert) else { return nil }
    guard covariance == .cauchy else { return precisions[expert] }
    let distance = zip(value, means[expert]).map(-)
    let next = Double(1 + distance.count)
    let scale = next / (squaredScale + dot(distance, distance))
    return Matrix(symmetricOfOrder: distance.count) { a, b in
      (a == b ? scale : 0) - 2 * scale * scale / next * distance[a] * distance[b]
    }
  }

  /// What τ_k takes from the ELBO, with its distribution at N(w0_k, I / E τ_k): E ln p(w_k | τ_k) has E ln τ_k where the distribution has ln E τ_k.
  func scalePenalty(ofExpert k: Int) throws -> Double {
    guard let scale = try scalePrecision(ofExpert: k) else { return 0 }
    let prior = try Gamma(shape: 0.5, rate: 0.5 * squaredScale)
    return 0.5 * Double(precisions[k].rows) * (log(scale.mean) - scale.meanLog) + scale.divergence(from: prior)
  }

  /// The precision that all experts start with.
  func startingPrecision(for setting: PriorSetting) throws -> Matrix {
    let dimension = setting.dimension
    switch covariance {
    case .flat: return Matrix(rows: dimension, columns: dimension)
    case .fixed(let variance): return .identity(dimension, scale: 1 / variance)
    case .given(let matrix):
      guard matrix.rows == dimension, matrix.columns == dimension else {
        throw ArgumentError(
          GaussianPrior.self, argument: "covariance", value: "\(matrix.rows) × \(matrix.columns)",
          need: "\(dimension) × \(dimension), for there are \(dimension) coefficients")
      }
      return try Cholesky(matrix, GaussianPrior.self, argument: "covariance").inverse
    case .cauchy, .isotropic, .diagonal, .full:
      var precision = Matrix.identity(dimension, scale: 1 / setting.typicalVariance)
      if let ownIntercept {
        precision[ownIntercept, ownIntercept] = 1 / interceptVariance(ownIntercept, setting.typicalVariance)
      }
      return precision
    }
  }

  /// The variance of an intercept with a prior of its own, in the coordinates of the covariance.
  private func interceptVariance(_ index: Int, _ typicalVariance: Double) -> Double {
    switch intercept {
    case nil, .same: return 100 * typicalVariance
    case .flat: return 1e10 * typicalVariance
    case .fixed(let variance):
      let unit = coordinates.matrix[index, index]
      return variance * unit * unit
    }
  }

  /// The coordinates whose variances are learned together.
  var learnedCoordinates: [Int] { means.first?.indices.filter { $0 != ownIntercept } ?? [] }

  /// A_k from the second moments S_k about the means. Without rows, and the posterior at its prior again, the best
  /// τ_k has the mean 1 / s² of its hyperprior; a point stays one.
  mutating func updateCovariances(from posteriors: [Gaussian], active: [Bool]) throws {
    let learned = learnedCoordinates
    for (k, posterior) in posteriors.enumerated() where active[k] || covariance == .cauchy {
      let squares = posterior.meanSquares(about: means[k])
      switch covariance {
      case .cauchy:
        guard hasDistribution(ofExpert: k) else { continue }
        let variance = (squaredScale + squares.reduce(0, +)) / Double(1 + squares.count)
        precisions[k] = .identity(squares.count, scale: 1 / (active[k] || posterior.free.isEmpty ? variance : squaredScale))
      case .isotropic:
        let variance = max(learned.reduce(0) { $0 + squares[$1] } / Double(learned.count), floor)
        for j in learned { precisions[k][j, j] = 1 / variance }
      case .diagonal:
        for j in learned { precisions[k][j, j] = 1 / max(squares[j], floor) }
      case .full:
        let eigen = try SymmetricEigen(posterior.secondMoment(about: means[k]).restricted(to: learned))
        let inverse = Matrix(diagonal: eigen.values.map { 1 / max($0, floor) })
        set(eigen.vectors * inverse * eigen.vectors.transposed, ofExpert: k)
      case .flat, .fixed, .given: break
      }
    }
  }

  /// Sets the precision of the learned coordinates.
  mutating func set(_ precision: Matrix, ofExpert k: Int) {
    let learned = learnedCoordinates
    for (a, i) in learned.enumerated() { for (b, j) in learned.enumerated() { precisions[k][i, j] = precision[a, b] } }
  }

  /// The coefficients of a learned covariance whose spread the prior decides, and not the rows. A variance that m coefficients have taught is
  /// known to √(2 / m) of itself, so the fewer they are, the more the rows must tell: the share of a coefficient's precision that
  /// is theirs must reach ½ / m. Of a full covariance all, where it has become narrow in some direction, or the rows tell nothing.
  public func prunedEntries(ofExpert expert: Int, under posterior: @autoclosure () -> Gaussian) -> [Int] {
    guard learnsCovariance, precisions.indices.contains(expert) else { return [] }
    let learned = learnedCoordinates
    let variances = posterior().covariance.diagonal
    let leastShare = covariance == .isotropic ? 0.5 / Double(max(learned.count, 1)) : 0.5
    if covariance == .full {
      let precision = precisions[expert].restricted(to: learned)
      let ofPrior = dot(precision.elements, posterior().covariance.restricted(to: learned).elements)
      let tellsNothing = ofPrior > Double(learned.count) - leastShare
      return tellsNothing || 1 / precision.trace < 1e3 * floor ? learned.filter { variances[$0] > 0 } : []
    }
    return learned.filter { variances[$0] * precisions[expert][$0, $0] > 1 - leastShare }
  }
}
