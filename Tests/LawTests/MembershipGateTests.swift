import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Four groups of a hundred rows with weights of their own, under each treatment of the concentration.
enum MembershipGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case one = "concentration 1"
  case unequal = "unequal concentrations"
  case learned = "learned concentration"

  var testDescription: String { rawValue }

  func subject() throws -> GateSubject<MembershipGate> {
    let weights = [[0.6, 0.3, 0.1], [0.1, 0.6, 0.3], [0.3, 0.1, 0.6], [0.4, 0.3, 0.3]]
    let concentration: DirichletGate.Concentration =
      switch self {
      case .one: .same(1)
      case .unequal: .each([3, 0.5, 1])
      case .learned: .learned(within: nil)
      }
    var variations = [(0, 0), (1, 2), (3, 1)].map { group, k in
      Variation<MembershipGate>("weight \(k) of group \(group)", isUpdatedLast: self != .learned) { gate, step in
        var counts = gate.counts
        counts[k * 4 + group] *= 1 + step
        try gate.set(prior: gate.prior, counts: counts)
      }
    }
    if self == .learned {
      variations.append(
        Variation("concentration", isUpdatedLast: true) { gate, step in
          let prior = try Dirichlet(concentration: gate.prior.concentration.map { $0 * (1 + step) })
          try gate.set(prior: prior, counts: gate.counts)
        })
    }
    return try GateSubject(
      MembershipGate(concentration: concentration), named: "MembershipGate, \(rawValue)",
      rows: Observations(
        features: [],
        gateFeatures: [(ColumnSchema("g", .category(levels: ["a", "b", "c", "d"])), (0..<400).map { Double($0 % 4) })],
        responses: [("y", Array(repeating: 0, count: 400))]),
      trueWeights: (0..<400).map { weights[$0 % 4] },
      drawParameters: { gate, source in
        let draws = gate.concentrations.map { source.dirichlet(concentration: $0) }
        let prior: [Double] =
          switch self {
          case .one: [1, 1, 1]
          case .unequal: [3, 0.5, 1]
          case .learned: gate.prior.concentration
          }
        let divergence = zip(draws, gate.concentrations).reduce(0) {
          $0 + logDirichlet($1.0, $1.1) - logDirichlet($1.0, prior)
        }
        return WeightsDraw(divergence: divergence) { tile in
          tile.rows.map { draws[Int(tile.gateFeatures[$0])].map { log($0) } }
        }
      }, variations: variations)
  }
}

@Suite struct MembershipGateLawTests {
  @Test(arguments: MembershipGateCase.allCases, GateLaw.allCases)
  func keeps(kind: MembershipGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
