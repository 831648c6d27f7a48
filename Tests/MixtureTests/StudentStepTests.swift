import Foundation
import GSL
import Gates
import Testing

@testable import Experts
@testable import MixtureCore

/// Newton's steps of degrees of freedom.
@Suite struct StudentStepTests {
  /// Squared residuals with their weights.
  private let rows: [(weight: Double, square: Double)] = {
    var source = RandomSource(seed: 4)
    return (0..<300).map { _ in
      let residual = source.studentT(degreesOfFreedom: 3)
      return (source.uniform(), residual * residual)
    }
  }()

  private var weight: Double { rows.reduce(0) { $0 + $1.weight } }

  private func scale(_ logPrecision: Double, _ freedom: Double) -> StudentScale {
    StudentScale(NoiseScale(.value(exp(logPrecision))), degreesOfFreedom: freedom)
  }

  /// Σ r s.
  private func score(_ scale: StudentScale) -> Double {
    rows.reduce(0) { sum, row in
      sum + row.weight * StudentFamily().logDensity(ResponseCell(row.square.squareRoot()), eta: 0, scale: scale)
    }
  }

  /// Σ r (E ln u − E u), Σ r E u and Σ r (E u)², as the family writes them.
  private func terms(_ scale: StudentScale) -> [Double] {
    let capacity = VectorKernels.padded(rows.count)
    func padded(_ values: [Double]) -> [Double] { values + Array(repeating: 0, count: capacity - values.count) }
    let response = ResponseRows(count: rows.count, values: padded(rows.map { $0.square.squareRoot() }))
    var scores = [Double](repeating: 0, count: capacity)
    var (slopes, curvatures) = (scores, scores)
    var terms = [Double](repeating: 0, count: 3 * capacity)
    withMutableSpan(of: &scores) { scores in
      withMutableSpan(of: &slopes) { slopes in
        withMutableSpan(of: &curvatures) { curvatures in
          withMutableSpan(of: &terms) { terms in
            StudentFamily().evaluate(
              response, scale: scale, scores: &scores, slopes: &slopes, curvatures: &curvatures, terms: &terms)
          }
        }
      }
    }
    return (0..<3).map { term in
      rows.indices.reduce(0) { $0 + rows[$1].weight * terms[term * capacity + $1] }
    }
  }

  @Test(arguments: [1.2, 5, 60, 800])
  func derivativesAreThoseOfTheScore(freedom: Double) throws {
    let logPrecision = -0.4
    let found = try StudentDerivatives(
      degreesOfFreedom: freedom, weight: weight, terms: terms(scale(logPrecision, freedom)))
    func score(_ a: Double, _ b: Double) -> Double {
      self.score(scale(logPrecision + a, 1 / (1 / freedom + b)))
    }
    // Rounding takes 1e-11 of sums of hundreds, and steps of the fourth root of that are best for second differences.
    let (h, k) = (2e-3, 2e-3 / freedom)
    let middle = score(0, 0)
    func expect(_ value: Double, _ difference: Double, _ tolerance: Double) {
      #expect(abs(value - difference) < tolerance * (1 + abs(value)), "\(freedom): \(value), \(difference)")
    }
    expect(found.slopeOfPrecision, (score(h, 0) - score(-h, 0)) / (2 * h), 1e-5)
    expect(found.slope, (score(0, k) - score(0, -k)) / (2 * k), 1e-4)
    expect(found.curvatureOfPrecision, (score(h, 0) - 2 * middle + score(-h, 0)) / (h * h), 1e-5)
    let mixed = (score(h, k) - score(h, -k) - score(-h, k) + score(-h, -k)) / (4 * h * k)
    expect(found.mixed, mixed, 1e-4)
    // At many degrees of freedom differences of κ drown in rounding.
    if freedom < 100 { expect(found.curvature, (score(0, k) - 2 * middle + score(0, -k)) / (k * k), 1e-3) }
  }

