import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import Templates

/// Two experts and rows that they made, through the laws.
@Suite struct LevelExpertTests {
  func subject() throws -> ModelSubject<LevelExpert> {
    var source = RandomSource(seed: 1)
    let labels = (0..<100).map { _ in source.integer(below: 2) }
    // Change this: responses such as your experts make, of the one or the other by the label.
    let y = labels.map { source.gaussian(mean: $0 == 0 ? -2 : 4, standardDeviation: 0.7) }
    let expert = try LevelExpert(variance: 0.49, priorVariance: 25)
    var subject = ModelSubject(
      try Block([expert, expert]), rows: try Observations(features: [], responses: [("y", y)]), labels: labels,
      // Change this: draw all parameters from q, and compare with the prior that you mean, written down anew; then give the log density of
      // each row under the draw.
      drawParameters: { block, source in
        let levels = block.experts.map { $0.posterior.sample(using: &source) }
        let divergence = zip(block.experts, levels).reduce(0) { sum, draw in
          let prior = NormalDistribution(mean: 0, variance: 25).logDensity(at: draw.1[0])
          return sum + draw.0.posterior.logDensity(at: draw.1) - prior
        }
        return ParameterDraw(divergence: divergence) { k, rows in
          let normal = NormalDistribution(mean: levels[k][0], variance: block.experts[k].variance)
          return rows.rows.map { normal.logDensity(at: rows.response[$0]) }
        }
      },
      // Change this: move each free parameter by a step.
      variations: [
        Variation("level", isUpdatedLast: true) { block, step in
          let old = block.experts[0].posterior
          block.experts[0].posterior = Gaussian(mean: [old.mean[0] + step], precision: old.precision)
        },
        Variation("precision", isUpdatedLast: true) { block, step in
          let old = block.experts[0].posterior
          block.experts[0].posterior = try Gaussian(mean: old.mean, precision: (1 + step) * old.precision.matrix)
        },
      ])
    // Change this: the unit of each parameter, and the expert for data in other units.
    subject.unitOfParameter = { _ in ParameterUnit(response: 1) }
    subject.inOtherUnits = { _, change in
      let square = change.response * change.response
      return Block(2, try LevelExpert(variance: 0.49 * square, priorVariance: 25 * square))
    }
    return subject
  }

  @Test(arguments: ModelLaw.allCases)
  func keeps(law: ModelLaw) throws { law.check(try subject()) }

  @Test(arguments: PredictiveLaw.allCases)
  func predicts(law: PredictiveLaw) throws { law.check(try PredictiveSubject(predicting: subject())) }
}
