import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Templates

/// A gate and rows whose weights it can have, through the laws.
@Suite struct StepGateTests {
  func subject() throws -> GateSubject<StepGate> {
    var source = RandomSource(seed: 2)
    let x = (0..<400).map { _ in source.uniform() }
    var subject = try GateSubject(
      StepGate(threshold: 0.4),
      rows: Observations(features: [("x", x)], responses: [("y", x.map { _ in 0 })]),
      // Change this: weights such as your gate can have, for each row.
      trueWeights: x.map { $0 < 0.4 ? [0.7, 0.2, 0.1] : [0.1, 0.3, 0.6] },
      // Change this: draw all parameters from q, and compare with the prior that you mean, written down anew: here Dir(1, 1, 1) on each side, of
      // density 2; then give ln π of each row under the draw.
      drawParameters: { gate, source in
        let draws = gate.sides.map { $0.sample(using: &source) }
        let divergence = zip(gate.sides, draws).reduce(0) { $0 + $1.0.logDensity(at: $1.1) - log(2) }
        return WeightsDraw(divergence: divergence) { tile in
          (0..<tile.assignmentCount).map { i in
            draws[tile.gateFeatures[i] < gate.threshold ? 0 : 1].map { log($0) }
          }
        }
      },
      // Change this: move each free parameter by a step.
      variations: (0..<2).flatMap { side in
        (0..<3).map { k in
          Variation("concentration \(k) on side \(side)", isUpdatedLast: true) { gate, step in
            var concentration = gate.sides[side].concentration
            concentration[k] *= 1 + step
            gate.sides[side] = try Dirichlet(concentration: concentration)
          }
        }
      })
    // Change this: the gate for data in other units, and, if it tells other parameters than weights, their units.
    subject.inOtherUnits = { _, change in try StepGate(threshold: 0.4 * change.features) }
    return subject
  }

  @Test(arguments: GateLaw.allCases)
  func keeps(law: GateLaw) throws { law.check(try subject()) }
}
