import ConjugateFamilies
import Foundation
import GSL
import MixtureCore
import References
import Testing

/// Posteriors of three experts in two dimensions.
private func posteriors() throws -> [Gaussian] {
  try [
    GaussianTests.law([1, -2], [[2, 0.5], [0.5, 1]]), GaussianTests.law([0.1, 0.2], [[400, 30], [30, 50]]),
    GaussianTests.law([30, 0], [[1, 0], [0, 1e-3]]),
  ]
}

@Suite struct FixedGaussianPriorTests {
  @Test func isotropicLaw() throws {
    let prior = FixedGaussianPrior(variance: 4)
    for dimension in 1...3 {
      let law = try prior.parameters(ofExpert: dimension, dimension: dimension)
      #expect(law.mean == [Double](repeating: 0, count: dimension))
      #expect(law.covariance == .identity(dimension, scale: 4))
    }
    #expect(prior.isInUnitsOfData)
  }

  @Test func divergenceIsTheSumOverExperts() throws {
    let law = try GaussianTests.law([0.5, -1], [[1, 0.25], [0.25, 3]])
    let expected = try posteriors().map { $0.divergence(from: law) }.reduce(0, +)
    #expect(relativeError(try FixedGaussianPrior(law).divergence(of: posteriors()), expected) <= 1e-15)
    let isotropic = try GaussianTests.law([0, 0], [[0.25, 0], [0, 0.25]])
    let sum = try posteriors().map { $0.divergence(from: isotropic) }.reduce(0, +)
    #expect(relativeError(try FixedGaussianPrior(variance: 4).divergence(of: posteriors()), sum) <= 1e-14)
    #expect(try FixedGaussianPrior(law).divergence(of: []) == 0)
  }

  @Test func updateChangesNothing() throws {
    var prior = FixedGaussianPrior(variance: 4)
    prior.configure(expertCount: 3, typicalVariance: 9)
    try prior.update(from: posteriors(), active: [true, true, true])
    #expect(prior == FixedGaussianPrior(variance: 4))
  }

  @Test func anotherDimensionIsAnError() throws {
    let prior = FixedGaussianPrior(try GaussianTests.law([0, 0], [[1, 0], [0, 1]]))
    let error = #expect(throws: DataError.self) { try prior.parameters(ofExpert: 0, dimension: 3) }
    #expect(error?.description.contains("2") == true && error?.description.contains("3") == true)
    #expect(throws: DataError.self) { try prior.divergence(of: [GaussianTests.law([0], [[1]])]) }
  }

  @Test func json() throws {
    let law = try GaussianTests.law([0.1, 1 / 3.0], [[2, 0.7], [0.7, 1]])
    for prior in [FixedGaussianPrior(variance: 0.1), FixedGaussianPrior(law)] { #expect(try throughJSON(prior) == prior) }
  }
}

@Suite struct IsotropicGaussianPriorTests {
  private func configured() -> IsotropicGaussianPrior {
    var prior = IsotropicGaussianPrior()
    prior.configure(expertCount: 3, typicalVariance: 4)
    return prior
  }

  @Test func startsAtTheTypicalVariance() {
    #expect(IsotropicGaussianPrior().variances == [])
    let prior = configured()
    #expect(prior.variances == [4, 4, 4] && !prior.isInUnitsOfData)
    #expect(prior.parameters(ofExpert: 1, dimension: 2).covariance == .identity(2, scale: 4))
  }

  @Test func divergenceIsTheSumOverExperts() throws {
    var prior = configured()
    try prior.update(from: posteriors(), active: [true, true, true])
    // KL(N(m, B) ‖ N(0, v I)) = ½ [tr B / v + ‖m‖² / v − d + d ln v − ln |B|].
    var expected = 0.0
    for (q, v) in zip(try posteriors(), prior.variances) {
      let b = q.covariance
      let moment: Double = b[0, 0] + b[1, 1] + q.mean[0] * q.mean[0] + q.mean[1] * q.mean[1]
      let determinant: Double = b[0, 0] * b[1, 1] - b[0, 1] * b[1, 0]
      expected += 0.5 * (moment / v - 2 + 2 * log(v) - log(determinant))
    }
    #expect(relativeError(try prior.divergence(of: posteriors()), expected) <= 1e-13)
  }

  @Test(arguments: 0..<3)
  func updateMaximisesTheBound(expert: Int) throws {
    var prior = configured()
    try prior.update(from: posteriors(), active: [true, true, true])
    let (posterior, best) = (try posteriors()[expert], prior.variances[expert])
    func divergence(factor: Double) throws -> Double {
      try FixedGaussianPrior(variance: best * factor).divergence(of: [posterior])
    }
    #expect(try divergence(factor: 1 + 1e-3) > divergence(factor: 1))
    #expect(try divergence(factor: 1 - 1e-3) > divergence(factor: 1))
    // d KL / d ln v = 0. The central difference errs by h² / 6 of the third derivative, which is d / 2 = 1 at the best.
    let h = 1e-4
    #expect(abs(try divergence(factor: exp(h)) - divergence(factor: exp(-h))) / (2 * h) <= 1e-8)
  }

  @Test func expertsThatAreNotActiveKeepTheirVariance() throws {
    var prior = configured()
    try prior.update(from: posteriors(), active: [true, false, true])
    #expect(prior.variances[1] == 4 && prior.variances[0] != 4 && prior.variances[2] != 4)
    let before = prior
    try prior.update(from: posteriors(), active: [false, false, false])
    #expect(prior == before)
  }

  @Test func expertsDoNotTouchEachOther() throws {
    var (together, alone) = (configured(), configured())
    try together.update(from: posteriors(), active: [true, true, true])
    for k in 0..<3 { try alone.update(from: posteriors(), active: (0..<3).map { $0 == k }) }
    #expect(together == alone)
  }

  @Test func floorHolds() throws {
    var prior = configured()
    let sharp = try GaussianTests.law([0, 0], [[1e12, 0], [0, 1e12]])
    prior.update(from: [sharp, sharp, sharp], active: [true, false, true])
    #expect(prior.variances == [1e-10 * 4, 4, 1e-10 * 4])
  }

  @Test func json() throws {
    var prior = configured()
    try prior.update(from: posteriors(), active: [true, true, false])
    var decoded = try throughJSON(prior)
    #expect(decoded == prior)
    #expect(decoded.variances.map(\.bitPattern) == prior.variances.map(\.bitPattern))
    // The floor, which is private, came along.
    let sharp = try GaussianTests.law([0, 0], [[1e12, 0], [0, 1e12]])
    decoded.update(from: [sharp, sharp, sharp], active: [true, true, true])
    #expect(decoded.variances == [4e-10, 4e-10, 4e-10])
  }
}
