import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Four groups of a hundred rows with weights of their own, under each treatment of the concentration and each coding of the groups.
enum MembershipGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case one = "concentration 1"
  case unequal = "unequal concentrations"
  case learned = "learned concentration"
  case fullCoding = "a column for each group"

  var testDescription: String { rawValue }

  func subject() throws -> GateSubject<MembershipGate> {
    let weights = [[0.6, 0.3, 0.1], [0.1, 0.6, 0.3], [0.3, 0.1, 0.6], [0.4, 0.3, 0.3]]
    let first = self == .fullCoding ? 0 : 1
    let columns = (first..<4).map { g in ("g\(g)", (0..<400).map { $0 % 4 == g ? 1.0 : 0 }) }
    let concentration: DirichletGate.Concentration =
      switch self {
      case .one, .fullCoding: .same(1)
      case .unequal: .each([3, 0.5, 1])
      case .learned: .learned(within: nil)
      }
    var variations = [(0, 0), (1, 2), (3, 1)].map { group, k in
      Variation<MembershipGate>("weight \(k) of group \(group)", isUpdatedLast: self != .learned) { gate, step in
        var concentration = gate.posteriors[group].concentration
        concentration[k] *= 1 + step
        var posteriors = gate.posteriors
        posteriors[group] = try Dirichlet(concentration: concentration)
        gate.set(prior: gate.prior, posteriors: posteriors)
      }
    }
    if self == .learned {
      variations.append(
        Variation("concentration", isUpdatedLast: true) { gate, step in
          let prior = try Dirichlet(concentration: gate.prior.concentration.map { $0 * (1 + step) })
          gate.set(prior: prior, posteriors: gate.posteriors)
        })
    }
    return try GateSubject(
      MembershipGate(concentration: concentration), named: "MembershipGate, \(rawValue)",
      rows: Observations(
        features: [], gateFeatures: columns, responses: [("y", Array(repeating: 0, count: 400))],
        gateHasIntercept: first == 1),
      trueWeights: (0..<400).map { weights[$0 % 4] },
      drawLogWeights: { gate, tile, source in
        let laws = gate.posteriors.map { $0.sample(using: &source).map { log($0) } }
        return tile.rows.map { i in
          laws[(first..<4).first { tile.gateFeatures[($0 - first) * tile.capacity + i] == 1 } ?? 0]
        }
      }, variations: variations)
  }
}

@Suite struct MembershipGateLawTests {
  @Test(arguments: MembershipGateCase.allCases, GateLaw.allCases)
  func keeps(kind: MembershipGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
