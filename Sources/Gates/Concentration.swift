import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

extension DirichletGate {
  /// How the prior's concentration μ is found.
  public enum Concentration: Sendable, Codable, Equatable {
    /// Given, the same for all experts.
    case same(Double)
    /// Given, one for each expert.
    case each([Double])
    /// One value for all experts, learned within the bounds; nil stands for 10⁻³ … the number of assignments.
    case learned(within: ClosedRange<Double>?)
  }
}

extension DirichletGate.Concentration {
  /// Refuses numbers that are no concentrations.
  ///
  /// - Throws: `ArgumentError` unless all are in `Dirichlet.range`.
  func validate(of part: Any.Type = DirichletGate.self) throws {
    let values =
      switch self {
      case .same(let value): [value]
      case .each(let values): values
      case .learned(let bounds): bounds.map { [$0.lowerBound, $0.upperBound] } ?? []
      }
    let range = Dirichlet.range
    guard !values.isEmpty || isLearned, values.allSatisfy(range.contains) else {
      let value = values.count == 1 ? "\(values[0])" : "\(values)"
      throw ArgumentError(
        part, argument: "concentration", value: value,
        need: "above 0, from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private var isLearned: Bool { if case .learned = self { true } else { false } }

  /// Goes over to other experts, as `Gate.select(_:)`. Where none stays, what was said of experts by their numbers is said of
  /// the new ones.
  ///
  /// - Throws: `MixtureError` where μ was given expert by expert, and a new one has none, or for another number of experts.
  mutating func select(_ experts: [Int?]) throws {
    guard case .each(let values) = self else { return }
    let isComposing = experts.allSatisfy { $0 == nil }
    let kept = isComposing ? Array(experts.indices) : experts.compactMap(\.self)
    guard kept.count == experts.count else {
      throw MixtureError.refused(
        "a new expert has no concentration: the gate was given one for each of \(values.count) experts; take another gate")
    }
    guard !isComposing || values.count == experts.count else {
      throw MixtureError.gateMismatch(gate: values.count, experts: experts.count)
    }
    self = .each(kept.map { values[$0] })
  }

  /// How μ is found, in words.
  var words: String {
    switch self {
    case .same(let value): String(format: "%g", value)
    case .each(let values): values.map { String(format: "%g", $0) }.joined(separator: ", ")
    case .learned: "learned"
    }
  }

  /// Between which values a learned μ is sought, given the number of assignments; nil if it is given.
  func bounds(assignmentCount: Int) -> ClosedRange<Double>? {
    guard case .learned(let given) = self else { return nil }
    return given ?? 1e-3...max(Double(assignmentCount), 1)
  }

  /// A learned μ, which the prior has for each expert; nothing if it is given.
  func parameters(for prior: Dirichlet) -> [ParameterEstimate] {
    guard case .learned = self else { return [] }
    return [ParameterEstimate("concentration", value: prior.concentration[0])]
  }

  /// The distribution of the weights of some experts with which a fit starts; a learned μ starts where it was, or at one or the nearest bound.
  ///
  /// - Throws: `ArgumentError` unless there is an expert.
  func distribution(of experts: [Int], learned known: Double? = nil) throws -> Dirichlet {
    switch self {
    case .same(let value): return try Dirichlet(concentration: experts.map { _ in value })
    case .each(let values): return try Dirichlet(concentration: experts.map { values[$0] })
    case .learned(let bounds):
      let start = known ?? bounds.map { min(max(1, $0.lowerBound), $0.upperBound) } ?? 1
      return try Dirichlet(concentration: experts.map { _ in start })
    }
  }
}
