import Mixtures
import Testing

/// Over every gate × prior × noise, plain and accelerated: the ELBOs of passes that are kept never fall. Gates that need columns of
/// their own have the same test beside their others.
@Suite struct GateBoundTests {
  enum Kind: CaseIterable, Sendable {
    case softmax, penalizedSoftmax, softmaxLaw, perceptron, gaussian, stickBreaking

    func gate() throws -> any Gate {
      var gate: any Gate =
        switch self {
        case .softmax: try SoftmaxGate(estimate: .maximumLikelihood)
        case .penalizedSoftmax: try SoftmaxGate(penalty: 0.5, estimate: .maximumAPosteriori)
        case .softmaxLaw: try SoftmaxGate()
        case .perceptron: try PerceptronGate(hiddenUnits: [3], penalty: 0.1, innerSteps: 4)
        case .gaussian: try GaussianGate()
        case .stickBreaking: try StickBreakingGate()
        }
      try gate.select([nil, nil, nil])
      return gate
    }
  }

  @Test(arguments: allNoises, Kind.allCases)
  func neverFalls(noise: LinearNoise, kind: Kind) throws {
    let rows = try LinearTruth(rows: 60, features: 2, experts: 3, noise: 0.5, seed: 22).observations()
    try expectBoundNeverFalls(kind.gate(), rows, noise: noise)
  }
}
