import Foundation
import GSL
import Gates
import MixtureCore

/// A block of experts of one type that is held to the laws, with rows that such experts made.
public struct ModelSubject<Model: LocalModel>: LawSubject {
  /// Draws all parameters of a block from their q.
  public typealias ParameterDraws =
    @Sendable (_ block: Block<Model>, _ source: inout RandomSource) throws -> ParameterDraw

  /// What the block is called in messages.
  public var name: String
  /// The block as a user makes it, before a fit; at least two experts.
  public var block: Block<Model>
  /// Rows made by experts such as those of the block, of weight one and without groups. One or two hundred will do.
  public var rows: Observations
  /// The number of the expert that made each row.
  public var labels: [Int]
  /// Draws of the parameters, with which the kit compares scores, divergence, ELBO and predictions.
  public var drawParameters: ParameterDraws?
  /// Draws for ``ModelLaw/predictiveDensity`` where predictions count with more than q is uncertain of, such as with the curvature of the
  /// ELBO in an estimated parameter; nil for ``drawParameters``.
  public var drawPredictions: ParameterDraws?
  /// A variation for each free parameter, or for each kind of them, for ``ModelLaw/stationary``.
  public var variations: [Variation<Block<Model>>]
  /// Whether scores change with the offset of a row; false for types that accept offsets and deliberately do not depend on them.
  public var offsetMatters = true
  /// The unit of each parameter that the block tells, by its name, for ``ModelLaw/units``; by default none, as of weights.
  public var unitOfParameter: @Sendable (_ name: String) -> ParameterUnit = { _ in ParameterUnit() }
  /// The block as a user makes it for data in other units; by default the same, which is right for types that take all scales from the data.
  public var inOtherUnits: @Sendable (Block<Model>, UnitChange) throws -> Block<Model> = { block, _ in block }
  /// What the block takes from the ELBO beside the divergences of its parameters from their priors, such as the divergences of a prior's own
  /// parameters from their hyperpriors (see ``PriorSubject/penalty``); zero by default.
  public var penalty: @Sendable (Block<Model>) throws -> Double = { _ in 0 }
  /// A block like ``block`` that is fitted by maximum likelihood, for ``ModelLaw/errors``; nil where there is none.
  public var pointBlock: Block<Model>?
  /// The share of rows that ``ModelLaw/recovery`` must give to the expert that made them.
  public var recoveredShare = 0.95
  /// The laws that the type does not keep, or only as an inequality, with the reasons.
  public var exceptions: [ModelLaw: LawException]
  /// A block with its rows. Without draws or variations, the laws that need them must be declared absent.
  public init(
    _ block: Block<Model>, named name: String = Model.partName, rows: Observations, labels: [Int],
    drawParameters: ParameterDraws? = nil, variations: [Variation<Block<Model>>] = [],
    exceptions: [ModelLaw: LawException] = [:]
  ) {
    self.name = name
    self.block = block
    self.rows = rows
    self.labels = labels
    self.drawParameters = drawParameters
    self.variations = variations
    self.exceptions = exceptions
  }

  /// How the block violates `law`; empty if it does not.
  public func violations(of law: ModelLaw, isInequality: Bool) throws -> [String] {
    guard labels.count == rows.rowCount, labels.allSatisfy(block.experts.indices.contains), block.experts.count > 1
    else { return ["the subject needs at least two experts, and a label among 0, …, K − 1 for each row"] }
    let examination = PartExamination(part: block, rows: try LawRows(rows), labels: labels)
    switch law {
    case .weightZero: return try examination.weightZero()
    case .weightTwo: return try examination.weightTwo()
    case .split: return try examination.split()
    case .rowOrder: return try examination.rowOrder()
    case .weightlessScores: return try weightlessScores(examination)
    case .grouped: return try grouped(examination)
    case .offset: return try offset(examination)
    case .rebase: return try rebase(examination)
    case .copy: return try examination.copyIsIndependent()
    case .divergence: return try examination.divergence(penalty: penalty)
    case .stationary where isInequality: return try examination.updateNeverLowers()
    case .prior: return try prior(examination)
    case .evidence: return try evidence(examination)
    case .updateNeverLowers: return try examination.updateNeverLowers()
    case .stationary: return try examination.stationary(variations)
    case .expectedLogLikelihood: return try expectedLogLikelihood(examination, isBound: isInequality)
    case .predictiveDensity: return try predictiveDensity(examination)
    case .likelihoodAtMean: return try likelihoodAtMean(examination)
    case .manyRows: return try manyRows(examination)
    case .predictionsAlone: return try predictionsAlone(examination)
    case .derivatives: return try derivatives(examination)
    case .errors: return try errors()
    case .units:
      // Far enough for floors and clamps in numbers of their own to show.
      let changes = [UnitChange(response: 8, features: 0.25), UnitChange(response: 0x1p-12, features: 0x1p10)]
      let measure = try measure
      return try changes.flatMap { change in
        let own = UnitChange(response: measure == .lebesgue ? change.response : 1, features: change.features)
        return try examination.units(own, inOtherUnits(block, own), unitOfParameter)
      }
    case .telling: return try telling(examination)
    case .configuration: return try configuration(examination)
    case .jsonRoundTrip: return try examination.jsonRoundTrip()
    case .relabelling: return try relabelling(examination)
    case .recovery: return try recovery()
    }
  }

