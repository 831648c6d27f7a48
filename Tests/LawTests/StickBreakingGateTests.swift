import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Sticks with each treatment of the concentration.
enum StickBreakingGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case small = "concentration 0.3"
  case large = "concentration 4"
  case gamma = "a distribution of the concentration"

  var testDescription: String { rawValue }

  func gate() throws -> StickBreakingGate {
    switch self {
    case .small: try StickBreakingGate(concentration: .fixed(0.3))
    case .large: try StickBreakingGate(concentration: .fixed(4))
    case .gamma: try StickBreakingGate(concentration: .gamma(shape: 2, rate: 1.5))
    }
  }

  func subject() throws -> GateSubject<StickBreakingGate> {
    var subject = try GateSubject(
      gate(), named: "StickBreakingGate, \(rawValue)", rows: try constantRows(count: 300),
      trueWeights: Array(repeating: [0.1, 0.6, 0.3], count: 300),
      drawParameters: { gate, source in
        var (divergence, concentration) = (0.0, self == .small ? 0.3 : 4)
        if let q = gate.concentrationPosterior {
          concentration = q.sample(using: &source)
          divergence += try q.logDensity(at: concentration) - Gamma(shape: 2, rate: 1.5).logDensity(at: concentration)
        }
        var weights = [0.0, 0, 0]
        var left = 0.0
        for (expert, fraction) in zip(gate.order, gate.fractions) {
          let v = fraction.sample(using: &source)
          weights[expert] = left + log(v[0])
          left += log(v[1])
          // Beta(1, α).
          divergence += fraction.logDensity(at: v) - log(concentration) - (concentration - 1) * log(v[1])
        }
        weights[gate.order[2]] = left
        return WeightsDraw(divergence: divergence) { [weights] tile in tile.rows.map { _ in weights } }
      },
      variations: Self.variations + (self == .gamma ? Self.variationsOfConcentration : []))
    if self == .gamma {
      subject.exceptions[.divergence] = .absent(
        reason:
          "fractions and concentration depend on each other under the prior, so no product of distributions equals it")
    }
    return subject
  }

  /// Both concentrations of each fraction.
  private static let variations = (0..<2).flatMap { stick in
    (0..<2).map { side in
      Variation<StickBreakingGate>("fraction \(stick), concentration \(side)", isUpdatedLast: true) {
        var concentration = $0.fractions[stick].concentration
        concentration[side] *= 1 + $1
        $0.fractions[stick] = try Dirichlet(concentration: concentration)
      }
    }
  }

  private static let variationsOfConcentration: [Variation<StickBreakingGate>] = [
    Variation("shape") { gate, step in
      let distribution = try #require(gate.concentrationPosterior)
      gate.concentrationPosterior = try Gamma(shape: distribution.shape * (1 + step), rate: distribution.rate)
    },
    Variation("rate") { gate, step in
      let distribution = try #require(gate.concentrationPosterior)
      gate.concentrationPosterior = try Gamma(shape: distribution.shape, rate: distribution.rate * (1 + step))
    },
  ]
}

@Suite struct StickBreakingGateLawTests {
  @Test(arguments: StickBreakingGateCase.allCases, GateLaw.allCases)
  func keeps(kind: StickBreakingGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
