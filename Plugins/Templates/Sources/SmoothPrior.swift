import GSL
import Mixtures

// Change this: say what is known of the coefficients beforehand, and what of it is learned.
/// Neighbouring coefficients are alike: w_k ~ N(0, (s D)⁻¹) for every expert, with D = Δᵀ Δ + ε I for the differences Δ of neighbours,
/// and the strength s learned.
public struct SmoothPrior: Prior {
  /// s.
  public internal(set) var strength = 1.0
  /// D.
  private var differences = Matrix.identity(0)

  /// A prior that takes its dimension, and where s starts, from the fit.
  public init() {}

  // Change this: what belongs to the dimension, and where learned parameters start.
  /// Makes D, and starts s at the precision of a typical coefficient.
  public mutating func configure(for setting: PriorSetting) {
    differences = Matrix.identity(setting.dimension, scale: 0.01)
    for j in 1..<max(setting.dimension, 1) {
      for (a, b, value) in [(j, j, 1.0), (j - 1, j - 1, 1), (j, j - 1, -1), (j - 1, j, -1)] { differences[a, b] += value }
    }
    strength = 1 / setting.typicalVariance
  }

  // Change this: p(w_k), and keep what belongs to single experts in `select(_:)` if they differ.
  /// N(0, (s D)⁻¹), the same for all experts.
  public func distribution(ofExpert expert: Int) throws -> Gaussian? {
    try Gaussian(mean: Array(repeating: 0, count: differences.rows), precision: strength * differences)
  }

  // Change this: the parameters that make Σ_k KL(q(w_k) ‖ p(w_k)) least. Experts without rows are not active.
  /// s = K d / Σ_k E w_kᵀ D w_k over the K active experts.
  public mutating func update(from posteriors: [Gaussian], active: [Bool]) throws {
    let root = try Cholesky(differences)
    let origin = [Double](repeating: 0, count: differences.rows)
    let known = posteriors.indices.filter { active[$0] }
    let squares = known.reduce(0) { $0 + root.traceOfProduct(with: posteriors[$1].secondMoment(about: origin)) }
    if squares > 0 { strength = Double(known.count * differences.rows) / squares }
  }

  /// Σ_k KL(q(w_k) ‖ p(w_k)).
  public func divergence(of posteriors: [Gaussian]) throws -> Double {
    guard let prior = try distribution(ofExpert: 0) else { return 0 }
    return posteriors.reduce(0) { $0 + $1.divergence(from: prior) }
  }
}
