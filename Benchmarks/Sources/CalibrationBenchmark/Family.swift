import Foundation
import GSL
import Mixtures

/// The families, each with a truth of one or two experts.
enum Family: String, CaseIterable {
  case normal, student, poisson, binomial, bernoulli

  /// Experts as they are without further words; those of Student's family have noise and tails of their own.
  func block(_ count: Int) -> any AnyBlock {
    switch self {
    case .normal: Block(count, LinearExpert())
    case .student: Block(count, StudentExpert(noise: .perExpert))
    case .poisson: Block(count, PoissonExpert())
    case .binomial: Block(count, BinomialExpert())
    case .bernoulli: Block(count, BernoulliExpert())
    }
  }

  /// Rows of a truth, and which expert's they are: x standard normal, the experts equally probable.
  func draw(_ rows: Int, experts: Int, _ source: inout RandomSource) throws -> (Observations, labels: [Int]) {
    let labels = (0..<rows).map { _ in source.integer(below: experts) }
    let x = labels.map { _ in source.gaussian() }
    let trials = labels.map { _ in Double(5 + source.integer(below: 10)) }
    let y = labels.indices.map { i in
      respond(predictors[labels[i]].intercept + predictors[labels[i]].slope * x[i], trials: Int(trials[i]), &source)
    }
    let rows = try Observations(
      features: [("x", x)], responses: [("y", y)], trials: self == .binomial ? ["y": trials] : [:])
    return (rows, labels)
  }

  /// Intercept and slope of η.
  private var predictors: [(intercept: Double, slope: Double)] {
    switch self {
    case .normal, .student: [(1, 1), (-3, -1)]
    case .poisson: [(1, 0.5), (3, -0.3)]
    case .binomial, .bernoulli: [(1, 1), (-2, -0.5)]
    }
  }

  private func respond(_ eta: Double, trials: Int, _ source: inout RandomSource) -> Double {
    let probability = 1 / (1 + exp(-eta))
    switch self {
    case .normal: return source.gaussian(mean: eta, standardDeviation: 0.7)
    case .student: return eta + 0.5 * source.studentT(degreesOfFreedom: 4)
    case .poisson: return Double(source.poisson(mean: exp(eta)))
    case .binomial: return Double(source.binomial(trials: trials, probability: probability))
    case .bernoulli: return source.uniform() < probability ? 1 : 0
    }
  }
}
