import Foundation
import GSL
import MixtureCore

/// A gate that is held to the laws, with rows and the weights that its experts have there.
public struct GateSubject<G: Gate>: LawSubject {
  /// Draws all parameters of a gate from their q.
  public typealias ParameterDraws = @Sendable (_ gate: G, _ source: inout RandomSource) throws -> WeightsDraw

  /// What the gate is called in messages.
  public var name: String
  /// The gate as a user makes it, before a fit; at least two experts.
  public var gate: G
  /// Rows, of weight one and without groups. Some four hundred will do.
  public var rows: Observations
  /// Weights such as the gate can have, one row an assignment, each of sum one. The kit draws a label for each row from them.
  public var trueWeights: [[Double]]
  /// Draws of the parameters, with which the kit compares weights, divergence and ELBO.
  public var drawParameters: ParameterDraws?
  /// A variation for each free parameter, or for each kind of them, for ``GateLaw/stationary``.
  public var variations: [Variation<G>]
  /// The unit of each parameter that the gate tells, by its name, for ``GateLaw/units``; by default none, as of weights.
  public var unitOfParameter: @Sendable (_ name: String) -> ParameterUnit = { _ in ParameterUnit() }
  /// The gate as a user makes it for data in other units; by default the same, which is right for types that take all scales from the data.
  public var inOtherUnits: @Sendable (G, UnitChange) throws -> G = { gate, _ in gate }
  /// How far predictive weights may be from the true ones in ``GateLaw/recovery``, as a mean over the rows.
  public var recoveryTolerance = 0.1
  /// The laws that the type does not keep, or only as an inequality, with the reasons.
  public var exceptions: [GateLaw: LawException]
  /// A gate with its rows. Without draws or variations, the laws that need them must be declared absent.
  ///
  /// - Throws: what the gate throws when it learns how many experts there are.
  public init(
    _ gate: G, named name: String = G.partName, rows: Observations, trueWeights: [[Double]],
    drawParameters: ParameterDraws? = nil, variations: [Variation<G>] = [], exceptions: [GateLaw: LawException] = [:]
  ) throws {
    self.name = name
    self.gate = gate
    let expertCount = trueWeights.first?.count ?? 0
    if gate.expertCount != expertCount { try self.gate.select(Array(repeating: nil, count: expertCount)) }
    self.rows = rows
    self.trueWeights = trueWeights
    self.drawParameters = drawParameters
    self.variations = variations
    self.exceptions = exceptions
  }

  /// How the gate violates `law`; empty if it does not.
  public func violations(of law: GateLaw, isInequality: Bool) throws -> [String] {
    guard trueWeights.count == rows.rowCount, gate.expertCount > 1,
      trueWeights.allSatisfy({ $0.count == gate.expertCount })
    else { return ["the subject needs at least two experts, and true weights of all of them for each row"] }
    var source = RandomSource(seed: 21)
    let examination = PartExamination(
      part: GatePart(gate: gate), rows: try LawRows(rows),
      labels: trueWeights.map { source.categorical(weights: $0) })
    switch law {
    case .weightZero: return try examination.weightZero()
    case .weightTwo: return try examination.weightTwo()
    case .split: return try examination.split()
    case .rowOrder: return try examination.rowOrder()
    case .ownView: return try ownView(examination)
    case .weightlessScores: return try weightlessScores(examination)
    case .copy: return try examination.copyIsIndependent()
    case .divergence: return try examination.divergence()
    case .stationary where isInequality: return try examination.updateNeverLowers()
    case .updateNeverLowers: return try examination.updateNeverLowers()
    case .stationary:
      return try examination.stationary(
        variations.map { variation in
          Variation(variation.name, step: variation.step, isUpdatedLast: variation.isUpdatedLast) {
            try variation.move(&$0.gate, $1)
          }
        })
    case .expectedLogWeights:
      return try examination.scoresAreMeans(isBound: isInequality, draws())
    case .prior: return try examination.prior(draws())
    case .evidence: return try examination.evidence(draws())
    case .predictiveWeights: return try predictiveWeights(examination)
    case .predictiveMeans: return try predictiveMeans(examination)
    case .scoresBelowPredictive: return try scoresBelowPredictive(examination)
    case .derivatives:
      let gate = try examination.updated(3).gate
      return try (gate as? any DifferentiableGate)?.derivativeViolations(examination.rows, examination.nearTruth) ?? []
    case .units:
      let change = UnitChange(response: 1, features: 0.25)
      var other = try inOtherUnits(gate, change)
      if other.expertCount != gate.expertCount { try other.select(Array(repeating: nil, count: gate.expertCount)) }
      return try examination.units(change, GatePart(gate: other), unitOfParameter)
    case .telling: return try examination.telling()
    case .configuration: return try examination.configuration() + newExperts(examination)
    case .jsonRoundTrip: return try examination.jsonRoundTrip()
    case .relabelling: return try relabelling(examination)
    case .recovery: return try recovery(examination)
    }
  }

