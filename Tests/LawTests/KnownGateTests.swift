import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// What may be known of the rows of three experts with the weights 0.6, 0.3 and 0.1.
enum KnownGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case hints = "hints over constant weights"
  case labels = "labels of some rows, over constant weights"
  case hintsOverTree = "hints over a tree that sees a feature"
  case weights = "nothing but weights"

  var testDescription: String { rawValue }

  func subject() throws -> GateSubject<KnownGate> {
    PartRegistry.registerBuiltInParts()
    var source = RandomSource(seed: 31)
    let prior = [0.6, 0.3, 0.1]
    let z = (0..<400).map { _ in source.gaussian() }
    let known = (0..<400).map { i -> [Double] in
      let label = source.categorical(weights: prior)
      if self == .labels { return (0..<3).map { i % 2 == 0 && $0 == label ? 1 : 0 } }
      // A witness who is right four times of five.
      let told = source.categorical(weights: (0..<3).map { $0 == label ? 0.8 : 0.1 })
      return (0..<3).map { $0 == told ? 0.8 : 0.1 }
    }
    let isBlank = known.map { $0.allSatisfy { $0 == 0 } }
    let trueWeights = known.indices.map { i in
      let shares = (0..<3).map { k in (self == .weights ? 1 : prior[k]) * (isBlank[i] ? 1 : known[i][k]) }
      return shares.map { $0 / shares.reduce(0, +) }
    }
    let features: [(column: ColumnSchema, values: [Double])] =
      (self == .hintsOverTree ? [(ColumnSchema("z"), z)] : [])
      + (0..<3).map { k in (ColumnSchema("w\(k + 1)"), known.map { $0[k] }) }
    let rows = try Observations(features: [], gateFeatures: features, responses: [("y", z)])
    let base: (any Gate)? =
      switch self {
      case .hints, .labels: try DirichletGate()
      case .hintsOverTree: try HierarchicalGate()
      case .weights: nil
      }
    var subject = try GateSubject(
      KnownGate(["w1", "w2", "w3"], of: base), named: "KnownGate, \(rawValue)", rows: rows, trueWeights: trueWeights,
      drawParameters: { try Self.draw($0, into: &$1) }, variations: variations)
    if self == .labels {
      let reason =
        "the kit gives each expert a share of each row, also of rows known to be another's: the ELBO has no value"
      subject.exceptions[.stationary] = .absent(reason: reason)
      subject.exceptions[.updateNeverLowers] = .absent(reason: reason)
      subject.exceptions[.predictiveWeights] = .absent(reason: "a known label leaves the other experts no weight")
      subject.exceptions[.scoresBelowPredictive] = .absent(
        reason: "of experts without weight both logarithms are minus infinity, one as a number, the other underflowing")
    }
    subject.exceptions[.predictiveMeans] = .absent(
      reason: "draws are of the product of hints and weights, whose sum is not one")
    subject.exceptions[.units] = .absent(reason: "what is known has no unit: multiplied, it is not what is known")
    if self == .weights {
      subject.exceptions[.stationary] = .absent(reason: "nothing is estimated")
    }
    if self == .hintsOverTree {
      subject.exceptions[.recovery] = .absent(
        reason: "the kit takes labels for granted, and given those the tree learns what the hints say too")
    }
    return subject
  }

  /// ln a_ik + ln π_k under a draw of π from its Dirichlet distribution, whose prior is flat; without it the logarithms of the weights.
  private static func draw(_ gate: KnownGate, into source: inout RandomSource) throws -> WeightsDraw {
    guard let dirichlet = gate.base as? DirichletGate else {
      let tree = (gate.base as? HierarchicalGate)?.nodes.flatMap(\.coefficients).reduce(0) { $0 + $1 * $1 }
      return WeightsDraw(divergence: 0.5 * (tree ?? 0)) { tile in
        var scores = [Double](repeating: 0, count: 3 * tile.capacity)
        withMutableSpan(of: &scores) { gate.expectedLogWeights(tile, into: &$0) }
        return tile.rows.map { i in (0..<3).map { scores[$0 * tile.capacity + i] } }
      }
    }
    let weights = dirichlet.posterior.sample(using: &source)
    let divergence = dirichlet.posterior.logDensity(at: weights) - logDirichlet(weights, [1, 1, 1])
    return WeightsDraw(divergence: divergence) { tile in
      let first = tile.gateFeatures.count / tile.capacity - 3
      return tile.rows.map { i in
        let known = (0..<3).map { tile.gateFeatures[(first + $0) * tile.capacity + i] }
        let largest = known.max() ?? 0
        return (0..<3).map { k in
          let factor = largest > 0 ? known[k] / largest : 1
          return (factor > 0 ? log(factor) : -1e100) + log(weights[k])
        }
      }
    }
  }

  private var variations: [Variation<KnownGate>] {
    switch self {
    case .labels, .weights: []
    case .hints:
      (0..<3).map { k in
        Variation("weight \(k)", isUpdatedLast: true) { gate, step in
          guard var base = gate.base as? DirichletGate else { return }
          var concentration = base.posterior.concentration
          concentration[k] *= 1 + step
          base.posterior = try Dirichlet(concentration: concentration)
          gate.base = base
        }
      }
    case .hintsOverTree:
      (0..<4).map { j in
        Variation("coefficient \(j)", step: 1e-2) { gate, step in
          guard var base = gate.base as? HierarchicalGate else { return }
          base.nodes[0].coefficients[j] += step
          gate.base = base
        }
      }
    }
  }
}

@Suite struct KnownGateLawTests {
  @Test(arguments: KnownGateCase.allCases, GateLaw.allCases)
  func keeps(kind: KnownGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
