import Foundation
import GSL
import MixtureTestKit
import References
import SyntheticData
import Testing

/// What the figures say of somebody who knows the distribution, against integrals of scipy's and closed forms. Means with standard errors may
/// be five of these off (6 false alarms in 10⁷); prediction errors, which have none, 3 %.
@Suite struct BayesTests {
  struct Expected: Decodable {
    var logDensity, assignmentError: Double
    var predictionError: Double?

    static func load(_ name: String) throws -> Expected {
      struct File: Decodable { var bayes: [String: Expected] }
      return try #require(try Reference.load("synthetic", as: File.self).bayes[name])
    }
  }

  private func check(
    _ generator: any Generator, _ expected: Expected, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let figures = try BayesFigures(SyntheticDataSet(generator, rows: 40_002, seed: 12))
    func expect(_ what: String, _ found: MeanWithError, _ value: Double) {
      #expect(
        abs(found.mean - value) <= 5 * found.standardError + 1e-12, "\(what): \(found), but \(value)",
        sourceLocation: sourceLocation)
    }
    expect("log density", figures.logDensity, expected.logDensity)
    expect("assignment error", figures.assignmentError, expected.assignmentError)
    if let error = expected.predictionError {
      let found = try #require(figures.predictionError)
      #expect(abs(found - error) <= 0.03 * error, "\(found), but \(error)", sourceLocation: sourceLocation)
    } else {
      #expect(figures.predictionError == nil, sourceLocation: sourceLocation)
    }
  }

  private func line(_ coefficients: [Double], _ deviation: Double) -> LinearResponse {
    LinearResponse(coefficients: coefficients, noise: NormalNoise(standardDeviation: deviation))
  }

  private func matrix(_ rows: [[Double]]) -> Matrix {
    Matrix(rows: rows.count, columns: rows[0].count, elements: rows.flatMap(\.self))
  }

  /// Rows that share an assignment have the weights of the first of them, and so the prediction E[y | x] has.
  @Test func predictionsOfGroupsKnowTheFirstRowsWeights() throws {
    let generator = try Recipe("linear+softmax+grouped:5").generator(RecipeParameters(experts: 2), seed: 5)
    let data = try SyntheticDataSet(generator, rows: 20_000, seed: 5)
    var squares = 0.0
    try data.forEachBlock(threads: 1, { $0 }) { block in
      var (logWeights, means) = (Matrix(rows: block.count, columns: 2), Matrix(rows: block.count, columns: 2))
      generator.logWeights(block, into: &logWeights)
      generator.means(block, into: &means)
      for row in 0..<block.count {
        let first = row / 5 * 5
        let mean = exp(logWeights[first, 0]) * means[row, 0] + exp(logWeights[first, 1]) * means[row, 1]
        squares += (block.response[row, 0] - mean) * (block.response[row, 0] - mean)
      }
    }
    let found = try #require(try BayesFigures(data).predictionError)
    #expect(abs(found - (squares / 20_000).squareRoot()) < 1e-9)
  }

  /// The entropy of the noise, ½ ln 2πeσ².
  @Test func oneLinearExpert() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(2), weights: ConstantWeights([1]), experts: [line([1, 2, -3], 0.7)])
    let entropy = 0.5 * log(2 * .pi * M_E * 0.49)
    try check(generator, Expected(logDensity: -entropy, assignmentError: 0, predictionError: 0.7))
  }

  @Test func oneExpertWithHeavyTails() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: ConstantWeights([1]),
      experts: [LinearResponse(coefficients: [0, 1], noise: StudentNoise(scale: 0.7, degreesOfFreedom: 4))])
    try check(generator, .load("student"))
  }

  @Test func softmaxWeights() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: SoftmaxWeights(coefficients: matrix([[0, 0.3], [0, 2]])),
      experts: [line([0, 1], 0.5), line([1, -1], 0.5)])
    try check(generator, .load("softmax"))
  }

  @Test func poisson() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: ConstantWeights([0.3, 0.7]),
      experts: [PoissonResponse(coefficients: [1, 0.5]), PoissonResponse(coefficients: [2, -0.3])])
    try check(generator, .load("poisson"))
  }

  @Test func categories() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(1), weights: ConstantWeights([0.4, 0.6]),
      experts: [
        MultinomialResponse(coefficients: matrix([[0, 1, 0], [0, 2, -1]])),
        MultinomialResponse(coefficients: matrix([[0, 0, 1], [0, -2, 1]])),
      ])
    try check(generator, .load("multinomial"))
  }

  @Test func latentClasses() throws {
    let first = [[0.9, 0.2, 0.7], [0.4, 0.6, 0.1]]
    let generator = try SyntheticMixture(
      features: NormalFeatures(0), weights: ConstantWeights([0.25, 0.75]),
      experts: try first.map { try CategoriesResponse(probabilities: $0.map { try ConstantWeights([$0, 1 - $0]) }) })
    try check(generator, .load("classes"))
  }

  @Test func groupedRows() throws {
    let generator = try SyntheticMixture(
      features: NormalFeatures(0), weights: ConstantWeights([1, 1]), experts: [line([1], 1), line([-1], 1)])
    try check(GroupedRows(generator, rowsPerAssignment: 3), .load("grouped"))
  }

  /// Of two clouds of equal weight, the half of their overlap Φ(−δ/2) is the error of the best guess: of either cloud's points.
  @Test(arguments: [0.01, 0.1, 0.5], [1, 2, 5])
  func cloudsOverlapAsChosen(overlap: Double, dimension: Int) throws {
    let generator = try Recipe("clouds:\(overlap)").generator(
      RecipeParameters(features: dimension, experts: 2, imbalance: 0), seed: UInt64(dimension))
    let figures = try BayesFigures(SyntheticDataSet(generator, rows: 10_000, seed: 3))
    #expect(abs(figures.assignmentError.mean - overlap / 2) <= 5 * figures.assignmentError.standardError)
  }

  /// Of several clouds the nearest two overlap as chosen, and no others more.
  @Test func theNearestCloudsOverlapAsChosen() throws {
    let generator =
      try Recipe("clouds:0.2").generator(RecipeParameters(features: 3, experts: 6), seed: 5) as? SyntheticMixture
    let clouds = try #require(generator).experts.compactMap { ($0 as? CloudResponse)?.cloud }
    let overlaps = try clouds.indices.flatMap { k in
      try (0..<k).map { l in
        let inverse = try Cholesky(clouds[k].covariance).inverse
        let delta = inverse.quadraticForm(zip(clouds[k].mean, clouds[l].mean).map(-)).squareRoot()
        return 2 * standardNormalCumulative(-delta / 2)
      }
    }
    #expect(overlaps.count == 15)
    #expect(abs((overlaps.max() ?? 0) - 0.2) < 1e-9)
  }
}
