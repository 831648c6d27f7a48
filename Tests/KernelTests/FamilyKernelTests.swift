import Foundation
import GSL
import Testing

@testable import MixtureCore

/// The kernels of families against scalar formulas.
@Suite struct FamilyKernelTests {
  /// Variances of every rule, and means of either sign.
  private let rows: [(mean: Double, variance: Double)] = (0..<264).map { i in
    let variances: [Double] = [0, 1e-4, 6e-4, 0.0138, 0.05, 0.3, 0.35, 2, 6]
    return (Double(i % 11) - 5, variances[i % 9])
  }

  private struct Scores { var scores: [Double], slopes: [Double], curvatures: [Double] }

  private func run(
    _ body: (inout MutableSpan<Double>, inout MutableSpan<Double>, inout MutableSpan<Double>) -> Void
  ) -> Scores {
    var (scores, slopes) = (rows.map(\.variance), rows.map(\.mean))
    var curvatures = rows.map { _ in Double.nan }
    var a = scores.mutableSpan
    var b = slopes.mutableSpan
    var c = curvatures.mutableSpan
    body(&a, &b, &c)
    return Scores(scores: scores, slopes: slopes, curvatures: curvatures)
  }

  @Test(arguments: [false, true])
  func logistic(hasTrials: Bool) {
    let trials = rows.indices.map { Double(1 + $0 % 5) }, y = rows.indices.map { Double(hasTrials ? $0 % 5 / 2 : $0 % 2) }
    let found = run {
      VectorKernels.scoreLogistic(y, trials: hasTrials ? trials : nil, scores: &$0, slopes: &$1, curvatures: &$2)
    }
    for (i, row) in rows.enumerated() {
      // Small variances have a series, of which the last term left out is below 1e-12, and its derivative by v below 1e-9.
      let isSmall = row.variance <= 0.0138
      let rule = GaussHermite.rule(forVariance: isSmall && row.variance > 0 ? 0.35 : row.variance)
      let n = hasTrials ? trials[i] : 1
      var (score, slope, curvature) = (y[i] * row.mean, y[i], 0.0)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let eta = row.mean + row.variance.squareRoot() * node
        let p = 1 / (1 + exp(-eta))
        score -= weight * n * log1p(exp(eta))
        slope -= weight * n * p
        curvature += n * (rule.nodes.count > 1 ? weight * node * p / row.variance.squareRoot() : p * (1 - p))
      }
      #expect(abs(found.scores[i] - score) < 1e-12 * (n + abs(score)))
      #expect(abs(found.slopes[i] - slope) < (isSmall ? 3e-12 : 1e-12) * n)
      #expect(abs(found.curvatures[i] - curvature) < (isSmall ? 1e-9 : 1e-10) * n)
    }
  }

  /// Fewer nodes do for little variance: against 64.
  @Test func rulesDoForTheirVariances() {
    let best = GaussHermite.rule(forVariance: 100)
    for variance in [6e-4, 0.08, 0.35] {
      let rule = GaussHermite.rule(forVariance: variance)
      func mean(_ rule: GaussHermite, _ center: Double) -> Double {
        zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * log1p(exp(center + variance.squareRoot() * $1.0)) }
      }
      for center in stride(from: -4.0, through: 4, by: 0.5) {
        #expect(abs(mean(rule, center) - mean(best, center)) < 1e-11)
      }
    }
  }

  @Test(arguments: [1, 3, 7, 9, 20, 64])
  func rulesAreExactForPolynomials(count: Int) throws {
    let rule = try #require(
      (GaussHermite.rulesForValues.map(\.rule) + [GaussHermite.ruleForDerivatives(variance: 0.01)]).first {
        $0.nodes.count == count
      })
    // E t^2m = (2m − 1)!!.
    var moment = 1.0
    for m in 0..<min(count, 8) {
      if m > 0 { moment *= Double(2 * m - 1) }
      let value = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(2 * m)) }
      #expect(abs(value - moment) < 1e-10 * moment)
    }
  }

  @Test func poisson() {
    let y = rows.indices.map { Double($0 % 7) }
    let found = run { VectorKernels.scorePoisson(y, scores: &$0, slopes: &$1, curvatures: &$2) }
    for (i, row) in rows.enumerated() {
      let rate = exp(row.mean + 0.5 * row.variance)
      #expect(abs(found.scores[i] - (y[i] * row.mean - rate)) < 1e-13 * (abs(y[i] * row.mean) + rate))
      #expect(abs(found.slopes[i] - (y[i] - rate)) < 1e-13 * (y[i] + rate))
      #expect(abs(found.curvatures[i] - rate) < 1e-13 * rate)
    }
  }

  /// No rate leaves the range of numbers.
  @Test func poissonFarOut() {
    var scores = [Double](repeating: 0, count: 8)
    var slopes = [Double](repeating: 1e6, count: 8)
    var curvatures = scores
    var a = scores.mutableSpan
    var b = slopes.mutableSpan
    var c = curvatures.mutableSpan
    VectorKernels.scorePoisson([Double](repeating: 3, count: 8), scores: &a, slopes: &b, curvatures: &c)
    #expect((scores + slopes + curvatures).allSatisfy { $0.isFinite })
    #expect(curvatures[0] > 1e299)
  }

  @Test(arguments: [1.0, 5, 400])
  func student(degreesOfFreedom: Double) {
    let y = rows.indices.map { Double($0 % 13) - 6 }
    var terms = [Double](repeating: .nan, count: 3 * rows.count)
    let found = run { scores, slopes, curvatures in
      withMutableSpan(of: &terms) {
        VectorKernels.scoreStudent(
          y, degreesOfFreedom: degreesOfFreedom, precision: 2.5, constant: -0.75, digammaOfNext: 0.3, scores: &scores,
          slopes: &slopes,
          curvatures: &curvatures, terms: &$0)
      }
    }
    for (i, row) in rows.enumerated() {
      let residual = y[i] - row.mean, rate = 0.5 * (degreesOfFreedom + 2.5 * (residual * residual + row.variance))
      let weight = 0.5 * (degreesOfFreedom + 1) / rate
      let score = -0.75 - 0.5 * (degreesOfFreedom + 1) * log(rate)
      #expect(abs(found.scores[i] - score) < 1e-13 * (1 + abs(score)))
      #expect(abs(found.slopes[i] - weight * residual) < 1e-13 * (1 + abs(weight * residual)))
      #expect(abs(found.curvatures[i] - weight) < 1e-13 * weight)
      #expect(abs(terms[i] - (0.3 - log(rate) - weight)) < 1e-13 * (1 + abs(log(rate)) + weight))
      #expect(terms[rows.count + i] == found.curvatures[i])
      #expect(terms[2 * rows.count + i] == found.curvatures[i] * found.curvatures[i])
    }
  }
}
