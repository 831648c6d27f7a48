import Foundation
import MixtureTestKit
import Mixtures
import Testing

/// The prior of the article `WriteYourOwnPrior`, as a user would write it.
struct SmoothPrior: Prior {
  private(set) var strength = 1.0
  private var differences = Matrix.identity(0)

  mutating func configure(for setting: PriorSetting) {
    differences = Matrix.identity(setting.dimension, scale: 0.01)
    for j in 1..<setting.dimension {
      for (a, b, value) in [(j, j, 1.0), (j - 1, j - 1, 1), (j, j - 1, -1), (j - 1, j, -1)] { differences[a, b] += value }
    }
    strength = 1 / setting.typicalVariance
  }

  func law(ofExpert expert: Int) throws -> Gaussian? {
    try Gaussian(mean: Array(repeating: 0, count: differences.rows), precision: strength * differences)
  }

  mutating func update(from posteriors: [Gaussian], active: [Bool]) throws {
    let root = try Cholesky(differences)
    let origin = [Double](repeating: 0, count: differences.rows)
    let known = posteriors.indices.filter { active[$0] }
    let squares = known.reduce(0) { $0 + root.traceOfProduct(with: posteriors[$1].secondMoment(about: origin)) }
    if squares > 0 { strength = Double(known.count * differences.rows) / squares }
  }

  func divergence(of posteriors: [Gaussian]) throws -> Double {
    guard let law = try law(ofExpert: 0) else { return 0 }
    return posteriors.reduce(0) { $0 + $1.divergence(from: law) }
  }
}

/// A prior that the package does not know: its laws, and fits under it.
@Suite struct SmoothPriorTests {
  @Test(arguments: PriorLaw.allCases)
  func keeps(law: PriorLaw) throws {
    let posteriors = try [[1, 2, 4], [0, -1, 1.0], [3, 3, 2]].map { mean in
      try Gaussian(mean: mean, precision: Matrix(diagonal: [2, 1 + abs(mean[0]), 0.5]))
    }
    law.check(
      PriorSubject(
        SmoothPrior(), setting: PriorSetting(expertCount: 3, dimension: 3, typicalVariance: 2), posteriors: posteriors,
        variations: [Variation("strength", isUpdatedLast: true) { $0.scale(by: 1 + $1) }]))
  }

  /// Coefficients along a smooth curve, from few rows: they are found better than under the package's own prior.
  @Test func fitsUnderIt() async throws {
    var source = RandomSource(seed: 4)
    let count = 12
    let truth = [1.0, -1].map { sign in (0..<count).map { sign * (2 + sin(Double($0) / 3)) } }
    let features = (0..<count).map { _ in (0..<60).map { _ in source.gaussian() } }
    let response = (0..<60).map { i in
      truth[i % 2].indices.reduce(source.gaussian(standardDeviation: 2)) { $0 + truth[i % 2][$1] * features[$1][i] }
    }
    let table = try Table(
      features.enumerated().map { ("x\($0.offset)", .numbers($0.element)) } + [("y", .numbers(response))])
    let start = Start.responsibilities(try ResponsibilityTable(labels: (0..<60).map { $0 % 2 }, expertCount: 2))
    func squaredError(_ model: Mixture) async throws -> Double {
      let fit = try await model.fit(table, from: start)
      #expect(zip(fit.bounds, fit.bounds.dropFirst()).allSatisfy { $1.total >= $0.total - $1.rounding })
      let experts = fit.mixture.experts(of: LinearExpert.self)
      var sum = 0.0
      for (expert, truth) in zip(experts, truth) {
        for (found, exact) in zip(expert.coefficients.mean, truth) { sum += (found - exact) * (found - exact) }
      }
      return sum
    }
    let model = try Mixture("y ~ . - 1") { Experts(2, LinearExpert(prior: SmoothPrior(), standardizes: false)) }
    let plainModel = try Mixture("y ~ . - 1") { Experts(2, LinearExpert(standardizes: false)) }
    let (smooth, plain) = (try await squaredError(model), try await squaredError(plainModel))
    #expect(smooth < 0.7 * plain, "\(smooth) and \(plain)")
  }
}

extension SmoothPrior {
  fileprivate mutating func scale(by factor: Double) { strength *= factor }
}
