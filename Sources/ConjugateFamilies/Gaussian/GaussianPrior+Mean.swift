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

  /// Powers of two near the square roots of the diagonal of Ξ. In these units of the coefficients everything is in the range of doubles,
  /// whatever the units of the data, and not a digit is lost.
  private let units: [Double]
  /// Ξ⁻¹ in those units.
  private let inverse: Matrix

  /// A coupling by the matrix Ξ.
  ///
  /// - Throws: `ArgumentError` unless Ξ is square and positive definite, and fits the coefficients named.
  public init(matrix: Matrix, coefficients: [Int]? = nil) throws {
    guard matrix.rows == matrix.columns else {
      throw ArgumentError(Self.self, argument: "matrix", value: "\(matrix.rows) × \(matrix.columns)", need: "square")
    }
    if let coefficients, coefficients.count != matrix.rows || Set(coefficients).count != coefficients.count {
      throw ArgumentError(
        Self.self, argument: "coefficients", value: coefficients,
        need: "\(matrix.rows) different numbers, one for each row of the matrix")
    }
    if let wrong = coefficients?.first(where: { !(0..<Int(Int32.max)).contains($0) }) {
      throw ArgumentError(
        Self.self, argument: "coefficients", value: wrong, need: "numbers of coefficients, counted from 0")
    }
    self.matrix = matrix
    self.coefficients = coefficients
    units = matrix.diagonal.map { $0.isNormal ? Double(sign: .plus, exponent: Int($0.exponent) / 2, significand: 1) : 1 }
    inverse = try Cholesky(matrix.scaled(by: units.map { 1 / $0 }), MeanCoupling.self, argument: "matrix").inverse
  }

  /// Ξ, where it is diagonal, and which coefficients are coupled.
  var words: String {
    let variances = matrix.diagonal
    let isDiagonal = matrix == Matrix(diagonal: variances)
    let isOne = variances.allSatisfy { $0 == variances[0] }
    let ofMatrix =
      isDiagonal
      ? (isOne ? Array(variances.prefix(1)) : variances).map { "\($0)" }.joined(separator: ", ") : "a full matrix"
    guard let coefficients else { return ofMatrix }
    // The first is the intercept, where there is one, and nothing here knows whether.
    return ofMatrix + " in coefficients " + coefficients.map { "\($0 + 1)" }.joined(separator: ", ")
  }

  /// From the units of the coupling, in which the others of so many coefficients are in those of the data, to where a map leads from the
  /// units of the data.
  func coordinates(_ map: AffineMap) -> AffineMap {
    var all = map.offset.map { _ in 1.0 }
    for (i, unit) in zip(coefficients ?? Array(all.indices), units) { all[i] = unit }
    return map.taking(units: all)
  }

  /// The penalty for the given means, in the units of the coupling.
  func penalty(_ means: [[Double]]) -> Double {
    let coupled = means.map { mean in (coefficients ?? Array(mean.indices)).map { mean[$0] } }
    var sum = 0.0
    for k in coupled.indices {
      for j in 0..<k { sum += 0.5 * inverse.quadraticForm(zip(coupled[k], coupled[j]).map(-)) }
    }
    return sum
  }

  /// The means that maximise −½ Σ_k (m_k − w0_k)ᵀ Λ_k (m_k − w0_k) − penalty, for all experts at once, in
  /// the units of the coupling: C_k = (Λ_k + K Ξ⁻¹)⁻¹, s = (I − Σ_k C_k Ξ⁻¹)⁻¹ Σ_k C_k Λ_k m_k, w0_k = C_k (Λ_k m_k + Ξ⁻¹ s). O(K d³).
  ///
  /// - Parameters:
  ///   - means: the means as they are, whose uncoupled coordinates stay.
  ///   - precisions: the Λ_k.
  ///   - targets: the Λ_k m_k.
  func maximizingMeans(
    from means: [[Double]], precisions: [Matrix], targets: [[Double]]
  ) throws -> [[Double]] {
    let dimension = means[0].count
    let coupled = coefficients ?? Array(0..<dimension)
    let rest = (0..<dimension).filter { !coupled.contains($0) }
    // Λ_k m_k over the coupled coordinates, less what the others pull.
    let pulls = means.indices.map { k in
      coupled.map { i in rest.reduce(targets[k][i]) { $0 - precisions[k][i, $1] * means[k][$1] } }
    }
    let precisions = precisions.map { $0.restricted(to: coupled) }
    let count = Double(means.count)
    // Σ_k C_k Ξ⁻¹ = I − Σ_k C_k Λ_k / K, so the matrix to be inverted is formed without cancellation.
    let inverses = try precisions.map { precision in
      try Cholesky(precision + count * inverse).inverse
    }
    var matrix = Matrix(rows: coupled.count, columns: coupled.count)
    var target = [Double](repeating: 0, count: coupled.count)
    for (k, c) in inverses.enumerated() {
      matrix = matrix + (1 / count) * (c * precisions[k])
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
  func startingMeans(for setting: PriorSetting) throws -> [[Double]] {
    let (expertCount, dimension) = (setting.expertCount, setting.dimension)
    var zero = [Double](repeating: 0, count: dimension)
    // Given covariances are in the units of the data, where zero is what the user knows it to be.
    if let intercept = setting.intercept, covariance == .cauchy || ownIntercept != nil {
      zero[intercept.index] = intercept.mean
    }
    var given: [[Double]] = []
    switch mean {
    case .zero, .learned, .common: break
    case .given(let vectors): given = vectors
    case .coupled(let coupling, let vectors):
      given = vectors
      let coupled = coupling.coefficients ?? Array(0..<coupling.matrix.rows)
      guard coupled.allSatisfy({ $0 < dimension && $0 >= 0 }), coupling.coefficients != nil || coupled.count == dimension
      else {
        throw ArgumentError(
          GaussianPrior.self, argument: "the coupling of the means", value: "of coefficients \(coupled.map { $0 + 1 })",
          need: "of some of the \(dimension) coefficients, or of all of them")
      }
      if intercept == .flat, let ownIntercept, coupled.contains(ownIntercept) {
        throw ArgumentError(
          GaussianPrior.self, argument: "the coupling of the means", value: "of the intercept, too",
          need:
            "of other coefficients, for under a flat prior of the intercept its means mean nothing; or take another prior of it"
        )
      }
    }
    if given.isEmpty { return Array(repeating: zero, count: expertCount) }
    guard given.count == 1 || given.count == expertCount, given.allSatisfy({ $0.count == dimension }) else {
      throw ArgumentError(
        GaussianPrior.self, argument: "mean",
        value:
          "\(given.count) vectors of \(Set(given.map(\.count)).sorted().map(String.init).joined(separator: " or ")) numbers",
        need: "one for all experts or one for each of \(expertCount), of \(dimension) numbers each")
    }
    if let number = given.joined().first(where: { !$0.isFinite }) {
      throw ArgumentError(GaussianPrior.self, argument: "mean", value: number, need: "finite numbers")
    }
    return (0..<expertCount).map { coordinates(given[given.count == 1 ? 0 : $0]) }
  }

  /// Learned means, given q(w) and the covariances.
  mutating func updateMeans(from posteriors: [Gaussian], active: [Bool]) throws {
    try maximizeMeans(
      active: active, precisions: precisions, targets: zip(precisions, posteriors).map { $0 * $1.mean })
  }

  /// Learned means that maximise −½ Σ_k (w0_kᵀ Λ_k w0_k − 2 w0_kᵀ t_k) less the penalty of a coupling, over the active experts. An intercept
  /// with a prior of its own has its mean, unless it is coupled.
  mutating func maximizeMeans(active: [Bool], precisions: [Matrix], targets: [[Double]]) throws {
    let indices = precisions.indices.filter { active[$0] && hasDistribution(ofExpert: $0) }
    guard covariance != .flat, !indices.isEmpty else { return }
    switch mean {
    case .zero, .given: return
    case .learned:
      for k in indices { means[k] = keepingOwnIntercept(try Cholesky(precisions[k]).solve(targets[k])) }
    case .common:
      var precision = Matrix(rows: means[0].count, columns: means[0].count)
      var target = [Double](repeating: 0, count: means[0].count)
      for k in indices {
        precision = precision + precisions[k]
        target = zip(target, targets[k]).map(+)
      }
      let common = keepingOwnIntercept(try Cholesky(precision).solve(target))
      means = means.map { _ in common }
    case .coupled(let coupling, _):
      let coordinates = coupling.coordinates(coordinates)
      // An expert without rows goes where the coupling draws it.
      let zero = Matrix(rows: means[0].count, columns: means[0].count)
      let maximum = try coupling.maximizingMeans(
        from: means.map(coordinates.inverse),
        precisions: precisions.indices.map { active[$0] ? coordinates.precisionBefore(precisions[$0]) : zero },
        targets: precisions.indices.map { k in
          let drawn = zip(targets[k], precisions[k] * coordinates.offset).map(-)
          return active[k] ? coordinates.matrix.transposed * drawn : drawn.map { _ in 0 }
        })
      means = maximum.map { coordinates($0) }
    }
  }

  /// A mean that leaves the intercept where it is if that has a prior of its own, which is independent of the others.
  private func keepingOwnIntercept(_ mean: [Double]) -> [Double] {
    var mean = mean
    if let ownIntercept { mean[ownIntercept] = means[0][ownIntercept] }
    return mean
  }

  /// What a coupling takes from the ELBO.
  var couplingPenalty: Double {
    guard case .coupled(let coupling, _) = mean else { return 0 }
    return coupling.penalty(means.map(coupling.coordinates(coordinates).inverse))
  }
}
