import Foundation
import GSL
import MixtureCore
import References
import Testing

@testable import ConjugateFamilies

/// Posteriors of three experts in two dimensions.
private func posteriors() throws -> [Gaussian] {
  try [
    GaussianTests.distribution([1, -2], [[2, 0.5], [0.5, 1]]),
    GaussianTests.distribution([0.1, 0.2], [[400, 30], [30, 50]]),
    GaussianTests.distribution([30, 0], [[1, 0], [0, 1e-3]]),
  ]
}

private func configured(
  _ covariance: GaussianPrior.Covariance, mean: GaussianPrior.Mean = .zero, coordinates: AffineMap? = nil
) throws -> GaussianPrior {
  var prior = GaussianPrior(covariance: covariance, mean: mean)
  try prior.configure(for: PriorSetting(expertCount: 3, names: ["a", "b"], typicalVariance: 4, coordinates: coordinates))
  return prior
}

/// Covariances, given and learned.
@Suite struct GaussianPriorCovarianceTests {
  @Test func givenCovariancesAreTheLaw() throws {
    let matrix = Matrix(rows: 2, columns: 2, elements: [1, 0.25, 0.25, 3])
    let prior = try configured(.given(matrix), mean: .given([[0.5, -1]]))
    let distribution = try #require(try prior.distribution(ofExpert: 2))
    #expect(distribution.mean == [0.5, -1] && prior.isInUnitsOfData)
    #expect(zip(distribution.covariance.elements, matrix.elements).allSatisfy { relativeError($0, $1) <= 1e-14 })
    let isotropic = try #require(try configured(.fixed(variance: 4)).distribution(ofExpert: 0))
    #expect(isotropic.mean == [0, 0] && isotropic.covariance == .identity(2, scale: 4))
    var unchanged = prior
    try unchanged.update(from: posteriors(), active: [true, true, true])
    #expect(unchanged == prior)
  }

