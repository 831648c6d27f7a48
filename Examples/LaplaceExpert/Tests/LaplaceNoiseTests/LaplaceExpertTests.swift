import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import LaplaceNoise

/// Two lines and rows that they made, through the laws.
@Suite struct LaplaceExpertTests {
  func subject() throws -> ModelSubject<LaplaceExpert> {
    var source = RandomSource(seed: 1)
    let labels = (0..<120).map { _ in source.integer(below: 2) }
    let x = labels.map { _ in source.uniform() }
    let y = zip(labels, x).map { label, x in
      NormalLaplace(mean: label == 0 ? 1 + 2 * x : 9 - 3 * x, deviation: 1e-6, scale: 0.3).sample(using: &source)
    }
    let rows = try Observations(features: [("x", x)], responses: [("y", y)])
    let variance = try DataSummary(rows).typicalVariance
    var subject = ModelSubject(
      Block(2, LaplaceExpert()), rows: rows, labels: labels,
      drawParameters: { block, source in
        var experts = block.experts
        var divergence = 0.0
        for k in experts.indices {
          let q = experts[k].line.posterior
          let w = q.sample(using: &source)
          // Standardised coefficients are N(0, 100 Var(y)); the scale is a point without a prior.
          divergence += w.reduce(q.logDensity(at: w)) {
            $0 - NormalDistribution(mean: 0, variance: 100 * variance).logDensity(at: $1)
          }
          experts[k].line.posterior = Gaussian(point: w)
        }
        return ParameterDraw(divergence: divergence) { [experts] k, rows in
          var scores = [Double](repeating: 0, count: rows.capacity)
          withMutableSpan(of: &scores) { experts[k].logLikelihoodAtMean(rows, into: &$0) }
          return rows.rows.map { scores[$0] }
        }
      },
      variations: variations,
      exceptions: [
        .expectedLogLikelihood: .inequality(reason: "E |y − wᵀx| is bounded by the root of E (y − wᵀx)²"),
        .rebase: .absent(reason: "the sums hold η of each row, and only another pass gives it under later experts"),
      ])
    subject.unitOfParameter = { ParameterUnit(response: 1, features: $0 == "x" ? -1 : 0) }
    return subject
  }

  private var variations: [Variation<Block<LaplaceExpert>>] {
    func line(
      _ name: String, _ move: @escaping @Sendable (Gaussian, Double) -> Gaussian
    ) -> Variation<Block<LaplaceExpert>> {
      Variation(name) { $0.experts[0].line.posterior = move($0.experts[0].line.posterior, $1) }
    }
    let means = (0..<2).map { j in
      line("mean \(j)") { distribution, step in
        var mean = distribution.mean
        mean[j] += step
        return Gaussian(mean: mean, precision: distribution.precision)
      }
    }
    let factors = [(0, 0), (1, 0), (1, 1)].map { i, j in
      line("precision \(i), \(j)") { distribution, step in
        var lower = distribution.precision.lower
        lower[i, j] += step * lower[i, i]
        return Gaussian(mean: distribution.mean, precision: Cholesky(lower: lower))
      }
    }
    return means + factors + [Variation("scale") { $0.experts[0].scale *= 1 + $1 }]
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test(arguments: PredictiveLaw.allCases)
  func predicts(law: PredictiveLaw) throws { law.check(try PredictiveSubject(predicting: subject())) }

  /// Normal noise with hardly any Laplace noise, the reverse, and both.
  @Test(arguments: PredictiveLaw.allCases)
  func predictiveDistributionsAtTheirExtremes(law: PredictiveLaw) {
    law.check(
      PredictiveSubject([
        NormalLaplace(mean: 1, deviation: 2, scale: 0.01), NormalLaplace(mean: -3, deviation: 0.05, scale: 2),
        NormalLaplace(mean: 1e4, deviation: 1, scale: 1),
      ]))
  }
}