  /// Derivatives are nothing that all gates tell.
  public func reasonNotToApply(_ law: GateLaw) -> String? {
    law == .derivatives && !(G.self is any DifferentiableGate.Type) ? "the type tells no derivatives" : nil
  }

  /// Weighted rows, so that weights of rows are not those of assignments either.
  private func ownView(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    let rows = examination.rows.unevenlyWeighted
    let grouped = try rows.groupedForGate()
    let fitted = try examination.updated(1)
    return differences(
      "expected log weights of single and of grouped rows", try fitted.scores(rows).flatMap(\.self),
      try fitted.scores(grouped).flatMap(\.self), tolerance: examination.tolerance)
      + differences(
        "predictive weights of single and of grouped rows", try fitted.gate.predictiveWeights(rows).flatMap(\.self),
        try fitted.gate.predictiveWeights(grouped).flatMap(\.self), tolerance: examination.tolerance)
      + (try examination.sameUpdates(rows, examination.nearTruth, grouped, examination.nearTruth))
  }

  private func weightlessScores(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    let gate = try examination.updated(1).gate
    return try examination.weightlessScores()
      + differences(
        "predictive weights of rows of weight one, and of other weights",
        try gate.predictiveWeights(examination.rows).flatMap(\.self),
        try gate.predictiveWeights(examination.rows.unevenlyWeighted).flatMap(\.self), tolerance: examination.tolerance)
  }

  private func predictiveWeights(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    let weights = try examination.updated(3).gate.predictiveWeights(examination.rows)
    for (i, row) in weights.enumerated() where !row.allSatisfy({ $0 > 0 }) || !(abs(row.reduce(0, +) - 1) <= 1e-12) {
      return ["assignment \(i): \(row), of sum \(row.reduce(0, +))"]
    }
    return []
  }

  private func draws() throws -> PartExamination<GatePart<G>>.Draws {
    guard let drawParameters else { throw NoDraws() }
    return { part, source in
      let draw = try drawParameters(part.gate, &source)
      return PartDraw(divergence: draw.divergence) { tile in
        let rows = try draw.logWeights(tile)
        guard rows.count >= tile.assignmentCount, rows.allSatisfy({ $0.count == part.expertCount }) else {
          throw DataError("logWeights of the subject gives \(rows.count) rows of \(rows.first?.count ?? 0) weights")
        }
        return rows
      }
    }
  }

  private func predictiveMeans(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    let draw = try draws()
    // The first rows, whosever they are: some experts have more than others.
    let uncertain = try examination.uncertain(behind: Array(0..<min(8, examination.rows.rowCount)))
    let weights = try uncertain.part.gate.predictiveWeights(uncertain.rows)
    let draws = try uncertain.draws { try draw($0, &$2).scores($1) }
    let errors = GoodnessOfFit.standardErrors(tests: weights.count * gate.expertCount)
    return weights.indices.flatMap { i in
      weights[i].indices.compactMap { k -> String? in
        let sample = Sample(draws.map { exp($0[i][k]) })
        return sample.hasMean(weights[i][k], within: errors) || abs(sample.mean - weights[i][k]) <= 1e-9
          ? nil : "assignment \(i), expert \(k): the weight is \(weights[i][k]), but the draws are \(sample)"
      }
    }.prefix(1).map(\.self)
  }

  private func scoresBelowPredictive(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    let fitted = try examination.updated(3)
    let weights = try fitted.gate.predictiveWeights(examination.rows)
    for (i, scores) in try fitted.scores(examination.rows).enumerated() {
      for (k, score) in scores.enumerated() where !(score <= log(weights[i][k]) + 1e-12 * abs(score)) {
        return ["assignment \(i), expert \(k): E ln π is \(score), above ln E π, \(log(weights[i][k]))"]
      }
    }
    return []
  }

