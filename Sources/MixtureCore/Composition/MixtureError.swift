/// Why a mixture cannot be composed or fitted.
public enum MixtureError: Error, CustomStringConvertible {
  /// There is no expert.
  case noExperts
  /// The gate is for another number of experts.
  case gateMismatch(gate: Int, experts: Int)
  /// Densities over different spaces have no common measure.
  case differentResponseSpaces(ResponseSpace, ResponseSpace)
  /// The bound fell in a pass; the replay found which part's update did it. In the package's own parts it is rounding that has taken
  /// over, and the start ends; in others the formulas are wrong.
  case boundDecreased(part: String, pass: Int, from: Double, to: Double, isRounding: Bool)
  /// The bound is not a number; `part` is the first whose term is not.
  case notFinite(part: String, pass: Int)
  /// A part failed.
  case partFailed(part: String, pass: Int, reason: String)
  /// Every restart failed, most of them for this reason: `failures` of `count`.
  case allRestartsFailed(reason: String, failures: Int, count: Int)
  /// A given start makes two experts of one block equal, and experts that start equal stay equal; numbers from zero.
  case symmetricStart(first: Int, second: Int)
  /// The model asked for has no maximum or no meaning.
  case refused(String)
  /// The experts of this type cannot predict.
  case noPrediction(model: String)
  /// There is no expert of that name.
  case noExpert(name: String, among: [String])

  /// What is wrong, with the part, the pass and the numbers concerned.
  public var description: String {
    switch self {
    case .noExperts: "a mixture needs at least one expert"
    case .gateMismatch(let gate, let experts): "the gate is for \(gate) experts, but there are \(experts)"
    case .differentResponseSpaces(let first, let second):
      "experts for a \(first.rawValue) and a \(second.rawValue) response cannot be mixed: they have no common density"
    case .boundDecreased(_, let pass, _, _, _), .notFinite(_, let pass), .partFailed(_, let pass, _):
      "pass \(pass): \(cause)"
    case .allRestartsFailed(let reason, let failures, let count):
      count == 1 ? "the start failed: \(reason)" : "all \(count) starts failed, \(failures) of them because \(reason)"
    case .symmetricStart(let first, let second):
      "experts \(first + 1) and \(second + 1) start equal, and experts that start equal stay equal: give them different rows"
    case .refused(let reason): reason
    case .noExpert(let name, let names): "no expert \"\(name)\"; there are \(names.joined(separator: ", "))"
    case .noPrediction(let model): "\(model) does not conform to Predictive, so it cannot predict"
    }
  }

  /// What is wrong, without the pass in which it went wrong.
  var cause: String {
    switch self {
    case .boundDecreased(let part, _, let from, let to, let isRounding):
      isRounding
        ? "rounding outweighed what the update of \(part) gained: the bound fell from \(from) to \(to); columns may be of very "
          + "different sizes, or far from zero for how little they vary: subtract their means, or divide them"
        : "the update of \(part) lowered the bound from \(from) to \(to); its formulas are wrong"
    case .notFinite(let part, _):
      "the term of \(part) in the bound is not a number; its priors, or some rows, may be out of all proportion to the others"
    case .partFailed(let part, _, let reason): "\(part) could not be updated: \(reason)"
    default: description
    }
  }

  /// Whether another start may still succeed.
  var endsOneStartOnly: Bool {
    switch self {
    case .partFailed, .notFinite: true
    case .boundDecreased(_, _, _, _, let isRounding): isRounding
    default: false
    }
  }
}

/// Why a part cannot be updated from the sums that it was given: it ends a start, of which there are others.
public struct Breakdown: Error, Equatable {
  /// The number of the expert within its block; nil where it is not one expert's.
  public var expert: Int?
  /// What is wrong with the data, in the words of whoever has them, and what to do.
  public var reason: String

  /// A breakdown of an expert, or of a part as a whole.
  public init(ofExpert expert: Int? = nil, _ reason: String) {
    self.expert = expert
    self.reason = reason
  }

  /// The reason with the expert's name.
  func reason(in mixture: GatedExperts, part: Int) -> String {
    guard let expert, part < mixture.blocks.count else { return reason }
    return "expert \(mixture.expertNames[mixture.expertRanges[part].lowerBound + expert]): \(reason)"
  }
}
