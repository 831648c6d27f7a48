import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

/// The built-in factors and predictive distributions.
@Suite struct FactorTests {
  private func gaussian(_ mean: [Double], _ precision: [Double]) throws -> Gaussian {
    try Gaussian(mean: mean, precision: Matrix(rows: mean.count, columns: mean.count, elements: precision))
  }

  /// Independent normal coordinates; a deviation of zero fixes one.
  private func normalDraws(
    _ means: [Double], _ deviations: [Double]
  ) -> @Sendable (inout RandomSource) -> (value: [Double], logDensity: Double) {
    { source in
      let draws = zip(means, deviations).map { $1 > 0 ? normalDraw($0, $1)(&source) : ($0, 0) }
      return (draws.map(\.0), draws.reduce(0) { $0 + $1.1 })
    }
  }

  @Test(arguments: FactorLaw.allCases)
  func gaussian(law: FactorLaw) throws {
    law.check(
      FactorSubject(
        try gaussian([1, -2], [2, 0.5, 0.5, 1]),
        priors: [try gaussian([0.5, 0.5], [1, -0.25, -0.25, 2]), try gaussian([0, 0], [9, 0, 0, 9])],
        knownDraw: normalDraws([1, -2], [1, 1.4])))
  }

  @Test(arguments: FactorLaw.allCases)
  func gaussianWithFixedCoordinate(law: FactorLaw) throws {
    let factor = Gaussian(
      mean: [1, -2, 0.5], free: [0, 2], precision: try Cholesky(Matrix(rows: 2, columns: 2, elements: [2, 0.5, 0.5, 1])))
    law.check(
      FactorSubject(
        factor, named: "Gaussian with a fixed coordinate",
        priors: [try gaussian([0.5, 0.5, 0], [1, -0.25, 0, -0.25, 2, 0, 0, 0, 1])],
        knownDraw: normalDraws([1, -2, 0.5], [1, 0, 1.4]),
        exceptions: [
          .divergence: .absent(
            reason:
              "a prior with fixed coordinates has no density, and from another distribution a fixed coordinate takes "
              + "minus its log density, of either sign")
        ]))
  }

  @Test(arguments: FactorLaw.allCases, [(2.5, 0.75), (0.8, 2.0), (40, 8)])
  func gamma(law: FactorLaw, parameters: (shape: Double, rate: Double)) throws {
    let (shape, rate) = parameters
    let factor = try Gamma(shape: shape, rate: rate)
    // A scaled χ²₁ distribution for shapes below one, the exponential distribution of the same mean for others.
    let known: @Sendable (inout RandomSource) -> (value: Double, logDensity: Double) =
      if shape < 1 {
        { source in
          let (z, scale) = (source.gaussian(), 0.5)
          let u = z * z
          return (scale * u, -0.5 * (log(2 * .pi) + log(u) + u) - log(scale))
        }
      } else {
        { source in
          let x = -log(1 - source.uniform()) * shape / rate
          return (x, -log(shape / rate) - x * rate / shape)
        }
      }
    law.check(
      FactorSubject(
        factor, named: "Gamma(\(shape), \(rate))",
        priors: [try Gamma(shape: 1.5, rate: 0.5), try Gamma(shape: 1, rate: 3)], knownDraw: known))
  }

  @Test(arguments: FactorLaw.allCases)
  func dirichlet(law: FactorLaw) throws {
    law.check(
      FactorSubject(
        try Dirichlet(concentration: [2, 3, 1.5]),
        priors: [try Dirichlet(concentration: [1, 1, 1]), try Dirichlet(concentration: [5, 0.5, 2])],
        // Uniform on the simplex, of density Γ(3).
        knownDraw: { source in
          let draws = (0..<3).map { _ in -log(1 - source.uniform()) }
          let total = draws.reduce(0, +)
          return (draws.map { $0 / total }, log(2))
        }))
  }

