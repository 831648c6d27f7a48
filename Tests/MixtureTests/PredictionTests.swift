import Foundation
import GSL
import Mixtures
import Testing

@testable import MixtureCore

/// Predictive distributions, quantiles and held-out densities.
@Suite struct PredictionTests {
  private let truth = LinearTruth(rows: 600, features: 2, experts: 3, noise: 0.5, seed: 13)

  private func fit(_ noise: LinearNoise = .perExpert) throws -> Fit {
    try MixtureModel(gate: DirichletGate(), blocks: [Block(3, LinearExpert(noise: noise))])
      .fitBlocking(truth.observations())
  }

  @Test(arguments: allNoises)
  func momentsAndDensityAreThoseOfTheFormulas(noise: LinearNoise) throws {
    let fit = try fit(noise)
    let distributions = try fit.mixture.predict(truth.observations())
    #expect(distributions.count == 600)
    let weights = fit.mixture.dirichlet.weights
    for i in [0, 7, 375, 376, 599] {
      let x = truth.design()[i]
      let experts = fit.mixture.linear.experts
      let means = experts.map { dot($0.coefficients.mean, x) }
      let spreads = experts.map { $0.coefficients.covariance.quadraticForm(x) }
      // E 1/β of a Gamma distribution is b / (a − 1).
      let noises = experts.map { expert in
        expert.noiseDistribution.map { $0.rate / ($0.shape - 1) } ?? expert.noiseVariance
      }
      let variances = zip(noises, spreads).map(+)
      let mean = dot(weights, means)
      let second = (0..<3).reduce(0) { $0 + weights[$1] * (variances[$1] + means[$1] * means[$1]) }
      #expect(isClose(distributions[i].mean, mean, relative: 1e-10))
      #expect(isClose(distributions[i].variance, second - mean * mean, relative: 1e-9))
      let y = truth.response[i]
      let density = (0..<3).reduce(0) { sum, k in
        sum + weights[k]
          * overNoise(of: experts[k]) { variance in
            exp(-0.5 * (y - means[k]) * (y - means[k]) / (variance + spreads[k]))
              / (2 * .pi * (variance + spreads[k])).squareRoot()
          }
      }
      #expect(isClose(distributions[i].density(at: y), density, relative: 1e-7))
    }
  }

  /// The mean of a function of the noise variance over the noise's distribution, by the midpoints of 4,000 steps of ln β.
  private func overNoise(of expert: LinearExpert, _ function: (Double) -> Double) -> Double {
    guard let distribution = expert.noiseDistribution else { return function(expert.noiseVariance) }
    let width = 20 / distribution.shape.squareRoot() / 4000
    let precisions = (0..<4000).map { distribution.mean * exp((Double($0) - 1999.5) * width) }
    return precisions.reduce(0) { $0 + exp(distribution.logDensity(at: $1)) * $1 * width * function(1 / $1) }
  }

