import CGSL
import CGSLSupport

/// A rule of Gauss and Hermite for the standard normal distribution: E f(t) ≈ Σ w f(node), exact for polynomials of degree 2n − 1.
public struct GaussHermite: Sendable {
  /// The nodes, ascending.
  public let nodes: [Double]
  /// Their weights, which sum to one.
  public let weights: [Double]

  /// The rule of so many nodes.
  private init(count: Int) {
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    precondition(hermite_rule(count, &nodes, &weights) == GSL_SUCCESS, "no memory for a rule of \(count) nodes")
    self.nodes = nodes
    let total = weights.reduce(0, +)
    self.weights = weights.map { $0 / total }
  }

  /// The rule of few nodes that does for values of a function of η ~ N(μ, variance) that bends as ln(1 + e^η) does: to 1e-12 up to a variance of 2,
  /// so that nobody sees where one rule takes over from another, and to 1e-7 up to 10.
  public static func rule(forVariance variance: Double) -> GaussHermite {
    (rulesForValues.first { variance <= $0.largestVariance } ?? rulesForValues[rulesForValues.count - 1]).rule
  }

  /// The rules behind ``rule(forVariance:)``, each with the largest variance for which it does.
  package static let rulesForValues: [(largestVariance: Double, rule: GaussHermite)] = [
    (0, GaussHermite(count: 1)), (6e-4, GaussHermite(count: 3)), (0.08, GaussHermite(count: 7)), (0.35, of20),
    (.infinity, of64),
  ]

  /// The same for slopes and curvatures that are found from values alone, by Stein's identities, which take more nodes.
  public static func ruleForDerivatives(variance: Double) -> GaussHermite {
    switch variance {
    case ...0.05: of9
    case ...0.5: of20
    default: of64
    }
  }

  private static let of9 = GaussHermite(count: 9)
  private static let of20 = GaussHermite(count: 20)
  private static let of64 = GaussHermite(count: 64)
}
