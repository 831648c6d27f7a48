import MixtureTestKit
import Mixtures
import Testing

@testable import Templates

/// A prior and posteriors of three experts, through the laws.
@Suite struct SmoothPriorTests {
  func subject() throws -> PriorSubject<SmoothPrior> {
    // Change this: posteriors of the dimension that your prior is for, all different.
    let posteriors = try [[1, 2, 4], [0, -1, 1.0], [3, 3, 2]].map { mean in
      try Gaussian(mean: mean, precision: Matrix(diagonal: [2, 1 + abs(mean[0]), 0.5]))
    }
    return PriorSubject(
      SmoothPrior(), setting: PriorSetting(expertCount: 3, names: ["x1", "x2", "x3"], typicalVariance: 2),
      posteriors: posteriors,
      // Change this: move each learned parameter by a step.
      variations: [Variation("strength", isUpdatedLast: true) { $0.strength *= 1 + $1 }])
  }

  @Test(arguments: PriorLaw.allCases)
  func keeps(law: PriorLaw) throws { law.check(try subject()) }
}
