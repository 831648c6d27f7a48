/// A mixture of models or of experts: blocks of local models, each block of one type, and a gate that weighs them.
public struct GatedExperts: Sendable {
  /// The blocks of experts. Experts are numbered through all blocks.
  public var blocks: [any AnyExperts]
  /// The gate.
  public var gate: any Gate

  /// A mixture of the experts of all blocks, weighed by `gate`.
  ///
  /// - Throws: ``MixtureError`` if there is no expert, the gate is for another number of experts, or the experts have
  ///   densities for different kinds of response.
  public init(gate: any Gate, blocks: [any AnyExperts]) throws {
    self.blocks = blocks
    self.gate = gate
    guard expertCount > 0 else { throw MixtureError.noExperts }
    guard gate.expertCount == expertCount else {
      throw MixtureError.gateMismatch(gate: gate.expertCount, experts: expertCount)
    }
    if let other = blocks.first(where: { $0.responseSpace != blocks[0].responseSpace }) {
      throw MixtureError.differentResponseSpaces(blocks[0].responseSpace, other.responseSpace)
    }
  }

  /// The number of experts, K.
  public var expertCount: Int { blocks.reduce(0) { $0 + $1.count } }

  /// The experts of one type, in order.
  public func experts<Model: LocalModel>(of type: Model.Type = Model.self) -> [Model] {
    blocks.flatMap { ($0 as? Experts<Model>)?.experts ?? [] }
  }

  /// The numbers of the experts in each block.
  var expertRanges: [Range<Int>] { ranges(of: blocks.map(\.count)) }

  /// The parts' names in the breakdown of the bound: the blocks' (numbered if several have one type), then the gate's.
  var partNames: [String] {
    let models = blocks.map(\.modelName)
    let names = models.enumerated().map { index, name in
      models.count { $0 == name } > 1 ? "\(name) \(models[...index].count { $0 == name })" : name
    }
    return names + [type(of: gate).partName]
  }

  /// Adapts all parts to the data.
  mutating func configure(for data: DataSummary) throws {
    for index in blocks.indices { try blocks[index].configure(for: data) }
    try gate.configure(for: data)
  }
}

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

  /// What is wrong, with the part, the pass and the numbers concerned.
  public var description: String {
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
    case .noPrediction(let model): "\(model) does not conform to Predictive, so it cannot predict"
    }
  }
}

/// Consecutive ranges of the given lengths.
func ranges(of counts: [Int]) -> [Range<Int>] {
  var start = 0
  return counts.map { count in
    defer { start += count }
    return start..<(start + count)
  }
}