  /// What the densities of the first response are relative to.
  var measure: Measure {
    get throws { try block.measures(of: DataSummary(rows).responses)[0] }
  }

  private func rebase(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let (rows, responsibilities) = (examination.rows, examination.nearTruth)
    let (earlier, later) = (try examination.updated(1), try examination.updated(3))
    var sums = try earlier.statistics(rows, responsibilities)
    withMutableSpan(of: &sums) { Model.rebase(&$0, from: earlier.experts, to: later.experts) }
    let scales = try [earlier, later].map { try examination.absoluteContributions($0, rows, responsibilities) }
    return differences(
      "statistics rebased, and of a pass", sums, try later.statistics(rows, responsibilities),
      tolerance: examination.tolerance, scale: zip(scales[0], scales[1]).map(max))
  }
}

// MARK: Laws of whole fits

extension ModelSubject {
  private func mixture(_ block: Block<Model>) throws -> MixtureModel {
    try MixtureModel(gate: DirichletGate(), blocks: [block])
  }

  /// Twenty iterations from a table, and from the table with permuted columns.
  private func relabelling(_ examination: PartExamination<Block<Model>>) throws -> [String] {
    let order = rotation(block.experts.count)
    var options = FitOptions()
    options.starts = 1
    options.maximumIterations = 20
    options.tolerance = .absolute(0)
    // Near its end an accelerated fit turns rounding into steps that are kept or not.
    options.isAccelerated = false
    func fit(_ block: Block<Model>, _ start: Responsibilities) throws -> (elbos: [Double], block: Block<Model>) {
      let fit = try mixture(block).fitBlocking(
        rows, from: .responsibilities(ResponsibilityTable(start.rows)), options: options)
      return (fit.elboTrace.map(\.total), fit.mixture.blocks[0] as? Block<Model> ?? block)
    }
    let start = examination.nearTruth
    var relabelled = block
    relabelled.select(order)
    let (a, b) = (try fit(block, start), try fit(relabelled, start.relabelled(order)))
    let scores = try a.block.scores(examination.rows)
    // Fitted experts, too, and where one is left out.
    var fewer = a.block
    fewer.select(Array(order.dropLast()))
    // What is shared belongs to experts, too: after `select` and another update.
    var (kept, turned) = (a.block, a.block)
    turned.select(order)
    let divergences = try (kept.divergence(), turned.divergence())
    for _ in 0..<2 {
      try kept.update(examination.rows, start)
      try turned.update(examination.rows, start.relabelled(order))
    }
    return try differences("ELBOs", a.elbos, b.elbos, tolerance: 1e-9)
      + differences("the divergence of a fitted block, relabelled", [divergences.0], [divergences.1], tolerance: 1e-9)
      + differences(
        "scores of a fitted block, relabelled and updated",
        kept.scores(examination.rows).flatMap { row in order.map { row[$0] } },
        turned.scores(examination.rows).flatMap(\.self), tolerance: 1e-7)
      + differences(
        "scores, relabelled", scores.flatMap { row in order.map { row[$0] } },
        try b.block.scores(examination.rows).flatMap(\.self), tolerance: 1e-7)
      + differences(
        "scores without one expert", scores.flatMap { row in order.dropLast().map { row[$0] } },
        try fewer.scores(examination.rows).flatMap(\.self), tolerance: 1e-12)
  }

  /// Few default starts; then each row to its most probable expert, under the best matching of labels.
  private func recovery() throws -> [String] {
    var options = FitOptions()
    // One for each recipe of the start.
    options.starts = StartRecipe.allCases.count
    options.maximumIterations = 200
    options.tolerance = .relative(1e-7)
    let fit = try mixture(block).fitBlocking(rows, options: options)
    let found = try fit.mixture.responsibilities(rows).map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    let agreement = permutations(block.experts.count).map { order in
      zip(found, labels).count { order[$0] == $1 }
    }
    let share = Double(agreement.max() ?? 0) / Double(labels.count)
    return share >= recoveredShare ? [] : ["\(share) of the rows get the expert that made them, not \(recoveredShare)"]
  }
}
