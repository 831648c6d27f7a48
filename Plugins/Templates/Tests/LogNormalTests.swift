import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Templates

/// A factor, others of its family, and draws from a known distribution, through the laws.
@Suite struct LogNormalTests {
  func subject() -> FactorSubject<LogNormal> {
    FactorSubject(
      // Change this: a distribution of your family, and two others.
      LogNormal(meanLog: 0.5, varianceLog: 0.16),
      priors: [LogNormal(meanLog: 0, varianceLog: 1), LogNormal(meanLog: 0.7, varianceLog: 0.1)],
      // Change this: a draw from a distribution whose tails are no lighter, and its log density there, worked out without your factor.
      knownDraw: { source in
        // ln x has the logistic distribution of median 0.5 and scale 0.3: its tails are exponential, not normal.
        let z = -log(1 / (1 - source.uniform()) - 1)
        let logarithm = 0.5 + 0.3 * z
        return (exp(logarithm), -z - 2 * log(1 + exp(-z)) - log(0.3) - logarithm)
      })
  }

  @Test(arguments: FactorLaw.allCases)
  func keeps(law: FactorLaw) { law.check(subject()) }
}
