import Foundation
import GSL
import Mixtures
import Testing

@testable import ConjugateFamilies
@testable import Experts
@testable import MixtureCore

/// Gradients and information of the likelihood, against differences.
@Suite struct LikelihoodDerivativeTests {
  static let estimates: [Estimate] = [.maximumLikelihood, .variational]

  @Test(arguments: estimates)
  func normal(estimate: Estimate) throws {
    try Case(LinearExpert(estimate: estimate, noise: .perExpert), .normal).check()
    try Case(LinearExpert(estimate: estimate), .normal).check()
    try Case(LinearExpert(estimate: estimate, noise: .fixed(variance: 0.5)), .normal).check()
  }

  @Test(arguments: estimates)
  func student(estimate: Estimate) throws {
    try Case(StudentExpert(estimate: estimate, noise: .perExpert), .student).check()
    try Case(StudentExpert(estimate: estimate, degreesOfFreedom: .fixed(3)), .student).check()
  }

  @Test(arguments: estimates)
  func poisson(estimate: Estimate) throws { try Case(PoissonExpert(estimate: estimate), .counts).check() }

  @Test(arguments: estimates)
  func binomial(estimate: Estimate) throws { try Case(BinomialExpert(estimate: estimate), .successes).check() }

  @Test(arguments: estimates)
  func bernoulli(estimate: Estimate) throws { try Case(BernoulliExpert(estimate: estimate), .yesOrNo).check() }

  /// A family that says nothing of its derivatives has them by differences.
  @Test func differencesAreTheDefault() throws {
    try Self.compareDefault(NormalFamily(), NoiseScale(.value(40)), [ResponseCell(0.3), ResponseCell(-2)])
    try Self.compareDefault(
      StudentFamily(), StudentScale(NoiseScale(.value(0.7)), degreesOfFreedom: 3.5), [ResponseCell(0.3), ResponseCell(-9)])
    try Self.compareDefault(PoissonFamily(), Unscaled(), [ResponseCell(0), ResponseCell(7)])
    try Self.compareDefault(BinomialFamily(), Unscaled(), [ResponseCell(0, trials: 3), ResponseCell(7, trials: 12)])
    try Self.compareDefault(BernoulliFamily(), Unscaled(), [ResponseCell(0), ResponseCell(1)])
  }

  private static func compareDefault<Family: ResponseFamily>(
    _ family: Family, _ scale: Family.Scale, _ cells: [ResponseCell]
  ) throws {
    for cell in cells {
      for eta in [-1.3, 0.1, 2.2] {
        var own = LikelihoodDerivatives(scaleCount: scale.unconstrained.count)
        var plain = own
        family.differentiate(cell, eta: eta, scale: scale, into: &own)
        PlainFamily(family).differentiate(cell, eta: eta, scale: scale, into: &plain)
        for a in 0..<own.count {
          #expect(
            abs(own.gradient[a] - plain.gradient[a]) < 1e-6 * (1 + abs(own.gradient[a])),
            "\(Family.self) \(cell) \(eta) \(a)")
          for b in a..<own.count {
            #expect(abs(own[a, b] - plain[a, b]) < 2e-5 * (1 + abs(own[a, b])), "\(Family.self) \(cell) \(eta) \(a) \(b)")
          }
        }
      }
    }
  }
}

extension Regression {
  /// A line whose coefficients' covariance goes along with the noise variance: nil for other families, and other parameters.
  fileprivate func withCovarianceOfNoise(_ parameter: Int, movedBy step: Double) -> Self? {
    guard Family.self == NormalFamily.self, parameter == posterior.dimension else { return nil }
    var result = self
    result.posterior = Gaussian(
      mean: posterior.mean, free: posterior.free,
      precision: Cholesky(lower: exp(-0.5 * step) * posterior.precision.lower))
    return result
  }
}

/// Responses of 60 rows of two experts, with an offset.
private enum Responses {
  case normal, student, counts, successes, yesOrNo

  func rows(isGrouped: Bool = false) throws -> Observations {
    var source = RandomSource(seed: 11)
    let count = 60
    let x = (0..<count).map { _ in 3 + source.gaussian(mean: 0, standardDeviation: 2) }
    let z = (0..<count).map { _ in source.uniform() }
    let offset = (0..<count).map { _ in 0.3 * source.uniform() }
    let trials = (0..<count).map { _ in Double(1 + source.integer(below: 9)) }
    let y = (0..<count).map { i in
      let eta = offset[i] + ((isGrouped ? i / 3 : i) % 2 == 0 ? 0.2 + 0.3 * x[i] : 1.5 - 0.4 * x[i] + z[i])
      return switch self {
      case .normal: 4 * eta + source.gaussian(mean: 0, standardDeviation: 1)
      case .student: 4 * eta + source.studentT(degreesOfFreedom: 3)
      case .counts: Double(source.poisson(mean: exp(eta)))
      case .successes: Double(source.binomial(trials: Int(trials[i]), probability: 1 / (1 + exp(-eta))))
      case .yesOrNo: source.uniform() < 1 / (1 + exp(-eta)) ? 1.0 : 0.0
      }
    }
    return try Observations(
      features: [("x", x), ("z", z)], responses: [("y", y)], trials: self == .successes ? ["y": trials] : [:],
      offset: offset, rowWeights: (0..<count).map { isGrouped ? 1 + 0.5 * Double($0 / 3 % 3) : 1 },
      groups: isGrouped ? (0..<count).map { $0 / 3 } : nil)
  }
}

