import Foundation
import Mixtures
import Templates
import Testing

/// The prior of `WriteYourOwnPrior`, which the package does not know: fits under it.
@Suite struct SmoothPriorExamples {
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
      #expect(zip(fit.elboTrace, fit.elboTrace.dropFirst()).allSatisfy { $1.total >= $0.total - $1.rounding })
      let experts = fit.mixture.experts(of: LinearExpert.self)
      var sum = 0.0
      for (expert, truth) in zip(experts, truth) {
        for (found, exact) in zip(expert.coefficients.mean, truth) { sum += (found - exact) * (found - exact) }
      }
      return sum
    }
    let model = try Mixture("y ~ . - 1") { Block(2, LinearExpert(prior: SmoothPrior(), standardizes: false)) }
    let plainModel = try Mixture("y ~ . - 1") { Block(2, LinearExpert(standardizes: false)) }
    let (smooth, plain) = (try await squaredError(model), try await squaredError(plainModel))
    #expect(smooth < 0.7 * plain, "\(smooth) and \(plain)")
  }
}