  @Test(arguments: [GaussianPrior.Covariance.fixed(variance: 4), .isotropic, .diagonal, .full])
  func divergenceIsTheSumOverExperts(covariance: GaussianPrior.Covariance) throws {
    var prior = try configured(covariance)
    try prior.update(from: posteriors(), active: [true, true, true])
    let expected = try posteriors().enumerated().reduce(0) {
      $0 + $1.element.divergence(from: try #require(try prior.distribution(ofExpert: $1.offset)))
    }
    #expect(relativeError(try prior.divergence(of: posteriors()), expected) <= 1e-14)
  }

  @Test func aFlatPriorLeavesTheEntropy() throws {
    let prior = try configured(.flat)
    #expect(try prior.distribution(ofExpert: 0) == nil)
    let entropy = try posteriors().reduce(0) { $0 + $1.entropy }
    #expect(relativeError(try prior.divergence(of: posteriors()), -entropy) <= 1e-15)
    #expect(try prior.divergence(of: [Gaussian(point: [1, 2])]) == 0)
  }

  @Test func learnedCovariancesAreTheSecondMoments() throws {
    for (k, q) in try posteriors().enumerated() {
      let moment = q.secondMoment(about: [0, 0])
      func covariance(_ treatment: GaussianPrior.Covariance) throws -> Matrix {
        var prior = try configured(treatment)
        try prior.update(from: posteriors(), active: [true, true, true])
        return try Cholesky(prior.precisions[k]).inverse
      }
      #expect(relativeError(try covariance(.isotropic)[1, 1], moment.trace / 2) <= 1e-14)
      let diagonal = try covariance(.diagonal)
      #expect((0..<2).allSatisfy { relativeError(diagonal[$0, $0], moment[$0, $0]) <= 1e-14 } && diagonal[0, 1] == 0)
      let full = try covariance(.full)
      #expect(zip(full.elements, moment.elements).allSatisfy { abs($0 - $1) <= 1e-10 * moment.trace })
    }
  }

  @Test(arguments: [GaussianPrior.Covariance.isotropic, .diagonal, .full])
  func expertsThatAreNotActiveKeepTheirsAndTheFloorHolds(covariance: GaussianPrior.Covariance) throws {
    var prior = try configured(covariance)
    let sharp = try GaussianTests.distribution([0, 0], [[1e12, 0], [0, 1e12]])
    try prior.update(from: [sharp, sharp, sharp], active: [true, false, true])
    for (k, variance) in [4e-10, 4, 4e-10].enumerated() {
      let distribution = try #require(try prior.distribution(ofExpert: k))
      #expect(distribution.covariance.diagonal.allSatisfy { relativeError($0, variance) <= 1e-12 })
    }
  }

  /// A point determines one direction of a full covariance; the other goes to the floor, and nothing is singular.
  @Test func oneVectorMakesARankOneCovariance() throws {
    var prior = try configured(.full)
    try prior.update(from: Array(repeating: Gaussian(point: [3, 4]), count: 3), active: [true, true, true])
    let eigen = try SymmetricEigen(Cholesky(prior.precisions[0]).inverse)
    // The matrix is held by its inverse, of condition 6e10, which leaves five to six digits of the large variance.
    #expect(relativeError(eigen.values[0], 4e-10) <= 1e-4 && relativeError(eigen.values[1], 25) <= 1e-4)
  }

  @Test(arguments: [GaussianPrior.Covariance.isotropic, .diagonal])
  func theBoldStepHasTheFixedPointsOfTheCarefulOne(covariance: GaussianPrior.Covariance) throws {
    // At a fixed point v = B + m² the bold step m² / (1 − B / v) gives v as well.
    var prior = try configured(covariance)
    let distributions = try posteriors()
    try prior.update(from: distributions, active: [true, true, true])
    let bold = try #require(try prior.boldUpdate(from: distributions, active: [true, true, true]))
    for (a, b) in zip(bold.precisions, prior.precisions) {
      #expect(zip(a.diagonal, b.diagonal).allSatisfy { relativeError($0, $1) <= 1e-9 })
    }
  }

  @Test(arguments: [GaussianPrior.Covariance.fixed(variance: 0.1), .isotropic, .diagonal, .full, .flat])
  func json(covariance: GaussianPrior.Covariance) throws {
    var prior = try configured(covariance, mean: .common)
    try prior.update(from: posteriors(), active: [true, true, false])
    let decoded = try throughJSON(prior)
    #expect(decoded == prior && decoded.floor == prior.floor)
  }
}

/// Means, given and learned.
@Suite struct GaussianPriorMeanTests {
  @Test func givenMeansAreInTheUnitsOfTheData() throws {
    let map = AffineMap(matrix: Matrix(diagonal: [2, 5]), inverse: Matrix(diagonal: [0.5, 0.2]), offset: [1, -1])
    let prior = try configured(.isotropic, mean: .given([[1, 1], [2, 2], [3, 3]]), coordinates: map)
    #expect(prior.means == [[3, 4], [5, 9], [7, 14]])
    #expect(try configured(.isotropic, coordinates: map).means == [[0, 0], [0, 0], [0, 0]])
  }

  @Test func misfitsAreErrors() throws {
    #expect(throws: ArgumentError.self) { try configured(.isotropic, mean: .given([[1, 2, 3]])) }
    #expect(throws: ArgumentError.self) { try configured(.isotropic, mean: .given([[1, 2], [1, 2]])) }
    #expect(throws: ArgumentError.self) { try configured(.given(.identity(3))) }
    #expect(throws: ArgumentError.self) { try configured(.given(Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 1]))) }
    #expect(throws: ArgumentError.self) { try MeanCoupling(matrix: Matrix(diagonal: [1, -1])) }
    #expect(throws: ArgumentError.self) { try MeanCoupling(matrix: .identity(2), coefficients: [0]) }
    #expect(throws: ArgumentError.self) {
      try configured(.isotropic, mean: .coupled(MeanCoupling(matrix: .identity(1), coefficients: [2]), startingAt: []))
    }
  }

