import GSL
import MixtureCore

extension Dirichlet {
  /// The symmetric distribution Dir(μ, …, μ) of dimension K under which Σ_g E ln p(θ_g) is highest, for one or more probability vectors θ_g
  /// whose E ln θ_gk have the mean `meanLog` over g and k.
  ///
  /// ψ(Kμ) − ψ(μ) + `meanLog` falls from +∞ with μ; the best μ is its root, or the limit beyond which that lies. It may lie at
  /// infinity, where the vectors are no more unequal than chance.
  ///
  /// - Throws: `ArgumentError` for a bound that is not from 10⁻³⁰⁰ to 10³⁰⁰, or a dimension below one.
  public static func symmetric(
    dimension: Int, fittingMeanLog meanLog: Double, within bounds: ClosedRange<Double>
  ) throws -> Dirichlet {
    let range = Dirichlet.range
    guard dimension > 0 else {
      throw ArgumentError(Dirichlet.self, argument: "dimension", value: dimension, need: "at least 1")
    }
    guard range.contains(bounds.lowerBound), range.contains(bounds.upperBound) else {
      throw ArgumentError(
        Dirichlet.self, argument: "bounds", value: bounds,
        need: "numbers above 0, from \(range.lowerBound) to \(range.upperBound)")
    }
    let count = Double(dimension)
    func excess(_ value: Double) throws(GSLError) -> Double { try digamma(count * value) - digamma(value) + meanLog }
    let best: Double
    if try excess(bounds.upperBound) >= 0 {
      best = bounds.upperBound
    } else if try excess(bounds.lowerBound) <= 0 {
      best = bounds.lowerBound
    } else {
      best = try root(in: bounds) { (try? excess($0)) ?? .nan }
    }
    return try Dirichlet(concentration: Array(repeating: best, count: dimension))
  }
}