  /// Ten updates from a table, and from the table with permuted columns.
  private func relabelling(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    let order = rotation(gate.expertCount)
    let start = examination.nearTruth
    func fitted(_ gate: G, _ responsibilities: Responsibilities) throws -> GatePart<G> {
      var part = GatePart(gate: gate)
      try part.configure(for: DataSummary(examination.rows))
      for _ in 0..<10 { try part.update(examination.rows, responsibilities) }
      return part
    }
    var relabelled = gate
    try relabelled.select(order)
    let (a, b) = (try fitted(gate, start), try fitted(relabelled, start.relabelled(order)))
    // A fitted gate, too, and whether experts go or come.
    var turned = a.gate
    try turned.select(order)
    var fewer = a.gate
    try fewer.select(Array(1..<gate.expertCount))
    let sums = try fewer.predictiveWeights(examination.rows).map { $0.reduce(0, +) }
    // And in what it learns from then on.
    var (kept, later) = (a, GatePart(gate: turned))
    for _ in 0..<2 {
      try kept.update(examination.rows, start)
      try later.update(examination.rows, start.relabelled(order))
    }
    return try differences(
      "expected log weights of the fitted gate, relabelled and updated",
      kept.scores(examination.rows).flatMap { row in order.map { row[$0] } },
      later.scores(examination.rows).flatMap(\.self), tolerance: 1e-6)
      + differences(
        "predictive weights of the fitted gate, relabelled",
        try a.gate.predictiveWeights(examination.rows).flatMap { row in order.map { row[$0] } },
        try turned.predictiveWeights(examination.rows).flatMap(\.self), tolerance: 1e-9)
      + differences("sums of the weights without one expert", sums, sums.map { _ in 1 }, tolerance: 1e-9)
      + (fewer.expertCount == gate.expertCount - 1 ? [] : ["without one expert it still has \(fewer.expertCount)"])
      + differences(
        "expected log weights, relabelled", try a.scores(examination.rows).flatMap { row in order.map { row[$0] } },
        try b.scores(examination.rows).flatMap(\.self), tolerance: 1e-9)
      + differences("divergence", [try a.divergence()], [try b.divergence()], tolerance: 1e-9)
  }

  /// A fitted gate that gets a new expert, in the middle, and loses its first. It may refuse, where each expert was given something.
  private func newExperts(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    var part = try examination.updated(1)
    let told = try part.gate.parameters(for: DataSummary(examination.rows))
    guard told.isEmpty || told.count == gate.expertCount else { return ["it tells parameters of \(told.count) experts"] }
    let kept: [Int?] = [1, nil] + (2..<gate.expertCount).map { $0 }
    do { try part.gate.select(kept) } catch is MixtureError { return [] }
    guard part.expertCount == kept.count else { return ["of \(kept.count) selected experts it has \(part.expertCount)"] }
    try part.configure(for: DataSummary(examination.rows))
    let sums = try part.gate.predictiveWeights(examination.rows).map { $0.reduce(0, +) }
    let scores = try part.scores(examination.rows).joined()
    return differences("sums of the weights with a new expert", sums, sums.map { _ in 1 }, tolerance: 1e-9)
      + (scores.allSatisfy { !$0.isNaN } ? [] : ["with a new expert some log weights are no numbers"])
  }

  private func recovery(_ examination: PartExamination<GatePart<G>>) throws -> [String] {
    var part = try examination.updated(0)
    let known = Responsibilities(certain: examination.labels, expertCount: gate.expertCount)
    for _ in 0..<50 { try part.update(examination.rows, known) }
    let weights = try part.gate.predictiveWeights(examination.rows)
    for k in 0..<gate.expertCount {
      let distance = zip(weights, trueWeights).reduce(0) { $0 + abs($1.0[k] - $1.1[k]) } / Double(weights.count)
      if !(distance <= recoveryTolerance) {
        return ["the weights of expert \(k) are off by \(distance) in the mean, not at most \(recoveryTolerance)"]
      }
    }
    return []
  }
}

extension Gate {
  /// The predictive weights of each assignment.
  fileprivate func predictiveWeights(_ rows: some TileSource) throws -> [[Double]] {
    var result: [[Double]] = []
    try rows.forEachTile { tile, _ in
      var scores = [Double](repeating: 7, count: expertCount * tile.capacity)
      withMutableSpan(of: &scores) { logPredictiveWeights(tile, into: &$0) }
      for i in 0..<tile.assignmentCount { result.append((0..<expertCount).map { exp(scores[$0 * tile.capacity + i]) }) }
    }
    return result
  }
}
