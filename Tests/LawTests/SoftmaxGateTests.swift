import Foundation
import GSL
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Softmax gates with each estimate.
enum SoftmaxGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case variational, strong, maximumAPosteriori, maximumLikelihood

  var testDescription: String { rawValue }

  func gate() throws -> SoftmaxGate {
    switch self {
    case .variational: try SoftmaxGate()
    case .strong: try SoftmaxGate(penalty: 7.5)
    case .maximumAPosteriori: try SoftmaxGate(estimate: .maximumAPosteriori)
    case .maximumLikelihood: try SoftmaxGate(estimate: .maximumLikelihood)
    }
  }

  func subject(experts: Int, weightsSeed: UInt64 = 3) throws -> GateSubject<SoftmaxGate> {
    var source = RandomSource(seed: weightsSeed)
    let count = 300
    let x = (0..<count).map { _ in 3 + 2 * source.gaussian() }
    let z = (0..<count).map { _ in source.gaussian() }
    // Böhning's steps are slow where an expert is rare, so that many experts get more equal weights.
    let spread = experts > 10 ? 0.4 : 1.0
    let coefficients = (0..<experts).map { _ in (0..<3).map { _ in source.gaussian(standardDeviation: spread) } }
    let weights = zip(x, z).map { x, z in
      let odds = coefficients.map { exp($0[0] + $0[1] * (x - 3) / 2 + $0[2] * z) }
      return odds.map { $0 / odds.reduce(0, +) }
    }
    let rows = try Observations(
      features: [("u", x)], gateFeatures: [("x", x), ("z", z)], responses: [("y", x)])
    var subject = try GateSubject(
      gate(), named: "SoftmaxGate, \(rawValue), \(experts) experts", rows: rows, trueWeights: weights,
      drawParameters: { gate, source in try gate.draw(&source, penalty: self == .strong ? 7.5 : 1) },
      variations: Self.variations(experts: experts))
    if self == .variational || self == .strong {
      subject.exceptions[.predictiveMeans] = .absent(
        reason: "the mean of a softmax of normal values has no closed form, and flattened predictors stand for it")
      subject.exceptions[.expectedLogWeights] = .inequality(reason: "E ln π is bounded by Böhning's quadratic function")
    }
    if self == .maximumAPosteriori {
      subject.exceptions[.divergence] = .absent(
        reason: "a point takes minus its log prior density from the ELBO, of either sign")
    }
    subject.unitOfParameter = slopes(of: ["x", "z"])
    return subject
  }

  /// Each coefficient of two experts against each other, so that the columns' sum, which nothing determines, stays.
  private static func variations(experts: Int) -> [Variation<SoftmaxGate>] {
    (1..<experts).flatMap { k in
      (0..<3).map { j in
        Variation("coefficient \(j) of expert \(k)", step: 1e-2) {
          $0.node.coefficients[3 * k + j] += $1
          $0.node.coefficients[j] -= $1
        }
      }
    }
  }
}

extension SoftmaxGate {
  /// ln softmax(Vᵀx) with V drawn from its distribution: columns N(m_k, C), whose sum does not matter. The prior of each of the K − 1
  /// contrasts is N(0, I / λ).
  fileprivate func draw(_ source: inout RandomSource, penalty: Double) throws -> WeightsDraw {
    let means = (0..<expertCount).map(node.column)
    let deviations = means.map { mean in spread?.sample(using: &source) ?? mean.map { _ in 0 } }
    var divergence = 0.0
    if estimate != .maximumLikelihood {
      divergence += 0.5 * penalty * means.joined().reduce(0) { $0 + $1 * $1 }
    }
    if let spread {
      for deviation in deviations.dropLast() {
        divergence += spread.logDensity(at: deviation)
        for value in deviation { divergence -= NormalDistribution(mean: 0, variance: 1 / penalty).logDensity(at: value) }
      }
    } else if estimate == .maximumAPosteriori {
      divergence += 0.5 * Double(means.joined().count) * log(2 * .pi / penalty)
    }
    let columns = zip(means, deviations).map { zip($0, $1).map(+) }
    let (centres, scales) = (standardization.centres, standardization.scales)
    return WeightsDraw(divergence: divergence) { tile in
      (0..<tile.assignmentCount).map { i in
        let x = [1] + centres.indices.map { (tile.gateFeatures[$0 * tile.capacity + i] - centres[$0]) / scales[$0] }
        let predictors = columns.map { dot($0, x) }
        let sum = logSumOfExponentials(predictors)
        return predictors.map { $0 - sum }
      }
    }
  }
}

@Suite struct SoftmaxGateLawTests {
  @Test(arguments: SoftmaxGateCase.allCases, GateLaw.allCases)
  func keepsWithTwoExperts(kind: SoftmaxGateCase, law: GateLaw) throws { law.check(try kind.subject(experts: 2)) }

  @Test(arguments: SoftmaxGateCase.allCases, GateLaw.allCases)
  func keepsWithThreeExperts(kind: SoftmaxGateCase, law: GateLaw) throws { law.check(try kind.subject(experts: 3)) }

  /// So many that the update is Böhning's step.
  @Test(arguments: SoftmaxGateCase.allCases, GateLaw.allCases)
  func keepsWithElevenExperts(kind: SoftmaxGateCase, law: GateLaw) throws { law.check(try kind.subject(experts: 11)) }
}
