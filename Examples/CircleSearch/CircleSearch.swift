import Mixtures

/// What is known of two circles before their points are seen, and what is made of the other points.
public enum Knowledge: String, CaseIterable, Sendable {
  /// The expert needs no arguments: a flat prior and a random start.
  case nothing = "f1"
  /// The prior means are the expected circles.
  case means = "f2"
  /// They start there, and are coupled: the centres are nearly the same, the radii hardly.
  case coupledMeans = "f3"
  /// As `coupledMeans`; each circle has its own noise, and the gate a penalty.
  case ownNoise = "f3, own noise"
  /// As `ownNoise`; a third expert takes points that belong to no circle.
  case background = "f3, own noise, background"
}

/// Finds two circles among points. A circle is linear in 1, x and y with the response x² + y², so that two circles are a mixture of two
/// linear models, and what is expected of circles is a prior of coefficients (Grabovoy & Strijov 2021).
public struct CircleSearch: Sendable {
  /// The circles that somebody expects.
  public let expected: [Circle]
  /// What is made of the expectation.
  public let knowledge: Knowledge

  /// A search with that knowledge.
  public init(expecting expected: [Circle], _ knowledge: Knowledge) {
    self.expected = expected
    self.knowledge = knowledge
  }

  /// The circles after fifty passes from the start that belongs to the knowledge.
  public func circles(among points: [Point], seed: UInt64) async throws -> [Circle] {
    var options = FitOptions()
    (options.starts, options.maximumIterations, options.threads) = (1, 50, 1)
    let fit = try await model(seed: seed).fit(points.table, from: start(points), seed: seed, options: options)
    return fit.mixture.experts(of: LinearExpert.self).map(Circle.init)
  }

  private func model(seed: UInt64) throws -> Mixture {
    let isNoiseShared = [.nothing, .means, .coupledMeans].contains(knowledge)
    // With one noise for both circles the gate alone can tell the background from them, if nothing holds it back.
    let gate = try PerceptronGate(
      hiddenUnits: [5], activation: .sigmoid, penalty: isNoiseShared ? 0 : 1, innerSteps: isNoiseShared ? 200 : 20,
      seed: seed)
    let expert = LinearExpert(prior: try prior, noise: isNoiseShared ? .shared : .perExpert, standardizes: false)
    return try Mixture("square ~ x + y", gate: gate) {
      Block(2, expert)
      if knowledge == .background { Block(1, BackgroundExpert()) }
    }
  }

  private var prior: any Prior<Gaussian> {
    get throws {
      let means = expected.map(\.coefficients)
      switch knowledge {
      case .nothing: return GaussianPrior(covariance: .flat)
      case .means: return GaussianPrior(covariance: .fixed(variance: 1), mean: .given(means))
      case .coupledMeans, .ownNoise, .background:
        let coupling = try MeanCoupling(matrix: Matrix(diagonal: [1, 0.01, 0.01]))
        return GaussianPrior(covariance: .fixed(variance: 1), mean: .coupled(coupling, startingAt: means))
      }
    }
  }

  /// Who expects circles starts at them: each point belongs to the one nearest in the response or, where there is a background,
  /// to that if it is far from both.
  private func start(_ points: [Point]) throws -> Start {
    guard knowledge != .nothing else { return .recipe(.random) }
    let labels = points.map { point in
      let distances = expected.map { circle in
        let w = circle.coefficients
        return abs(point.x * point.x + point.y * point.y - w[0] - w[1] * point.x - w[2] * point.y)
      }
      if knowledge == .background, distances.allSatisfy({ $0 > Self.reach }) { return expected.count }
      return distances[0] <= distances[1] ? 0 : 1
    }
    return .responsibilities(try ResponsibilityTable(labels: labels, expertCount: knowledge == .background ? 3 : 2))
  }

  /// How far from an expected circle, in the response, a point may be to start there rather than in the background.
  private static let reach = 0.5
}
