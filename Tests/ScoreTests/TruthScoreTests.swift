import Foundation
import MixtureDiagnostics
import Mixtures
import SyntheticData
import Testing

/// What a score says of fits of which it is known how good they are.
@Suite struct TruthScoreTests {
  /// Of 20,000 rows a share differs from the nominal one by more than 4.5 standard errors once in 10⁵ times.
  @Test(arguments: ["linear", "linear+irrelevant:2"])
  func theTruthItselfLosesNothing(recipe: String) async throws {
    let truth = try truth(recipe, RecipeParameters(imbalance: 1))
    let linear = ((truth.generator as? IrrelevantFeatures)?.base ?? truth.generator) as! SyntheticMixture
    let model = try exactMixture(linear, order: [2, 0, 1], formula: "y ~ x1 + x2")
    let score = try await TruthScore(model.fitQuickly(truth.data().table()), truth: truth, rows: 20_000)
    let densities = try #require(score.logDensity)
    #expect(abs(densities.excessLogLoss.mean) < 1e-9 && densities.excessLogLoss.standardError < 1e-9)
    #expect(score.experts.map(\.trueExpert) == [3, 1, 2])
    #expect(try #require(score.coefficientError) < 1e-9 && score.weightError < 1e-9)
    #expect(score.parameters.count == 12 && score.parameters.allSatisfy { abs($0.error) < 1e-9 })
    #expect(score.isNominal(score.responseCoverage, within: 4.5), "\(score.responseCoverage)")
    let index = try #require(score.adjustedRandIndex)
    #expect(abs(index - (try #require(score.bayesAdjustedRandIndex))) < 1e-12 && index > 0.2 && index < 1)
    #expect(abs(densities.truth.mean - truth.bayes.logDensity.mean) < 5 * truth.bayes.logDensity.standardError)
    #expect(score.parameterCoverage.isEmpty && score.reasons(.parameterCoverage).count == 1)
  }

