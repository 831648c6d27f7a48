import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Perceptrons of one and two hidden layers, with each activation, with and without biases and penalty.
enum PerceptronGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case sigmoid = "sigmoid"
  case tanh = "tanh"
  case relu = "relu"
  case twoLayers = "two layers"
  case withoutBiases = "without biases"
  case withoutPenalty = "without penalty"

  var testDescription: String { rawValue }

  /// Two steps an update: many steps without restart amplify the rounding by which relabelled sums differ.
  func gate() throws -> PerceptronGate {
    switch self {
    case .sigmoid: try PerceptronGate(hiddenUnits: [3], activation: .sigmoid, innerSteps: 2)
    case .tanh: try PerceptronGate(hiddenUnits: [3], innerSteps: 2)
    case .relu: try PerceptronGate(hiddenUnits: [5], activation: .relu, innerSteps: 2)
    case .twoLayers: try PerceptronGate(hiddenUnits: [4, 3], innerSteps: 2)
    case .withoutBiases: try PerceptronGate(hiddenUnits: [4], hasBiases: false, innerSteps: 2)
    case .withoutPenalty: try PerceptronGate(hiddenUnits: [2], penalty: 0, innerSteps: 2)
    }
  }

  /// The softmax of odd functions of two features, such as every one of the networks can have, near enough.
  func subject() throws -> GateSubject<PerceptronGate> {
    var source = RandomSource(seed: 7)
    let (x1, x2) = ((0..<400).map { _ in source.gaussian() }, (0..<400).map { _ in source.gaussian() })
    let weights = zip(x1, x2).map { x1, x2 in
      let scores = [exp(1.5 * x1), exp(-Foundation.tanh(x1 + x2)), exp(x2)]
      return scores.map { $0 / scores.reduce(0, +) }
    }
    let rows = try Observations(
      features: [], gateFeatures: [("z1", x1.map { 3 * $0 }), ("z2", x2.map { 0.1 * $0 })],
      responses: [("y", x1)])
    var subject = try GateSubject(
      gate(), named: "PerceptronGate, \(rawValue)", rows: rows, trueWeights: weights,
      drawParameters: { gate, _ in
        // −ln N(0, I / λ) of points, where there is a penalty.
        let prior = gate.parameters.reduce(0) {
          $0 + NormalDistribution(mean: 0, variance: 1 / gate.penalty).logDensity(at: $1)
        }
        return WeightsDraw(divergence: self == .withoutPenalty ? 0 : -prior) { gate.predictiveLogWeights($0) }
      })
    subject.exceptions[.stationary] = .inequality(
      reason: "an update makes as many steps of an iterative search as it was given, towards one of many local maxima")
    subject.exceptions[.divergence] = .absent(
      reason: "a point takes minus its log prior density from the ELBO, of either sign")
    if self == .relu {
      subject.exceptions[.derivatives] = .absent(reason: "a rectified unit has no derivative where it turns on")
    }
    subject.unitOfParameter = slopes(of: ["z1", "z2"])
    return subject
  }
}

@Suite struct PerceptronGateLawTests {
  @Test(arguments: PerceptronGateCase.allCases, GateLaw.allCases)
  func keeps(kind: PerceptronGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}
