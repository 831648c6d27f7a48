import Foundation
import MixtureTestKit
import Mixtures
import Testing

@testable import Gates

/// Constant weights with each treatment of the concentration, the estimates, and a fixed weight.
enum DirichletGateCase: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case one = "concentration 1"
  case unequal = "unequal concentrations"
  case sparse = "concentration 0.1"
  case learned = "learned concentration"
  case fixedWeight = "a fixed weight"
  case maximumLikelihood = "maximum likelihood"
  case maximumAPosteriori = "maximum a posteriori"

  var testDescription: String { rawValue }

  func gate() throws -> DirichletGate {
    switch self {
    case .one: return try DirichletGate()
    case .unequal: return try DirichletGate(concentration: [3, 0.5, 1])
    case .sparse: return try DirichletGate(concentration: 0.1)
    case .learned: return try DirichletGate(learningConcentrationWithin: nil)
    case .fixedWeight:
      var gate = try DirichletGate(concentration: [3, 0.5, 1])
      try gate.fixWeight(ofExpert: 1, at: 0.3)
      return gate
    case .maximumLikelihood: return try DirichletGate(estimate: .maximumLikelihood)
    case .maximumAPosteriori:
      return try DirichletGate(concentration: 2, estimate: .maximumAPosteriori)
    }
  }

  func subject() throws -> GateSubject<DirichletGate> {
    var gate = try gate()
    if gate.expertCount == 0 { try gate.select([nil, nil, nil]) }
    var subject = try GateSubject(
      gate, named: "DirichletGate, \(rawValue)", rows: try constantRows(count: 300),
      trueWeights: Array(repeating: [0.6, 0.3, 0.1], count: 300),
      drawParameters: { gate, source in
        let share = 1 - gate.fixedWeights.values.reduce(0, +)
        let free = gate.point ?? gate.posterior.sample(using: &source)
        var next = free.makeIterator()
        let weights = (0..<3).map { k in log(gate.fixedWeights[k] ?? share * (next.next() ?? .nan)) }
        let ofPosterior = gate.point == nil ? gate.posterior.logDensity(at: free) : 0
        let divergence = self == .maximumLikelihood ? 0 : ofPosterior - self.logPrior(free, gate)
        return WeightsDraw(divergence: divergence) { tile in tile.rows.map { _ in weights } }
      },
      variations: Self.variations(of: gate))
    if self == .maximumAPosteriori {
      subject.exceptions[.divergence] = .absent(
        reason: "a point takes minus its log prior density from the ELBO, of either sign")
    }
    return subject
  }

  /// ln Dir(π | μ) of the free weights; a learned μ is that of the gate.
  private func logPrior(_ weights: [Double], _ gate: DirichletGate) -> Double {
    let concentration: [Double] =
      switch self {
      case .one: [1, 1, 1]
      case .unequal: [3, 0.5, 1]
      case .sparse: [0.1, 0.1, 0.1]
      case .learned: gate.prior.concentration
      case .fixedWeight: [3, 1]
      case .maximumLikelihood, .maximumAPosteriori: [2, 2, 2]
      }
    return logDirichlet(weights, concentration)
  }

  /// The concentrations of q(π), or the ratios of the points; and a learned concentration, which is settled last.
  private static func variations(of gate: DirichletGate) -> [Variation<DirichletGate>] {
    let isLearned = gate.concentration == .learned(within: nil)
    let weights = (0..<(3 - gate.fixedWeights.count)).map { k in
      Variation<DirichletGate>("weight \(k)", isUpdatedLast: !isLearned) {
        if var point = $0.point {
          point[k] *= 1 + $1
          let total = point.reduce(0, +)
          $0.point = point.map { $0 / total }
        } else {
          var concentration = $0.posterior.concentration
          concentration[k] *= 1 + $1
          $0.posterior = try Dirichlet(concentration: concentration)
        }
      }
    }
    let concentration = Variation<DirichletGate>("concentration", isUpdatedLast: true) { gate, step in
      gate.prior = try Dirichlet(concentration: gate.prior.concentration.map { $0 * (1 + step) })
    }
    return weights + (isLearned ? [concentration] : [])
  }
}

@Suite struct DirichletGateLawTests {
  @Test(arguments: DirichletGateCase.allCases, GateLaw.allCases)
  func keeps(kind: DirichletGateCase, law: GateLaw) throws { law.check(try kind.subject()) }
}

/// ln Γ(Σα) − Σ ln Γ(α_k) + Σ (α_k − 1) ln π_k.
func logDirichlet(_ weights: [Double], _ concentration: [Double]) -> Double {
  zip(weights, concentration).reduce(lgamma(concentration.reduce(0, +))) { $0 - lgamma($1.1) + ($1.1 - 1) * log($1.0) }
}