  /// Another order of the experts is another name for the same thing.
  @Test func scoresDoNotDependOnTheOrder() async throws {
    let truth = try truth("linear", RecipeParameters(experts: 4, noise: 2))
    let linear = truth.generator as! SyntheticMixture
    let scores = try await [[0, 1, 2, 3], [3, 1, 0, 2]].asyncMap { order in
      let wrong = try SyntheticMixture(
        features: linear.featureDistribution, weights: ConstantWeights([0.4, 0.3, 0.2, 0.1]), experts: linear.experts)
      let model = try exactMixture(wrong, order: order, formula: "y ~ x1 + x2")
      return try await TruthScore(model.fitQuickly(truth.data().table()), truth: truth, rows: 2000)
    }
    #expect(scores[0].weightError > 0.05 && scores[0].logDensity!.excessLogLoss.mean > 0.01)
    #expect(scores[0].metrics.map(\.name) == scores[1].metrics.map(\.name))
    for (one, other) in zip(scores[0].metrics, scores[1].metrics) { #expect(abs(one.value - other.value) < 1e-9) }
  }

  /// ∫ p ln(p / q) by the trapezoidal rule, which converges faster than any power for such functions. The estimate from 50,000 rows
  /// differs from it by more than 4.5 standard errors once in 10⁵ times.
  @Test func aWrongModelLosesItsDivergence() async throws {
    let right = try normals([0.3, 0.7], means: [-2, 1], deviations: [1, 0.5])
    let wrong = try normals([0.5, 0.5], means: [-1, 1.5], deviations: [1.5, 0.8])
    func density(_ mixture: SyntheticMixture, _ y: Double) -> Double {
      zip((mixture.weights as! ConstantWeights).probabilities, mixture.experts).reduce(0) { sum, part in
        let expert = part.1 as! LinearResponse
        let deviation = (expert.noise as! NormalNoise).standardDeviation
        let z = (y - expert.coefficients[0]) / deviation
        return sum + part.0 * exp(-0.5 * z * z) / (deviation * (2 * Double.pi).squareRoot())
      }
    }
    let step = 0.01
    let divergence = stride(from: -12.0, through: 10, by: step).reduce(0) { sum, y in
      let (p, q) = (density(right, y), density(wrong, y))
      return sum + (p > 0 ? step * p * log(p / q) : 0)
    }
    let truth = try Truth(SyntheticDataSet(right, rows: 200, seed: 5))
    let fit = try await exactMixture(wrong, formula: "y ~ x1").fitQuickly(truth.data().table())
    let excess = try #require(TruthScore(fit, truth: truth, rows: 50_000).logDensity).excessLogLoss
    #expect(abs(excess.mean - divergence) < 4.5 * excess.standardError, "\(excess), not \(divergence)")
    #expect(excess.standardError < 0.02 * divergence && divergence > 0.1)
  }

  /// Intervals of two well separated experts under a flat prior hold the truth as often as they say. There are 200 × 8 of them, noise sds included; the
  /// normal distribution in place of Student's costs less than 0.2 % with 200 rows an expert. One of the shares differs by more than 4 binomial
  /// standard errors about twice in 10⁴ times.
  @Test func parametersAreWithinTheirIntervals() async throws {
    var (within, total) = ([0, 0, 0], 0)
    for seed in UInt64(1)...200 {
      let generator = try SyntheticMixture(
        features: NormalFeatures(2), weights: ConstantWeights([1, 1]),
        experts: [[5, 1, -1], [-5, 0, 2]].map {
          LinearResponse(coefficients: $0, noise: NormalNoise(standardDeviation: 1))
        })
      let truth = try Truth(SyntheticDataSet(generator, rows: 400, seed: seed))
      let model = try Mixture("y ~ x1 + x2") {
        Block(2, LinearExpert(prior: GaussianPrior(covariance: .flat), noise: .perExpert))
      }
      let fit = try await model.fit(truth.data().table(), from: .coefficients([[5, 0, 0], [-5, 0, 0]]))
      let score = try TruthScore(fit, truth: truth, rows: 10)
      #expect(score.parameters.count { $0.standardError != nil } == 8)
      for (index, coverage) in score.parameterCoverage.enumerated() {
        within[index] += Int((coverage.share * Double(coverage.count)).rounded())
      }
      total += score.parameterCoverage[0].count
    }
    #expect(total == 1600)
    for (count, nominal) in zip(within, [0.5, 0.9, 0.95]) {
      let error = (nominal * (1 - nominal) / Double(total)).squareRoot()
      #expect(abs(Double(count) / Double(total) - nominal) < 4 * error, "\(count) of \(total), not \(nominal)")
    }
  }

  /// More experts than there are, and fewer: some have no partner, and their weight is an error.
  @Test(arguments: [2, 5]) func numbersOfExpertsMayDiffer(count: Int) async throws {
    let truth = try truth("linear", RecipeParameters(imbalance: 0), rows: 900, seed: 3)
    let model = try Mixture("y ~ x1 + x2") { Block(count, LinearExpert()) }
    let score = try await TruthScore(model.fitQuickly(truth.data().table()), truth: truth, rows: 2000)
    #expect(score.experts.count == max(count, 3))
    #expect(score.experts.count { $0.name != nil && $0.trueExpert != nil } == min(count, 3))
    #expect(abs(score.experts.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
    #expect(abs(score.experts.reduce(0) { $0 + $1.trueWeight } - 1) < 1e-9)
    #expect(score.parameters.count == 4 * min(count, 3))
    if count == 2 { #expect(score.weightError > 0.15 && score.logDensity!.excessLogLoss.mean > 0.1) }
  }

  /// Features that the truth does not name have true coefficients of zero.
  @Test func irrelevantFeaturesAreZero() async throws {
    let truth = try truth("linear+irrelevant:2", rows: 2000)
    let model = try Mixture("y ~ .") { Block(3, LinearExpert()) }
    let score = try await TruthScore(model.fitQuickly(truth.data().table()), truth: truth, rows: 2000)
    let zeros = score.parameters.filter { $0.name.hasPrefix("irrelevant") }
    #expect(zeros.count == 6 && zeros.allSatisfy { $0.truth == 0 && $0.standardError != nil })
    #expect(score.parameters.count == 18 && score.omissions.isEmpty)
    #expect(score.parameterCoverage.map(\.count) == [18, 18, 18])
    #expect(try #require(score.coefficientError) < 0.2)
    let coded = try JSONDecoder().decode(TruthScore.self, from: JSONEncoder().encode(score))
    #expect(coded == score && coded.metrics.count == 14)
  }

  /// A gate that depends on the row is compared by its mean weights and by the density.
  @Test func weightsThatDependOnTheRow() async throws {
    let truth = try truth("linear+softmax:3", RecipeParameters(experts: 2), rows: 3000, seed: 2)
    let table = try truth.data().table()
    let scores = try await [nil, try SoftmaxGate() as any Gate].asyncMap { gate in
      let model = try Mixture("y ~ x1 + x2", gate: gate) { Block(2, LinearExpert()) }
      return try await TruthScore(model.fitQuickly(table), truth: truth, rows: 5000)
    }
    let excesses = scores.map { $0.logDensity!.excessLogLoss }
    #expect(excesses[1].mean < 0.02 && excesses[0].mean > excesses[1].mean + 5 * excesses[0].standardError)
    #expect(scores[1].weightError < 0.05)
  }
}

extension Array {
  /// The results of what is awaited one after another.
  func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { try await results.append(transform(element)) }
    return results
  }
}
