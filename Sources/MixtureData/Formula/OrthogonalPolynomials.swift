import MixtureCore

/// Polynomials of degrees 1, 2, … that are orthonormal over the rows from which they were made, and orthogonal to a constant:
/// R's `poly(x, k)`, each with a leading coefficient above zero.
///
/// They follow the recurrence p_{d+1} = (x − α_d) p_d − (ν_d / ν_{d−1}) p_{d−1} with α_d = Σ x p_d² / ν_d and ν_d = Σ p_d²
/// (Forsythe 1957), which new rows go through with the same α and ν. For the sake of the digits, x is first centred and
/// scaled to [−1, 1].
struct OrthogonalPolynomials: Codable, Equatable, Sendable {
  let centre: Double
  let scale: Double
  /// α_0 … α_{k−1}.
  private(set) var shifts: [Double] = []
  /// ν_0 … ν_k.
  private(set) var squaredNorms: [Double]

  var degree: Int { min(shifts.count, squaredNorms.count - 1) }

  /// The polynomials for the rows of a fit, of which there must be more than `degree` different ones.
  init(over x: [Double], degree: Int) {
    let (least, greatest) = (x.min() ?? 0, x.max() ?? 0)
    centre = least / 2 + greatest / 2
    scale = greatest / 2 - least / 2
    squaredNorms = [Double(x.count)]
    let x = x.map { [centre, scale] in ($0 - centre) / scale }
    var (last, previous) = (x.map { _ in 1.0 }, x.map { _ in 0.0 })
    for d in 0..<degree {
      shifts.append(zip(x, last).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / squaredNorms[d])
      (last, previous) = (following(d, x, last, previous), last)
      squaredNorms.append(last.reduce(0) { $0 + $1 * $1 })
    }
  }

  /// p_{d+1} from p_d and p_{d−1}.
  private func following(_ d: Int, _ x: [Double], _ last: [Double], _ previous: [Double]) -> [Double] {
    let ratio = d == 0 ? 0 : squaredNorms[d] / squaredNorms[d - 1]
    return x.indices.map { (x[$0] - shifts[d]) * last[$0] - ratio * previous[$0] }
  }

  /// The polynomials of degrees 1 to k, a column each.
  func values(at x: [Double]) -> [[Double]] {
    let x = x.map { ($0 - centre) / scale }
    var (last, previous) = (x.map { _ in 1.0 }, x.map { _ in 0.0 })
    return (0..<degree).map { d in
      (last, previous) = (following(d, x, last, previous), last)
      return last.map { $0 / squaredNorms[d + 1].squareRoot() }
    }
  }
}
