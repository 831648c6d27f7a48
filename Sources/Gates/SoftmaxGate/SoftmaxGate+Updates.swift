import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

// The update, the maximum of Böhning's bound over q(V), and what the gate takes from the bound.

extension SoftmaxGate {
  /// The means' step, and C = (½ Σ w x xᵀ + λ I)⁻¹.
  ///
  /// What the bound has of the means is Σ r ln softmax(Mᵀx) − ½ λ ‖M‖², for laws as for points: under Böhning's bound about the means
  /// the covariance stands apart. Newton's step is taken where it surely raises that, or where another pass says that it, or a
  /// quarter of it, or a sixteenth, raises it by more than Böhning's step is sure to; else Böhning's is.
  public mutating func update(_ statistics: Span<Double>, resum: Resum<SoftmaxGate>) throws {
    let sums = SoftmaxSums(statistics, expertCount: expertCount, dimension: dimension)
    let precision = try Cholesky((0.5 * sums.square).addingToDiagonal(penalty + ridge))
    means = try nextMeans(sums, precision, resum)
    if estimate == .variational {
      spread = Gaussian(mean: Array(repeating: 0, count: dimension), precision: precision)
    }
    undecided = sums.undecided
  }

  private func nextMeans(
    _ sums: SoftmaxSums, _ precision: Cholesky, _ resum: Resum<SoftmaxGate>
  ) throws -> [[Double]] {
    guard !sums.products.isEmpty else { return sums.sums.map(precision.solve) }
    let curvature = sums.curvature(penalty: penalty + ridge)
    guard resum.isPossible else { return columns(try Cholesky(curvature).solve(sums.sums.flatMap { $0 })) }
    let gradient = columns(zip(sums.sums.flatMap { $0 }, curvature * means.flatMap { $0 }).map(-))
    let step = gradient.map(precision.solve)
    let sureGain = 0.5 * inner(gradient, step)
    guard let newton = (try? Cholesky(curvature)).map({ columns($0.solve(gradient.flatMap { $0 })) }) else {
      return sum(means, step)
    }
    let leastGain = inner(gradient, newton) - 0.5 * newton.reduce(0) { $0 + precision.quadraticForm($1) }
    if leastGain >= 0.5 * sureGain { return sum(means, newton) }
    for length in [1, 0.25, 0.0625] {
      var trial = self
      trial.means = sum(means, newton.map { $0.map { length * $0 } })
      if try trial.objective(resum(trial)) - objective(sums) >= sureGain { return trial.means }
    }
    return sum(means, step)
  }

  /// Σ r ln π − ½ λ ‖M‖².
  private func objective(_ sums: SoftmaxSums) -> Double {
    sums.objective - 0.5 * (penalty + ridge) * inner(means, means)
  }

  private func objective(_ statistics: [Double]) -> Double {
    objective(SoftmaxSums(statistics.span, expertCount: expertCount, dimension: dimension))
  }

  private func columns(_ values: [Double]) -> [[Double]] {
    (0..<expertCount).map { Array(values[($0 * dimension)..<(($0 + 1) * dimension)]) }
  }

  private func inner(_ a: [[Double]], _ b: [[Double]]) -> Double { zip(a, b).reduce(0) { $0 + dot($1.0, $1.1) } }

  private func sum(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] { zip(a, b).map { zip($0, $1).map(+) } }

  /// KL(q(V) ‖ p(V)); for points −ln p(M), or the tiny ½ ρ ‖M‖² of the ridge where there is no prior.
  ///
  /// Of K columns with a law, K − 1 differences have the covariance C, and the sum has its prior's.
  public var divergence: Double {
    let square = inner(means, means)
    if estimate == .maximumLikelihood { return 0.5 * ridge * square }
    let differences = Double(expertCount - 1)
    let constant =
      spread.map { differences * $0.divergence(from: prior) }
      ?? 0.5 * Double(expertCount * dimension) * log(2 * .pi / penalty)
    return 0.5 * penalty * square + constant
  }
}