  /// What is left over is of second order: a tenth of the way leaves a hundredth.
  @Test(arguments: [(0.3, 1.2), (-0.2, 0.9), (0, 1.3), (0.25, 1)])
  func termsAreRebasedToFirstOrder(change: (logPrecision: Double, freedom: Double)) {
    func errors(_ share: Double) -> [Double] {
      let earlier = scale(0.1, 4)
      let later = scale(0.1 + share * change.logPrecision, 4 * pow(change.freedom, share))
      var moved = terms(earlier)
      withMutableSpan(of: &moved) { StudentScale.rebase(&$0, weight: weight, from: earlier, to: later) }
      return zip(moved, terms(later)).map { abs($0 - $1) }
    }
    let (far, near) = (errors(0.1), errors(0.01))
    for term in 0..<2 { #expect(near[term] < 0.02 * far[term] + 1e-9, "\(far), \(near)") }
  }

  private func line(_ count: Int, seed: UInt64, noise: (inout RandomSource) -> Double) throws -> Observations {
    var source = RandomSource(seed: seed)
    let x = (0..<count).map { _ in source.gaussian() }
    let y = x.enumerated().map { i, x in
      (i % 2 == 0 ? 1 + 2 * x : -6 - x) + noise(&source)
    }
    return try Observations(features: [("x", x)], responses: [("y", y)])
  }

  private func fit(
    _ rows: Observations, _ estimate: Estimate, _ noise: LinearNoise, _ freedom: DegreesOfFreedom = .estimated,
    isAccelerated: Bool = true
  ) async throws -> Fit {
    let mixture = try MixtureModel(
      gate: DirichletGate(estimate: estimate),
      blocks: [Block(2, StudentExpert(estimate: estimate, noise: noise, degreesOfFreedom: freedom))])
    var options = FitOptions()
    (options.starts, options.isAccelerated) = (1, isAccelerated)
    return try await mixture.fit(rows, from: .recipe(.planes), options: options)
  }

  /// EM's steps of ν take thousands of iterations where tails are light. What is found is the maximum: no known ν is better, for both experts or one.
  @Test(arguments: [Estimate.variational, .maximumLikelihood], [LinearNoise.shared, .perExpert])
  func lightTailsTakeFewIterations(estimate: Estimate, noise: LinearNoise) async throws {
    let rows = try line(400, seed: 2) { $0.gaussian() }
    for isAccelerated in [false, true] {
      let fit = try await fit(rows, estimate, noise, isAccelerated: isAccelerated)
      #expect(fit.stopReason == .converged)
      #expect(fit.starts[0].iterations < 100, "\(fit.starts[0].iterations)")
      for (a, b) in zip(fit.elboTrace, fit.elboTrace.dropFirst()) { #expect(b.total >= a.total - 1e-9 * abs(a.total)) }
      for freedom in [5.0, 20, 100, 1000] {
        let other = try await self.fit(rows, estimate, noise, .fixed(freedom))
        #expect(fit.elbo.total > other.elbo.total - 1e-6 * abs(other.elbo.total), "\(freedom)")
      }
    }
  }

  /// Where Newton's steps end, EM's stay.
  @Test(
    arguments: [
      LinearNoise.shared, .perExpert, .gamma(shape: 2, rate: 1), .perExpertGamma(shape: 3, rate: 2), .fixed(variance: 1.3),
    ], [3.0, 30])
  func optimumIsThatOfTheSafeUpdate(noise: LinearNoise, freedom: Double) throws {
    let rows = try line(240, seed: 3) { $0.studentT(degreesOfFreedom: freedom) }
    let tile = Tile(capacity: 240, shape: rows.shape)
    for estimate in noise.hasPrior ? [Estimate.variational, .maximumAPosteriori] : [.variational] {
      var block = Block(2, StudentExpert(estimate: estimate, noise: noise))
      try block.configure(for: DataSummary(rows))
      func update(_ block: inout Block<StudentExpert>, isPossible: Bool) throws {
        let prepared = try block.prepared()
        var sums = [Double](repeating: 0, count: block.statisticsCount)
        for index in 0..<rows.tileCount {
          try rows.load(index, into: tile)
          var weights = [Double](repeating: 0, count: 2 * tile.capacity)
          for i in tile.rows { weights[(tile.rowNumbers.lowerBound + i) % 2 * tile.capacity + i] = 1 }
          withMutableSpan(of: &sums) { prepared.accumulate(tile, weighedBy: weights.span, into: &$0) }
        }
        try StudentExpert.update(
          &block.experts, sharing: &block.shared, from: sums.span,
          resum: Resum(isPossible: isPossible) { _ in fatalError("no other pass is made") })
      }
      for _ in 0..<60 { try update(&block, isPossible: false) }
      let found = block.experts
      try update(&block, isPossible: true)
      for (before, after) in zip(found, block.experts) {
        #expect(abs(before.degreesOfFreedom / after.degreesOfFreedom - 1) < 1e-7, "\(before), \(after)")
        #expect(abs(before.noiseVariance / after.noiseVariance - 1) < 1e-7)
      }
    }
  }
}
