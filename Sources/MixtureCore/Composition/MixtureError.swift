import GSL

/// Why a mixture cannot be composed or fitted.
public enum MixtureError: DescribedError {
  /// There is no expert.
  case noExperts
  /// The gate is for another number of experts.
  case gateMismatch(gate: Int, experts: Int)
  /// Experts have densities of a response that are relative to different measures, so that no row can be weighed between them.
  case differentMeasures(of: String, Measure, expert: String, other: Measure, otherExpert: String)
  /// An expert of a block, counted from one, is to be fitted on other terms than the first, though experts of a block share them.
  case differentTerms(model: String, expert: Int, terms: [PartTerm], first: [PartTerm])
  /// The ELBO fell in an iteration; the replay found which part's update did it. In the package's own parts it is rounding that has taken
  /// over, and the start ends; in others the formulas are wrong.
  case elboDecreased(part: String, iteration: Int, from: Double, to: Double, isRounding: Bool)
  /// The ELBO is not a number; `part` is the first whose term is not.
  case notFinite(part: String, iteration: Int)
  /// A part failed.
  case partFailed(part: String, iteration: Int, reason: String)
  /// Every start failed, `failures` of `count` for a reason of this kind, which is that of most.
  case allStartsFailed(reason: String, failures: Int, count: Int)
  /// A given start makes two experts of one block equal, and experts that start equal stay equal; numbers from zero.
  case symmetricStart(first: Int, second: Int)
  /// The model asked for has no maximum or no meaning.
  case refused(String)
  /// The experts of this type cannot predict.
  case noPrediction(model: String)
  /// There is no expert of that name.
  case noExpert(name: String, among: [String])

  /// What is wrong, with the part, the iteration and the numbers concerned.
  public var description: String { text.shortened }

  private var text: String {
    switch self {
    case .noExperts: "a mixture needs at least one expert"
    case .gateMismatch(let gate, let experts): "the gate has \(Self.experts(gate)), the mixture \(experts): make them equal"
    case .differentMeasures(let response, let first, let expert, let second, let other):
      "\(expert) has \(first.densities(of: response)), but \(other) has \(second.densities(of: response)), and the two cannot be compared: "
        + "take experts that all have the one or the other"
    case .differentTerms(let model, let expert, let terms, let first):
      "\(model) \(expert) of a block has \(Self.difference(terms, first)); experts of a block share their terms, "
        + "so give it a block of its own"
    case .elboDecreased(let part, let iteration, let from, let to, let isRounding):
      "iteration \(iteration): "
        + (isRounding
          ? "rounding outweighed what the update of \(part) gained: the ELBO fell from \(from) to \(to); columns may be of very "
            + "different sizes, or far from zero for how little they vary: subtract their means, or divide them"
          : "the update of \(part) lowered the ELBO from \(from) to \(to); its formulas are wrong")
    case .notFinite(let part, let iteration):
      "iteration \(iteration): the term of \(part) in the ELBO is not a number; its priors, or some rows, may be on a very different scale "
        + "than the others"
    case .partFailed(let part, let iteration, let reason):
      "iteration \(iteration): \(part) could not be updated: \(reason)"
    case .allStartsFailed(let reason, let failures, let count):
      count == 1
        ? "the start failed: \(reason)"
        : "all \(count) starts failed" + (failures == count ? ": " : ", \(failures) of them for this reason: ") + reason
    case .symmetricStart(let first, let second):
      "experts \(first + 1) and \(second + 1) start equal, and experts that start equal stay equal: give them different rows"
    case .refused(let reason): reason
    case .noExpert(let name, let names): "no expert \"\(name)\"; there are \(names.joined(separator: ", "))"
    case .noPrediction(let model): "experts of type \(model) cannot predict"
    }
  }

  private static func experts(_ count: Int) -> String { count == 1 ? "1 expert" : "\(count) experts" }

  /// Whether another start may still succeed.
  var endsOneStartOnly: Bool {
    switch self {
    case .partFailed, .notFinite: true
    case .elboDecreased(_, _, _, _, let isRounding): isRounding
    default: false
    }
  }

  /// The terms in which one list differs from another; those of equal words differ in their numbers.
  private static func difference(_ terms: [PartTerm], _ first: [PartTerm]) -> String {
    func list(_ terms: [PartTerm]) -> String { terms.map(\.description).joined(separator: ", ") }
    let others = terms.filter { !first.contains($0) }
    guard !others.isEmpty else { return "other numbers in its terms than the first" }
    return "\(list(others)), but the first has \(list(first.filter { !terms.contains($0) }))"
  }
}

extension Measure {
  /// What a density relative to it is.
  fileprivate func densities(of response: String) -> String {
    switch self {
    case .lebesgue: "a density per unit of \(response)"
    case .counting: "probabilities of the values of \(response)"
    }
  }
}
