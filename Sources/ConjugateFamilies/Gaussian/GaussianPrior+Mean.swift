import GSL
import MixtureCore

/// What draws the prior means of experts together: the penalty ½ Σ_{k<j} (w0_k − w0_j)ᵀ Ξ⁻¹ (w0_k − w0_j) over some of the
/// coefficients. The smaller Ξ, the closer the means.
public struct MeanCoupling: Sendable, Codable, Equatable {
  /// Ξ, in the units of the data, for the coupled coefficients in their order.
  public let matrix: Matrix
  /// The numbers of the coupled coefficients, the intercept (if there is one) being 0; nil for all. The others keep their
  /// prior mean.
  public let coefficients: [Int]?

  private let inverse: Matrix

  /// A coupling by the matrix Ξ.
  ///
  /// - Throws: `GSLError` unless Ξ is positive definite; `DataError` if it does not fit the coefficients named.
  public init(matrix: Matrix, coefficients: [Int]? = nil) throws {
    if let coefficients, coefficients.count != matrix.rows || Set(coefficients).count != coefficients.count {
      throw DataError("the coupling is \(matrix.rows) × \(matrix.columns), but couples the coefficients \(coefficients)")
    }
    self.matrix = matrix
    self.coefficients = coefficients
    inverse = try Cholesky(matrix).inverse
  }

  /// The penalty for the given means, in the units of the data.
  func penalty(_ means: [[Double]]) -> Double {
    let coupled = means.map { mean in (coefficients ?? Array(mean.indices)).map { mean[$0] } }
    var sum = 0.0
    for k in coupled.indices {
      for j in 0..<k { sum += 0.5 * inverse.quadraticForm(zip(coupled[k], coupled[j]).map(-)) }
    }
    return sum
  }

  /// The means that maximise −½ Σ_k (m_k − w0_k)ᵀ Λ_k (m_k − w0_k) − penalty, for all experts at once:
  /// C_k = (Λ_k + K Ξ⁻¹)⁻¹, s = (I − Σ_k C_k Ξ⁻¹)⁻¹ Σ_k C_k Λ_k m_k, w0_k = C_k (Λ_k m_k + Ξ⁻¹ s). O(K d³).
  ///
  /// - Parameters:
  ///   - means: the means as they are, whose uncoupled coordinates stay.
  ///   - posteriorMeans: the m_k.
  ///   - precisions: the Λ_k.
  func maximizingMeans(
    from means: [[Double]], posteriorMeans: [[Double]], precisions: [Matrix]
  ) throws -> [[Double]] {
    let dimension = means[0].count
    let coupled = coefficients ?? Array(0..<dimension)
    let rest = (0..<dimension).filter { !coupled.contains($0) }
    // Λ_k m_k over the coupled coordinates, plus what the fixed distance of the others pulls.
    let pulls = means.indices.map { k in
      coupled.map { i in
        coupled.reduce(0) { $0 + precisions[k][i, $1] * posteriorMeans[k][$1] }
          + rest.reduce(0) { $0 + precisions[k][i, $1] * (posteriorMeans[k][$1] - means[k][$1]) }
      }
    }
    let count = Double(means.count)
    // Σ_k C_k Ξ⁻¹ = I − Σ_k C_k Λ_k / K, so the matrix to be inverted is formed without cancellation.
    let inverses = try precisions.map { precision in
      try Cholesky(precision.restricted(to: coupled) + count * inverse).inverse
    }
    var matrix = Matrix(rows: coupled.count, columns: coupled.count)
    var target = [Double](repeating: 0, count: coupled.count)
    for (k, c) in inverses.enumerated() {
      matrix = matrix + (1 / count) * (c * precisions[k].restricted(to: coupled))
      target = zip(target, c * pulls[k]).map(+)
    }
    let sum = try matrix.solving(target)
    return means.indices.map { k in
      let best = inverses[k] * zip(pulls[k], inverse * sum).map(+)
      var mean = means[k]
      for (a, i) in coupled.enumerated() { mean[i] = best[a] }
      return mean
    }
  }
}

extension GaussianPrior {
  /// The means that the fit starts with, in the coordinates of the covariance.
  func startingMeans(expertCount: Int, dimension: Int) throws -> [[Double]] {
    let given: [[Double]]
    switch mean {
    case .zero, .learned, .common: return Array(repeating: Array(repeating: 0, count: dimension), count: expertCount)
    case .given(let vectors): given = vectors
    case .coupled(let coupling, let vectors):
      given = vectors.isEmpty ? [Array(repeating: 0, count: dimension)] : vectors
      guard (coupling.coefficients ?? Array(0..<coupling.matrix.rows)).allSatisfy({ $0 < dimension && $0 >= 0 }),
        coupling.coefficients != nil || coupling.matrix.rows == dimension
      else { throw DataError("the coupling does not fit the \(dimension) coefficients") }
    }
    guard given.count == 1 || given.count == expertCount, given.allSatisfy({ $0.count == dimension }) else {
      throw DataError(
        "\(given.count) prior means of \(given.first?.count ?? 0) numbers, for \(expertCount) experts of \(dimension) coefficients"
      )
    }
    return (0..<expertCount).map { coordinates(given[given.count == 1 ? 0 : $0]) }
  }

  /// Learned means, given q(w) and the covariances.
  mutating func updateMeans(from posteriors: [Gaussian], active: [Bool]) throws {
    let indices = posteriors.indices.filter { active[$0] }
    guard covariance != .flat, !indices.isEmpty else { return }
    switch mean {
    case .zero, .given: return
    case .learned:
      for k in indices { means[k] = posteriors[k].mean }
    case .common:
      var precision = Matrix(rows: means[0].count, columns: means[0].count)
      var target = [Double](repeating: 0, count: means[0].count)
      for k in indices {
        precision = precision + precisions[k]
        target = zip(target, precisions[k] * posteriors[k].mean).map(+)
      }
      let common = try Cholesky(precision).solve(target)
      means = means.map { _ in common }
    case .coupled(let coupling, _):
      // An expert without rows goes where the coupling draws it.
      let zero = Matrix(rows: means[0].count, columns: means[0].count)
      let maximum = try coupling.maximizingMeans(
        from: means.map(coordinates.inverse), posteriorMeans: posteriors.map { coordinates.inverse($0.mean) },
        precisions: precisions.indices.map { active[$0] ? coordinates.precisionBefore(precisions[$0]) : zero })
      means = maximum.map { coordinates($0) }
    }
  }

  /// What a coupling takes from the bound.
  var couplingPenalty: Double {
    guard case .coupled(let coupling, _) = mean else { return 0 }
    return coupling.penalty(means.map(coordinates.inverse))
  }
}