  /// Beside draws of a wider Cholesky factor of Λ, and of a wider μ given it.
  @Test(arguments: FactorLaw.allCases, [1, 2])
  func normalWishart(law: FactorLaw, dimension: Int) throws {
    func factor(_ location: Double, _ meanPrecision: Double, _ degreesOfFreedom: Double, _ scale: Double) throws
      -> NormalWishart
    {
      try NormalWishart(
        location: Array(repeating: location, count: dimension), meanPrecision: meanPrecision,
        degreesOfFreedom: degreesOfFreedom, inverseScale: .identity(dimension, scale: scale))
    }
    let subject = FactorSubject(
      try factor(1, 2, 9, 6), named: "NormalWishart in \(dimension) dimensions",
      priors: [try factor(0, 1, 5, 4), try factor(2, 0.5, 12, 9)], coordinates: { $0.mean + $0.precision.elements },
      knownDraw: { source in
        // Λ = T Tᵀ / 6, with T_ii the root of a Gamma number g, of volume 2 for T_00² and so on: |∂Λ / ∂T| = 2ᵈ Π T_ii^(d − i).
        var (root, logDensity) = (Matrix(rows: dimension, columns: dimension), 0.0)
        for i in 0..<dimension {
          for j in 0..<i {
            let (value, density) = normalDraw(0, 1.1)(&source)
            root[i, j] = value
            logDensity += density
          }
          let (shape, rate) = (0.5 * Double(8 - i), 0.42)
          let g = source.gamma(shape: shape, rate: rate)
          root[i, i] = g.squareRoot()
          logDensity += shape * log(rate) - lgamma(shape) + (shape - 1) * log(g) - rate * g
          // dΛ = 2ᵈ Π T_ii^(d − i) dT, and dT_ii = dg / (2 T_ii).
          logDensity -= Double(dimension - i - 1) * log(root[i, i])
        }
        logDensity += 0.5 * Double(dimension * (dimension + 1)) * log(6)
        // μ = 1 + s T⁻ᵀ z, wider than under the factor, where s is √(6 / 2).
        let (z, spread) = ((0..<dimension).map { _ in normalDraw(0, 1)(&source) }, 1.2 * 3.0.squareRoot())
        logDensity += z.reduce(0) { $0 + $1.1 } + root.diagonal.reduce(0) { $0 + log($1 / spread) }
        let offset = Cholesky(lower: root).solveTransposed(z.map(\.0))
        return (
          NormalWishart.Value(mean: offset.map { 1 + spread * $0 }, precision: (1 / 6.0) * (root * root.transposed)),
          logDensity
        )
      })
    law.check(subject)
  }

  @Test(arguments: FactorLaw.allCases)
  func categorical(law: FactorLaw) throws {
    law.check(
      FactorSubject(
        try Categorical(weights: [0.5, 0.2, 0.3]), priors: [try Categorical(weights: [1, 1, 4])],
        knownDraw: { source in
          var value = [0.0, 0, 0]
          value[source.integer(below: 3)] = 1
          return (value, -log(3))
        }))
  }

  @Test(arguments: FactorLaw.allCases)
  func pointMass(law: FactorLaw) {
    let reason = "a point mass has no density; zero at its value is a convention"
    law.check(
      FactorSubject(
        PointMass(0.3), priors: [PointMass(0.4)],
        exceptions: [.normalisation: .absent(reason: reason), .samples: .absent(reason: reason)]))
  }

  @Test(arguments: PredictiveLaw.allCases)
  func normalDistribution(law: PredictiveLaw) {
    law.check(
      PredictiveSubject([
        NormalDistribution(mean: 1.5, variance: 4), NormalDistribution(mean: -20, variance: 1e-4),
        NormalDistribution(mean: 3, variance: 1e6),
      ]))
  }

  @Test(arguments: PredictiveLaw.allCases)
  func mixtureDistribution(law: PredictiveLaw) {
    law.check(
      PredictiveSubject([
        MixtureDistribution(
          weights: [0.7, 0.25, 0.05],
          components: [
            NormalDistribution(mean: 0, variance: 1), NormalDistribution(mean: 4, variance: 0.01),
            NormalDistribution(mean: -2, variance: 9),
          ])
      ]))
  }
}
