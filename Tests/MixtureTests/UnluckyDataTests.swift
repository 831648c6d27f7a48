import Foundation
import Mixtures
import Testing

/// Data of which too little is known for what is asked, and data that hold something else than they seem to.
@Suite struct UnluckyDataTests {
  private func line(_ count: Int, seed: UInt64 = 1) throws -> (x: [Double], y: [Double]) {
    var source = RandomSource(seed: seed)
    let x = (0..<count).map { _ in source.gaussian() }
    return (x, x.map { $0 + source.gaussian() })
  }

  private func fit(
    _ x: [Double], _ y: [Double], experts: Int, _ expert: LinearExpert = LinearExpert(), weights: [Double]? = nil
  ) throws -> Fit {
    let rows = try Observations(features: [("x", x)], responses: [("y", y)], rowWeights: weights)
    return try MixtureModel(gate: DirichletGate()) { Block(experts, expert) }.fitBlocking(rows)
  }

  /// A point at its prior mean keeps the best τ, whether it has rows or not: of eight experts for one line most have none.
  @Test(arguments: UInt64(1)...3)
  func pointsWithoutRowsDoNotLowerTheBound(seed: UInt64) throws {
    let (x, y) = try line(30, seed: seed)
    let fit = try fit(x, y, experts: 8, LinearExpert(estimate: .maximumAPosteriori))
    #expect(fit.starts.allSatisfy { $0.failure == nil })
  }

  @Test(arguments: [GaussianPrior.Covariance.isotropic, .diagonal, .full])
  func anExpertWithoutRowsHasNoErrorUnderALearnedPrior(covariance: GaussianPrior.Covariance) throws {
    let fit = try fit([1, 2, 3, 4], [3, 5, -4, 7], experts: 3, LinearExpert(prior: GaussianPrior(covariance: covariance)))
    let empty = fit.effectiveRows.indices.filter { fit.effectiveRows[$0] < 0.05 }
    let experts = fit.mixture.experts(of: LinearExpert.self)
    #expect(!empty.isEmpty)
    for k in empty { #expect(experts[k].parameters(for: fit.data)[1].standardError == nil) }
    #expect(fit.warnings.contains { $0.contains(" no rows: ") && $0.contains(" of the 3 experts") })
  }

  /// A line through two rows says nothing of its noise.
  @Test func asManyRowsAsCoefficientsTellNothingOfTheNoise() throws {
    let flat = GaussianPrior(covariance: .flat)
    for expert in [LinearExpert(prior: flat), LinearExpert(estimate: .maximumLikelihood)] {
      #expect {
        try fit([1, 2], [3, 5], experts: 1, expert)
      } throws: {
        "\($0)".contains("2 rows for 2 coefficients without a prior, and none is left for the noise")
      }
    }
    #expect {
      try fit(line(60).x, line(60).y, experts: 1, LinearExpert(prior: flat), weights: Array(repeating: 1 / 60, count: 60))
    } throws: {
      "\($0)".contains("the rows weigh 1.0 together, and row weights count rows, for 2 coefficients")
    }
    // A known noise needs none, and points do not mind what all rows weigh.
    _ = try fit([1, 2], [3, 5], experts: 1, LinearExpert(prior: flat, noise: .fixed(variance: 1)))
    _ = try fit(
      line(60).x, line(60).y, experts: 1, LinearExpert(estimate: .maximumLikelihood),
      weights: Array(repeating: 1 / 60, count: 60))
    #expect(try fit([1, 2], [3, 5], experts: 1).warnings.contains { $0.contains("they say nothing of its noise") })
  }

  /// More coefficients than rows: the prior knows what it knew before, however little is known of the noise.
  @Test func whatThePriorKnowsHasItsDegreesOfFreedom() throws {
    var source = RandomSource(seed: 4)
    let columns = (0..<20).map { j in (column: ColumnSchema("x\(j)"), values: (0..<10).map { _ in source.gaussian() }) }
    let rows = try Observations(features: columns, responses: [("y", (0..<10).map { _ in source.gaussian() })])
    let fit = try MixtureModel(gate: DirichletGate()) { Block(1, LinearExpert()) }.fitBlocking(rows)
    let expert = fit.mixture.experts(of: LinearExpert.self)[0]
    for estimate in expert.parameters(for: fit.data).dropFirst() where estimate.isCoefficient {
      let degrees = try #require(estimate.degreesOfFreedom)
      #expect(degrees > 3, "\(estimate)")
    }
    #expect(fit.warnings.contains { $0.contains("and nothing tells the noise") })
  }

  @Test func aCodeInAFeatureIsNamed() throws {
    let y = try line(100).y
    var x = try line(100).x
    #expect(!(try fit(x, y, experts: 1).warnings.contains { $0.contains("far from all others") }))
    x[7] = 999999
    #expect(try fit(x, y, experts: 1).warnings.contains { $0.hasPrefix("x = 999999 is far from all others") })
    // A rare level is no code, and a heavy tail none.
    #expect(!(try fit(x.map { $0 > 1e5 ? 1 : 0 }, y, experts: 1).warnings.contains { $0.contains("far from all others") }))
  }

  /// One cell between 0 and 1 makes no normal distribution of a column.
  @Test(arguments: [0, 1, 3])
  func aColumnOfHardlyMoreThanTwoValuesIsRefusedAtAGaussianGate(oddCells: Int) throws {
    let (x, y) = try line(200)
    let flags = x.indices.map { $0 < oddCells ? 0.5 : Double($0 % 2) }
    let rows = try Observations(features: [("x", x)], gateFeatures: [("flag", flags)], responses: [("y", y)])
    #expect {
      try MixtureModel(gate: GaussianGate()) { Block(2, LinearExpert()) }.fitBlocking(rows)
    } throws: {
      "\($0)".contains("flag has hardly more than two values")
    }
  }
}