  @Test func learnedAndCommonMeans() throws {
    var learned = try configured(.fixed(variance: 4), mean: .learned)
    try learned.update(from: posteriors(), active: [true, false, true])
    #expect(learned.means == [[1, -2], [0, 0], [30, 0]])
    #expect(learned.warnings.isEmpty)
    #expect(GaussianPrior(covariance: .isotropic, mean: .learned).warnings.count == 1)

    // Weighted by the prior precisions, which differ after one update of learned covariances.
    var common = try configured(.diagonal, mean: .common)
    try common.update(from: posteriors(), active: [true, true, true])
    let precisions = common.precisions
    try common.update(from: posteriors(), active: [true, true, true])
    for j in 0..<2 {
      let weights = precisions.map { $0[j, j] }
      let expected = dot(weights, try posteriors().map { $0.mean[j] }) / weights.reduce(0, +)
      #expect(common.means.allSatisfy { relativeError($0[j], expected) <= 1e-13 })
    }
  }

  /// The coupled solve against one dense system in all K d unknowns, by setting the gradient to zero.
  @Test(arguments: [nil, [0, 1, 2], [2, 0, 1], [0, 2], [1]] as [[Int]?])
  func theCoupledSolveIsTheDenseJointSolve(coefficients: [Int]?) throws {
    var source = RandomSource(seed: 3)
    let (count, dimension) = (4, 3)
    func random(_ n: Int) -> Matrix {
      let a = Matrix(rows: n, columns: n, elements: (0..<(n * n)).map { _ in source.gaussian() })
      return (a * a.transposed).addingToDiagonal(0.1)
    }
    let coupled = coefficients ?? Array(0..<dimension)
    let coupling = try MeanCoupling(matrix: random(coupled.count), coefficients: coefficients)
    let inverse = try Cholesky(coupling.matrix).inverse
    let precisions = (0..<count).map { _ in random(dimension) }
    func vectors() -> [[Double]] { (0..<count).map { _ in (0..<dimension).map { _ in source.gaussian() } } }
    let (start, means) = (vectors(), vectors())
    let map = coupling.coordinates(.identity(dimension))
    let inUnits = precisions.map(map.precisionBefore)
    let found = try coupling.maximizingMeans(
      from: start.map(map.inverse), precisions: inUnits, targets: zip(inUnits, means).map { $0 * map.inverse($1) }
    ).map { map($0) }

    // Gradient for expert k: Λ_k (m_k − w_k) − Σ_j Ξ⁻¹ (w_k − w_j) = 0 in the coupled coordinates; w = start in the others.
    let order = count * coupled.count
    var matrix = Matrix(rows: order, columns: order)
    var target = [Double](repeating: 0, count: order)
    for k in 0..<count {
      for (a, i) in coupled.enumerated() {
        let row = k * coupled.count + a
        for (b, j) in coupled.enumerated() {
          matrix[row, k * coupled.count + b] += precisions[k][i, j] + Double(count) * inverse[a, b]
          for l in 0..<count { matrix[row, l * coupled.count + b] -= inverse[a, b] }
        }
        for j in 0..<dimension {
          target[row] += precisions[k][i, j] * (means[k][j] - (coupled.contains(j) ? 0 : start[k][j]))
        }
      }
    }
    let solution = try matrix.solving(target)
    for k in 0..<count {
      for j in 0..<dimension {
        let expected = coupled.firstIndex(of: j).map { solution[k * coupled.count + $0] } ?? start[k][j]
        #expect(abs(found[k][j] - expected) <= 1e-9)
      }
    }
  }

  @Test func aTightCouplingMakesMeansCommonAndALooseOneLearned() throws {
    func means(_ variance: Double) throws -> [[Double]] {
      let coupling = try MeanCoupling(matrix: .identity(2, scale: variance))
      var prior = try configured(.fixed(variance: 4), mean: .coupled(coupling, startingAt: [[5, 5]]))
      try prior.update(from: posteriors(), active: [true, true, true])
      return prior.means
    }
    let average = (0..<2).map { j in (try? posteriors().reduce(0) { $0 + $1.mean[j] / 3 }) ?? .nan }
    for mean in try means(1e-10) { #expect(zip(mean, average).allSatisfy { abs($0 - $1) < 1e-6 }) }
    for (mean, distribution) in zip(try means(1e10), try posteriors()) {
      #expect(zip(mean, distribution.mean).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }
}