  @Test func densityIntegratesToOneAndQuantilesInvert() throws {
    let distribution = try fit().mixture.predict(truth.observations())[3]
    let (low, high) = (
      distribution.mean - 12 * distribution.standardDeviation, distribution.mean + 12 * distribution.standardDeviation
    )
    let count = 200_000
    let width = (high - low) / Double(count)
    let integral = (0..<count).reduce(0.0) { $0 + distribution.density(at: low + (Double($1) + 0.5) * width) * width }
    #expect(isClose(integral, 1, relative: 1e-9))
    for probability in [1e-6, 0.01, 0.25, 0.5, 0.9, 0.999999] {
      #expect(abs(distribution.cumulative(at: try distribution.quantile(probability)) - probability) < 1e-11)
    }
    let interval = try distribution.interval(0.9)
    #expect(
      abs(distribution.cumulative(at: interval.upperBound) - distribution.cumulative(at: interval.lowerBound) - 0.9) < 1e-11
    )
    #expect(abs(distribution.cumulative(at: interval.lowerBound) - 0.05) < 1e-11)
    // As near to 1 as numbers come: the tails hold 5.6e-17 each.
    let widest = try distribution.interval(1.0.nextDown)
    #expect(abs(distribution.cumulative(at: widest.lowerBound) / 0x1p-54 - 1) < 1e-6)
    #expect(abs(distribution.exceedance(at: widest.upperBound) / 0x1p-54 - 1) < 1e-6)
    for probability in [0, 1, -1, 2, .nan] {
      #expect(throws: ArgumentError.self) { try distribution.quantile(probability) }
      #expect(throws: ArgumentError.self) { try distribution.interval(probability) }
    }
  }

  /// Its variance, its mean or its weights overflow; what may not be said is any other number.
  @Test(arguments: [1e160, 1e200, 1e300, 1e308, -1e308])
  func aRowTooFarOutIsNamed(_ value: Double) async throws {
    var source = RandomSource(seed: 3)
    let x = (0..<60).map { _ in source.gaussian() }
    let y = x.indices.map { $0 % 2 == 0 ? 3 * x[$0] : 1 - x[$0] + 0.1 * source.gaussian() }
    let (far, table) = ([0.5, value], try Table([("x", .numbers(x)), ("y", .numbers(y))]))
    for gate in [try DirichletGate(), try SoftmaxGate(penalty: 1, estimate: .variational)] as [any Gate] {
      let fit = try await Mixture("y ~ x", gate: gate) { Block(2, LinearExpert()) }.fit(table)
      let error = #expect(throws: DataError.self) {
        try fit.predict(Table([("x", .numbers(far))]))
      }
      #expect(error?.description.contains(", row 2: ") == true && error?.description.contains("x = \(value)") == true)
      // Weights are numbers, or said not to be; responsibilities nothing or numbers.
      do {
        #expect(try abs(fit.weights(Table([("x", .numbers(far))]))[1].reduce(0, +) - 1) < 1e-12)
      } catch let error as DataError {
        #expect(error.description.contains(", row 2: "))
      }
      let sum = try fit.responsibilities(Table([("x", .numbers(far)), ("y", .numbers([0, 0]))]))[1].reduce(0, +)
      #expect(sum.isNaN || abs(sum - 1) < 1e-12)
    }
  }

  @Test func samplesHaveTheMoments() throws {
    let distribution = try fit().mixture.predict(truth.observations())[3]
    var source = RandomSource(seed: 4)
    let draws = (0..<100_000).map { _ in distribution.sample(using: &source) }
    let mean = draws.reduce(0, +) / 100_000
    // Five standard errors: false alarms 6e-7.
    #expect(abs(mean - distribution.mean) < 5 * (distribution.variance / 100_000).squareRoot())
    let below = draws.count { $0 <= distribution.mean }
    let expected = distribution.cumulative(at: distribution.mean)
    #expect(abs(Double(below) / 100_000 - expected) < 5 * (expected * (1 - expected) / 100_000).squareRoot())
  }

  @Test func logDensitiesAddOverRowsWithTheirWeights() throws {
    let fit = try fit()
    let weights = truth.response.indices.map { Double($0 % 3) }
    let rows = try truth.observations(weights: weights)
    let distributions = try fit.mixture.predict(rows)
    let predictive = distributions.indices.reduce(0) {
      $0 + weights[$1] * distributions[$1].logDensity(at: truth.response[$1])
    }
    #expect(isClose(try fit.mixture.logPredictiveDensity(rows), predictive, relative: 1e-11))
    let likelihood = truth.response.indices.reduce(0.0) { sum, i in
      let x = truth.design()[i]
      let density = zip(fit.mixture.dirichlet.weights, fit.mixture.linear.experts).reduce(0) {
        $0 + $1.0
          * exp(
            NormalDistribution(mean: dot($1.1.coefficients.mean, x), variance: $1.1.noiseVariance)
              .logDensity(at: truth.response[i]))
      }
      return sum + weights[i] * log(density)
    }
    #expect(isClose(try fit.mixture.logLikelihood(rows), likelihood, relative: 1e-11))
  }

  @Test func responsibilitiesFollowTheTrueLabels() throws {
    let fit = try fit()
    let responsibilities = try fit.mixture.responsibilities(truth.observations())
    #expect(responsibilities.allSatisfy { isClose($0.reduce(0, +), 1, relative: 1e-12) })
    // Rows between two lines stay undecided: the true parameters do not label all of them right either.
    let experts = fit.mixture.linear.experts.map(\.coefficients.mean)
    let order = truth.coefficients.map { w in
      experts.indices.min { squaredDistance(experts[$0], w) < squaredDistance(experts[$1], w) }!
    }
    func correct(_ score: (_ row: Int, _ label: Int) -> Double) -> Int {
      truth.labels.indices.count { i in (0..<3).max { score(i, $0) < score(i, $1) } == truth.labels[i] }
    }
    let fitted = correct { responsibilities[$0][order[$1]] }
    let optimal = correct { i, k in -abs(truth.response[i] - dot(truth.coefficients[k], truth.design()[i])) }
    #expect(optimal < 600 && Double(fitted) > Double(optimal) - 12)
  }

  private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test func heldOutRowsArePredictedBetterByTheTruth() throws {
    let fit = try fit()
    let single = try MixtureModel(gate: DirichletGate(), blocks: [Block(1, LinearExpert())])
      .fitBlocking(truth.observations())
    var fresh = truth
    var source = RandomSource(seed: 99)
    for i in fresh.response.indices {
      fresh.labels[i] = source.integer(below: 3)
      let w = truth.coefficients[fresh.labels[i]]
      fresh.response[i] = dot(w, truth.design()[i]) + source.gaussian(standardDeviation: 0.5)
    }
    let rows = try fresh.observations()
    #expect(try fit.mixture.logPredictiveDensity(rows) > single.mixture.logPredictiveDensity(rows) + 100)
  }
}
