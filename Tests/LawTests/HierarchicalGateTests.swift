import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Trees over three or four experts whose weights depend on two features.
enum HierarchicalGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case one = "one branch"
  case lopsided = "a branch below a branch, experts out of order"
  case binary = "two by two"
  case unpenalised = "no penalty"
  case withoutIntercept = "no intercept"
  case intercept = "nothing but an intercept"

  var testDescription: String { rawValue }

  var tree: String {
    switch self {
    case .one, .intercept: "(1,2,3)"
    case .lopsided, .unpenalised: "((1,3),2)"
    case .binary, .withoutIntercept: "2x2"
    }
  }

  func subject() throws -> GateSubject<HierarchicalGate> {
    var source = RandomSource(seed: 32)
    let columns = (0..<2).map { _ in (0..<400).map { _ in source.gaussian() } }
    let tree = try ExpertTree(tree)
    let isConstant = self == .intercept
    let hasIntercept = self != .withoutIntercept
    let trueWeights = (0..<400).map { i in
      var weights = [Double](repeating: 1, count: tree.experts.count)
      for (b, children) in tree.branches.enumerated() {
        let odds = children.indices.map { c in
          exp(
            Double(c)
              * ((hasIntercept ? 0.4 : 0) + (isConstant ? 0 : 1.2 * columns[b % 2][i] - 0.5 * columns[1 - b % 2][i])))
        }
        for (c, experts) in children.enumerated() { for k in experts { weights[k] *= odds[c] / odds.reduce(0, +) } }
      }
      return weights
    }
    let names = isConstant ? [] : ["z1", "z2"]
    var subject = try GateSubject(
      HierarchicalGate(tree, penalty: self == .unpenalised ? 0 : 1), named: "HierarchicalGate, \(rawValue)",
      rows: Observations(
        features: [], gateFeatures: zip(names, columns).map { (ColumnSchema($0), $1) }, responses: [("y", columns[0])],
        gateHasIntercept: hasIntercept),
      trueWeights: trueWeights,
      drawParameters: { gate, _ in
        // ½ ‖M‖² of points, which are not normalised.
        let squares = gate.nodes.flatMap(\.coefficients).reduce(0) { $0 + $1 * $1 }
        return WeightsDraw(divergence: self == .unpenalised ? 0 : 0.5 * squares) { gate.predictiveLogWeights($0) }
      }, variations: variations(of: tree))
    subject.unitOfParameter = slopes(of: names)
    return subject
  }

  /// Each coefficient of the first two children of each branch.
  private func variations(of tree: ExpertTree) -> [Variation<HierarchicalGate>] {
    let dimension = (self == .withoutIntercept ? 0 : 1) + (self == .intercept ? 0 : 2)
    return tree.branches.indices.flatMap { node in
      (0..<(2 * dimension)).map { j in
        Variation("coefficient \(j) of branch \(node)", step: 1e-2) { $0.nodes[node].coefficients[j] += $1 }
      }
    }
  }
}

@Suite struct HierarchicalGateLawTests {
  @Test(arguments: HierarchicalGateCase.allCases, GateLaw.allCases)
  func keeps(kind: HierarchicalGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
