import Foundation
import GSL
import MixtureCore

/// A factor that is held to the laws, with other distributions of its family and a known distribution of the same values.
public struct FactorSubject<Factor: VariationalFactor>: LawSubject {
  /// A draw from a known distribution g, and ln g there.
  public typealias KnownDraw = @Sendable (inout RandomSource) -> (value: Factor.Value, logDensity: Double)

  /// What the factor is called in messages.
  public var name: String
  /// The factor.
  public var factor: Factor
  /// Distributions p of its family, for its divergence from them.
  public var priors: [Factor]
  /// The numbers that a value consists of.
  public var coordinates: @Sendable (Factor.Value) -> [Double]
  /// Draws from a known distribution whose tails are no lighter than the factor's, so that q / g is bounded; the nearer to
  /// the factor, the sharper ``FactorLaw/normalisation`` and ``FactorLaw/samples``.
  public var knownDraw: KnownDraw?
  /// The laws that the factor does not keep, with the reasons.
  public var exceptions: [FactorLaw: LawException]

  /// A factor with other distributions. Without a known distribution, the laws that need it must be declared absent.
  public init(
    _ factor: Factor, named name: String = String(describing: Factor.self), priors: [Factor],
    coordinates: @escaping @Sendable (Factor.Value) -> [Double], knownDraw: KnownDraw? = nil,
    exceptions: [FactorLaw: LawException] = [:]
  ) {
    self.name = name
    self.factor = factor
    self.priors = priors
    self.coordinates = coordinates
    self.knownDraw = knownDraw
    self.exceptions = exceptions
  }

  /// How the factor violates `law`; empty if it does not.
  public func violations(of law: FactorLaw, isInequality: Bool) throws -> [String] {
    switch law {
    case .divergence: return divergence()
    case .entropy: return mean("−ln q", drawn(seed: 31).map { -factor.logDensity(at: $0) }, factor.entropy)
    case .relativeEntropy:
      let values = drawn(seed: 32)
      return priors.flatMap { prior in
        mean(
          "ln q − ln p", values.map { factor.logDensity(at: $0) - prior.logDensity(at: $0) },
          factor.divergence(from: prior), tests: priors.count)
      }
    case .normalisation:
      return try weighted(seed: 33) { mean("q / g", $0.map(\.weight), 1) }
    case .samples: return try weighted(seed: 34, samples)
    case .mean:
      let values = drawn(seed: 36).map(coordinates)
      return coordinates(factor.mean).enumerated().flatMap { j, expected in
        mean("coordinate \(j)", values.map { $0[j] }, expected, tests: values[0].count)
      }
    case .jsonRoundTrip:
      let values = drawn(seed: 37).prefix(10)
      return try roundTripViolations(factor) { factor in
        coordinates(factor.mean) + [factor.entropy] + values.map { factor.logDensity(at: $0) }
          + priors.map { factor.divergence(from: $0) }
      }
    }
  }
}

extension FactorSubject where Factor.Value == Double {
  /// A factor of one number.
  public init(
    _ factor: Factor, named name: String = String(describing: Factor.self), priors: [Factor], knownDraw: KnownDraw? = nil,
    exceptions: [FactorLaw: LawException] = [:]
  ) {
    self.init(
      factor, named: name, priors: priors, coordinates: { [$0] }, knownDraw: knownDraw, exceptions: exceptions)
  }
}

extension FactorSubject where Factor.Value == [Double] {
  /// A factor of several numbers.
  public init(
    _ factor: Factor, named name: String = String(describing: Factor.self), priors: [Factor], knownDraw: KnownDraw? = nil,
    exceptions: [FactorLaw: LawException] = [:]
  ) {
    self.init(factor, named: name, priors: priors, coordinates: { $0 }, knownDraw: knownDraw, exceptions: exceptions)
  }
}

extension FactorSubject {
  /// The draws of each test.
  private var count: Int { 40_000 }

  private func drawn(seed: UInt64) -> [Factor.Value] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in factor.sample(using: &source) }
  }

  private func mean(_ what: String, _ values: [Double], _ expected: Double, tests: Int = 1) -> [String] {
    let sample = Sample(values)
    return sample.hasMean(expected, within: GoodnessOfFit.standardErrors(tests: tests))
      ? [] : ["\(what): expected is \(expected), but the draws are \(sample)"]
  }

  private func divergence() -> [String] {
    let own = factor.divergence(from: factor)
    let others = priors.map { factor.divergence(from: $0) }
    return (abs(own) <= 1e-9 ? [] : ["the divergence from itself is \(own)"])
      + others.filter { !($0 >= 0) }.map { "a divergence from another distribution is \($0)" }
  }

  /// Calls `body` with draws from the known distribution g, as coordinates, and their weights q / g.
  private func weighted(
    seed: UInt64, _ body: ([(coordinates: [Double], weight: Double)]) throws -> [String]
  ) throws -> [String] {
    guard let knownDraw else { return ["the subject has no knownDraw: draws from a known distribution of the same values"] }
    var source = RandomSource(seed: seed)
    return try body(
      (0..<count).map { _ in
        let (value, logDensity) = knownDraw(&source)
        return (coordinates(value), exp(factor.logDensity(at: value) - logDensity))
      })
  }

  /// Means over the factor's samples against means over the known distribution's weighted draws.
  private func samples(_ known: [(coordinates: [Double], weight: Double)]) -> [String] {
    let values = drawn(seed: 35).map(coordinates)
    let pilot = drawn(seed: 38).map(coordinates)
    let dimension = values[0].count
    var functions: [(name: String, value: ([Double]) -> Double)] = []
    for j in 0..<dimension {
      functions.append(("x\(j)", { $0[j] }))
      for i in 0...j { functions.append(("x\(i) x\(j)", { $0[i] * $0[j] })) }
      let sorted = pilot.map { $0[j] }.sorted()
      for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
        let threshold = sorted[Int(share * Double(count))]
        functions.append(("x\(j) ≤ \(threshold)", { $0[j] <= threshold ? 1 : 0 }))
      }
    }
    let errors = GoodnessOfFit.standardErrors(tests: functions.count)
    return functions.compactMap { name, function in
      let (a, b) = (Sample(values.map(function)), Sample(known.map { $0.weight * function($0.coordinates) }))
      let error = (a.standardError * a.standardError + b.standardError * b.standardError).squareRoot()
      let rounding = 1e-12 * max(abs(a.mean), abs(b.mean))
      return abs(a.mean - b.mean) <= errors * error + rounding
        ? nil : "\(name): samples are \(a), by the density \(b)"
    }
  }
}