/// Fitted experts of a family, and a tile of their rows.
private struct Case<Family: ResponseFamily> {
  let block: Block<Regression<Family>>
  let tile: Tile

  init(_ expert: Regression<Family>, _ responses: Responses) throws {
    let rows = try responses.rows()
    var options = FitOptions()
    options.maximumIterations = 30
    let fit = try MixtureModel(gate: DirichletGate(), blocks: [Block(2, expert)]).fitBlocking(rows, options: options)
    block = try #require(fit.mixture.blocks[0] as? Block<Regression<Family>>)
    tile = try fit.mixture.makeTile(for: rows)
    try rows.load(0, into: tile)
  }

  func check() throws {
    let counts = block.experts.map { $0.posterior.dimension + $0.scale.unconstrained.count }
    let places = Regression.parameterPlaces(of: block.experts, sharing: block.shared)
    #expect(places.ofExpert.map(\.count) == counts)
    #expect(Set(places.ofExpert.flatMap { $0.compactMap { $0 } }) == Set(0..<places.count))
    var source = RandomSource(seed: 1)
    let shares = (0..<2 * tile.capacity).map { $0 % tile.capacity < tile.rowCount ? source.uniform() : 0 }
    let (gradients, information) = derivatives(block, shares)
    var (first, firstPair) = (0, 0)
    for k in 0..<2 {
      let matrix = Matrix(pairs: information.span, from: firstPair, order: counts[k])
      for a in 0..<counts[k] {
        let step = 1e-3 * (a < block.experts[k].posterior.dimension ? 1 / block.experts[k].scale.precision.squareRoot() : 1)
        func moved(_ steps: Double) -> Regression<Family> { block.experts[k].moving(a, by: steps * step) }
        let values = try [-2.0, -1, 1, 2].map { try expectations(moved($0)) }
        for i in tile.rows {
          let slope = (8 * (values[2][i] - values[1][i]) - (values[3][i] - values[0][i])) / (12 * step)
          let own = gradients[(first + a) * tile.capacity + i]
          #expect(
            abs(own - slope) < 1e-6 * (1 + abs(slope) + abs(values[1][i]) / step * 1e-7),
            "expert \(k), parameter \(a), row \(i)")
        }
        let moves = [-1.0, 1].map { steps in
          var other = block
          other.experts[k] = moved(steps)
          if let widened = other.experts[k].withCovarianceOfNoise(a, movedBy: steps * step) { other.experts[k] = widened }
          return derivatives(other, shares).gradients
        }
        for b in 0..<counts[k] {
          let bend = tile.rows.reduce(0.0) { sum, i in
            let place = (first + b) * tile.capacity + i
            return sum - shares[k * tile.capacity + i] * (moves[1][place] - moves[0][place]) / (2 * step)
          }
          #expect(
            abs(matrix[a, b] - bend) < 1e-4 * (1 + abs(matrix[a, a] * matrix[b, b]).squareRoot()),
            "expert \(k), \(a) and \(b)")
        }
      }
      first += counts[k]
      firstPair += Matrix.pairCount(counts[k])
    }
  }

  private func derivatives(
    _ block: Block<Regression<Family>>, _ shares: [Double]
  ) -> (gradients: [Double], information: [Double]) {
    let counts = block.experts.map { $0.posterior.dimension + $0.scale.unconstrained.count }
    var gradients = [Double](repeating: 0, count: counts.reduce(0, +) * tile.capacity)
    var information = [Double](repeating: 0, count: counts.reduce(0) { $0 + Matrix.pairCount($1) })
    withMutableSpan(of: &gradients) { gradients in
      withMutableSpan(of: &information) {
        Regression.differentiate(
          block.experts, sharing: block.shared, on: tile, weighedBy: shares.span, gradients: &gradients, information: &$0)
      }
    }
    return (gradients, information)
  }

  /// E ln p(y | η) of each row by the trapezoidal rule; without a distribution of coefficients by the likelihood at their means.
  private func expectations(_ expert: Regression<Family>) throws -> [Double] {
    guard !expert.posterior.free.isEmpty else {
      var scores = [Double](repeating: 0, count: tile.capacity)
      withMutableSpan(of: &scores) { expert.logLikelihoodAtMean(tile, into: &$0) }
      return scores
    }
    let rows = expert.predictors(tile, coefficients: expert.posterior)
    return tile.rows.map { i in
      (-80...80).reduce(0) { sum, node in
        let t = 0.1 * Double(node)
        return sum + 0.1 * exp(-0.5 * t * t) / (2 * .pi).squareRoot()
          * expert.family.logDensity(
            rows.response[i], eta: rows.means[i] + t * rows.variances[i].squareRoot(), scale: expert.scale.atMean)
      }
    }
  }
}

extension Regression {
  /// The expert with one of its parameters moved, the scale as points.
  fileprivate func moving(_ parameter: Int, by step: Double) -> Self {
    var result = self
    result.scale = scale.atMean
    if parameter < posterior.dimension {
      var mean = posterior.mean
      mean[parameter] += step
      result.posterior = Gaussian(mean: mean, free: posterior.free, precision: posterior.precision)
    } else {
      var parameters = result.scale.unconstrained
      parameters[parameter - posterior.dimension] += step
      result.scale = result.scale.having(unconstrained: parameters)
    }
    return result
  }
}
