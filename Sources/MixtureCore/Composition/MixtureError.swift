/// Why a mixture cannot be composed or fitted.
public enum MixtureError: Error, CustomStringConvertible {
  /// There is no expert.
  case noExperts
  /// The gate is for another number of experts.
  case gateMismatch(gate: Int, experts: Int)
  /// Densities over different spaces have no common measure.
  case differentResponseSpaces(ResponseSpace, ResponseSpace)
  /// The bound fell in a pass; the replay found which part's update did it.
  case boundDecreased(part: String, pass: Int, from: Double, to: Double)
  /// The bound is not a number; `part` is the first whose term is not.
  case notFinite(part: String, pass: Int)
  /// A part failed.
  case partFailed(part: String, pass: Int, reason: String)
  /// Every restart failed, the first for this reason.
  case allRestartsFailed(reason: String)
  /// A given start makes two experts of one block equal, and experts that start equal stay equal; numbers from zero.
  case symmetricStart(first: Int, second: Int)
  /// The model asked for has no maximum or no meaning.
  case refused(String)
  /// The experts of this type cannot predict.
  case noPrediction(model: String)
  /// There is no expert of that name.
  case noExpert(name: String, among: [String])

  /// What is wrong, with the part, the pass and the numbers concerned.
  public var description: String { text.shortened }

  private var text: String {
    switch self {
    case .noExperts: "a mixture needs at least one expert"
    case .gateMismatch(let gate, let experts): "the gate is for \(gate) experts, but there are \(experts)"
    case .differentResponseSpaces(let first, let second):
      "experts for a \(first.rawValue) and a \(second.rawValue) response cannot be mixed: they have no common density"
    case .boundDecreased(let part, let pass, let from, let to):
      "pass \(pass): the update of \(part) lowered the bound from \(from) to \(to); its formulas are wrong"
    case .notFinite(let part, let pass): "pass \(pass): the term of \(part) in the bound is not a number"
    case .partFailed(let part, let pass, let reason): "pass \(pass): the update of \(part) failed: \(reason)"
    case .allRestartsFailed(let reason): "every restart failed; the first: \(reason)"
    case .symmetricStart(let first, let second):
      "experts \(first + 1) and \(second + 1) start equal, and experts that start equal stay equal: give them different rows"
    case .refused(let reason): reason
    case .noExpert(let name, let names): "no expert \"\(name)\"; there are \(names.joined(separator: ", "))"
    case .noPrediction(let model): "\(model) does not conform to Predictive, so it cannot predict"
    }
  }
}
