import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import Testing

@testable import Experts

/// Closed forms of families against quadrature and differences of their log densities.
@Suite struct FamilyTests {
  private func expectClosedForms<Family: ResponseFamily>(
    of family: Family, _ cell: ResponseCell, scale: Family.Scale, isTight: Bool = true
  ) {
    for mean in [-2.0, 0.3, 1.5] {
      for variance in isTight ? [0, 0.02, 0.4, 1.5] : [0] {
        let closed = family.expected(cell, mean: mean, variance: variance, scale: scale)
        let plain = PlainFamily<Family>().expected(cell, mean: mean, variance: variance, scale: scale)
        #expect(abs(closed.score - plain.score) < 2e-6 * (1 + abs(plain.score)), "\(Family.self), \(mean), \(variance)")
        #expect(abs(closed.slope - plain.slope) < 2e-5 * (1 + abs(plain.slope)), "\(Family.self), \(mean), \(variance)")
        // The bound of Student's curvature is that of a local normal distribution, not of the density.
        if isTight {
          #expect(
            abs(closed.curvature - plain.curvature) < 2e-4 * (1 + abs(plain.curvature)),
            "\(Family.self), \(mean), \(variance)")
        }
      }
    }
  }

  @Test func closedFormsAreThoseOfTheDensity() {
    expectClosedForms(of: PoissonFamily(), ResponseCell(3), scale: Unscaled())
    expectClosedForms(of: BernoulliFamily(), ResponseCell(1), scale: Unscaled())
    expectClosedForms(of: BinomialFamily(), ResponseCell(4, trials: 9), scale: Unscaled())
    expectClosedForms(
      of: StudentFamily(), ResponseCell(0.4), scale: StudentScale(NoiseScale(.value(2)), degreesOfFreedom: 4),
      isTight: false)
  }

  @Test func expertsAreCalledAfterTheirFamilies() {
    #expect(
      [
        LinearExpert.partName, StudentExpert.partName, PoissonExpert.partName, BinomialExpert.partName,
        BernoulliExpert.partName,
      ]
        == ["LinearExpert", "StudentExpert", "PoissonExpert", "BinomialExpert", "BernoulliExpert"])
  }

  /// With many degrees of freedom Student's distribution is normal.
  @Test func studentBecomesNormal() {
    let scale = NoiseScale(.value(3))
    for value in [-1.0, 0.2, 2] as [Double] {
      let normal = NormalFamily().logDensity(ResponseCell(value), eta: 0.5, scale: scale)
      let student = StudentFamily().logDensity(
        ResponseCell(value), eta: 0.5, scale: StudentScale(scale, degreesOfFreedom: 1e6))
      #expect(abs(normal - student) < 1e-5)
    }
  }

  /// Quantiles of counts are whole, and hold what they say.
  @Test func quantilesOfCountsAreWhole() throws {
    let counts = try MixtureDistribution(
      weights: [0.3, 0.7],
      components: [1.2, 4.0].map {
        try PredictedResponse(PoissonFamily(), UncertainPredictor(mean: log($0 * 5), variance: 0.04), scale: Unscaled())
      })
    for probability in [1e-6, 0.025, 0.1, 0.5, 0.9, 0.975, 1 - 1e-6] {
      let quantile = try counts.quantile(probability)
      #expect(quantile == quantile.rounded() && quantile >= 0)
      #expect(counts.cumulative(at: quantile) >= probability)
      #expect(quantile == 0 || counts.cumulative(at: quantile - 1) < probability)
    }
    let interval = try counts.interval(0.95)
    #expect(counts.cumulative(at: interval.upperBound) - counts.cumulative(at: interval.lowerBound - 1) >= 0.95)
    let yes = try MixtureDistribution(
      weights: [1],
      components: [PredictedResponse(BernoulliFamily(), UncertainPredictor(mean: 0, variance: 1), scale: Unscaled())])
    #expect(yes.support == .yesOrNo)
    #expect(abs(yes.mean - 0.5) < 1e-12)
    #expect(try yes.quantile(0.4) == 0)
    #expect(try yes.quantile(0.6) == 1)
  }

  /// Newton's step from far below overshoots; the checked one raises the ELBO all the same, from any start.
  @Test(arguments: [-20.0, -5, 0, 5, 30])
  func stepsAreShortened(start: Double) throws {
    let rows = try Observations(
      features: [("x", (0..<40).map { Double($0) / 20 })], responses: [("y", (0..<40).map { Double(($0 * 7) % 11) * 20 })])
    var block = Block(1, PoissonExpert(estimate: .maximumLikelihood))
    try block.configure(for: DataSummary(rows))
    block.experts[0].posterior = Gaussian(point: [start, 0])
    let tile = Tile(capacity: 40, shape: rows.shape)
    try rows.load(0, into: tile)
    func statistics(_ block: Block<PoissonExpert>) throws -> [Double] {
      var sums = [Double](repeating: 0, count: block.statisticsCount)
      var span = sums.mutableSpan
      let weights = tile.rowWeights
      try block.prepared().accumulate(tile, weighedBy: weights.span, into: &span)
      return sums
    }
    func logLikelihood(_ block: Block<PoissonExpert>) throws -> Double { try statistics(block)[5] }
    var last = try logLikelihood(block)
    for _ in 0..<60 {
      let sums = try statistics(block)
      try PoissonExpert.update(
        &block.experts, sharing: &block.shared, from: sums.span, resum: Resum { try statistics($0) })
      let next = try logLikelihood(block)
      #expect(next >= last - 1e-9 * abs(last))
      last = next
    }
    let sums = try statistics(block)
    #expect(abs(sums[3]) < 1e-6 && abs(sums[4]) < 1e-6)
  }
}
