import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Weights of their own for each group g of rows, while each row has its own assignment: θ_g ~ Dir(μ), z_i ~ θ_g(i) (mixed
/// membership); q(θ_g) = Dir(μ + N_g), with N_gk = Σ r_ik over the group's rows.
///
/// The group of a row is a category that the gate sees as one column of codes, as the formula `y ~ x | group` makes it. With few rows
/// in each group, a learned symmetric μ says how alike the groups are. A row of none of the groups is weighed by the prior.
public struct MembershipGate: Gate, Equatable {
  /// K; zero until a mixture says how many there are, unless μ does.
  public private(set) var expertCount: Int
  /// How μ is found.
  public private(set) var concentration: DirichletGate.Concentration
  /// The prior Dir(μ) of the weights of each group.
  public private(set) var prior: Dirichlet
  /// The names of the groups, once the data are known.
  public private(set) var groupNames: [String] = []
  /// The concentrations α_gk of the posterior distributions, group after group for each expert.
  private(set) var counts: [Double] = []

  /// Between which values a learned μ is sought, once the data are known.
  private(set) var bounds: ClosedRange<Double>?
  /// E ln θ_gk, laid out likewise.
  private var meanLogs: [Double] = []
  /// The divergence Σ_g KL(q(θ_g) ‖ Dir(μ)).
  public private(set) var divergence = 0.0

  /// A gate with the given concentration, the same prior for all groups.
  ///
  /// - Throws: `ArgumentError` unless μ, or what bounds it, is positive and finite.
  public init(concentration: DirichletGate.Concentration = .same(1)) throws {
    try concentration.validate(of: Self.self)
    self.concentration = concentration
    if case .each(let values) = concentration { expertCount = values.count } else { expertCount = 0 }
    prior = try concentration.distribution(of: Array(0..<max(expertCount, 1)))
  }

  /// The weights depend on the row.
  public var readsFeatures: Bool { true }

  /// The gate reads codes, since a column for each of thousands of groups would fill the memory.
  public var readsCodes: Bool { true }

  /// The concentration.
  public var terms: [PartTerm] {
    [PartTerm("estimate", value: Estimate.variational.rawValue), PartTerm("concentration", value: concentration.words)]
  }

  /// The concentrations α_g of the posterior distribution of each group's weights.
  public var concentrations: [[Double]] {
    groupNames.indices.map { g in (0..<expertCount).map { counts[$0 * groupNames.count + g] } }
  }

  /// Takes prior and posteriors to the experts that stay; a new one starts at its prior.
  ///
  /// - Throws: `MixtureError` where μ was given expert by expert, and a new one has none.
  public mutating func select(_ experts: [Int?]) throws {
    try concentration.select(experts)
    let learned = experts.allSatisfy { $0 == nil } ? nil : prior.concentration.first
    let prior = try concentration.distribution(of: Array(experts.indices), learned: learned)
    let (groupCount, known) = (groupNames.count, counts)
    expertCount = experts.count
    try set(
      prior: prior,
      counts: experts.enumerated().flatMap { k, old in
        old.map { Array(known[($0 * groupCount)..<(($0 + 1) * groupCount)]) }
          ?? Array(repeating: prior.concentration[k], count: groupCount)
      })
  }

  /// The weight of each expert in the mean over the groups, `mean weight`, and in each group, `weight(ann)`.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    let groupCount = groupNames.count
    guard groupCount > 0 else { return [] }
    let totals = totals
    return (0..<expertCount).map { k in
      let weights = groupNames.indices.map { counts[k * groupCount + $0] / totals[$0] }
      return [ParameterEstimate("mean weight", value: weights.reduce(0, +) / Double(groupCount))]
        + groupNames.indices.map { g in
          ParameterEstimate(
            "weight(\(groupNames[g]))", value: weights[g],
            standardError: (weights[g] * (1 - weights[g]) / (totals[g] + 1)).squareRoot())
        }
    }
  }

  /// A learned μ: `concentration`.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] { concentration.parameters(for: prior) }

  /// Finds the groups, and starts each at the prior; a learned μ starts at one or at the nearest bound.
  ///
  /// - Throws: `DataError` unless the gate sees one column of codes and nothing else.
  public mutating func configure(for data: DataSummary) throws {
    guard data.gateFeatures.count == 1, let levels = data.gateFeatures[0].levels else {
      let other = data.gateFeatures.first { $0.levels == nil } ?? data.gateFeatures.dropFirst().first
      throw DataError(
        "a membership gate needs one category, the groups, and nothing else after |; "
          + (other.map { "\($0.name) is something else" } ?? "it sees no feature"))
    }
    groupNames = levels
    bounds = concentration.bounds(assignmentCount: data.assignmentCount)
    let prior = try concentration.distribution(of: Array(0..<expertCount))
    try set(prior: prior, counts: prior.concentration.flatMap { Array(repeating: $0, count: levels.count) })
  }

  /// Writes E ln θ_gk = ψ(α_gk) − ψ(Σα_g).
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (groups, groupCount) = (groups(tile), groupNames.count)
    for k in 0..<expertCount {
      let (column, start, ofNone) = (k * tile.capacity, k * groupCount, prior.meanLog[k])
      for (i, group) in groups.enumerated() {
        scores[column + i] = group < 0 ? ofNone : meanLogs[start + group]
      }
      for i in groups.count..<tile.capacity { scores[column + i] = 0 }
    }
  }

  /// Writes ln E θ_gk.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) {
    let (groups, groupCount, ofNone) = (groups(tile), groupNames.count, prior.mean)
    for (i, group) in groups.enumerated() {
      let total = group < 0 ? 1 : (0..<expertCount).reduce(0) { $0 + counts[$1 * groupCount + group] }
      for k in 0..<expertCount {
        scores[k * tile.capacity + i] = log((group < 0 ? ofNone[k] : counts[k * groupCount + group]) / total)
      }
    }
    for k in 0..<expertCount {
      for i in groups.count..<tile.capacity { scores[k * tile.capacity + i] = 0 }
    }
  }

  /// G · K: N_gk, group after group for each expert.
  public var statisticsCount: Int { groupNames.count * expertCount }

  /// Adds N_gk = Σ r_ik over the rows of group g.
  public func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
  {
    let groups = groups(tile)
    for k in 0..<expertCount {
      let (column, slice) = (k * tile.capacity, k * groupNames.count)
      for (i, group) in groups.enumerated() where group >= 0 {
        statistics[slice + group] += responsibilities[column + i]
      }
    }
  }

  /// q(θ_g) = Dir(μ + N_g) for each group, then a learned μ given them.
  public mutating func update(from statistics: Span<Double>, resum: Resum<MembershipGate>) throws {
    let groupCount = groupNames.count
    let known = (0..<expertCount).flatMap { k in
      (0..<groupCount).map { prior.concentration[k] + statistics[k * groupCount + $0] }
    }
    try set(prior: prior, counts: known)
    guard let bounds, expertCount > 1, groupCount > 0 else { return }
    let meanLog = meanLogs.reduce(0, +) / Double(groupCount * expertCount)
    let common = try Dirichlet.symmetric(dimension: expertCount, fittingMeanLog: meanLog, within: bounds)
    try set(prior: common, counts: known)
  }
}

extension MembershipGate {
  /// Σ |α_gk − μ_k| |E ln θ_gk|, and about so much as the logarithms of the Gamma functions are large.
  public func cancellingTerms(in statistics: Span<Double>) -> Double {
    let groupCount = groupNames.count
    let ofPrior = Double(groupCount) * prior.cancellingTerms(from: prior)
    return counts.indices.reduce(totals.reduce(ofPrior) { $0 + sizeOfLogGamma($1) }) {
      $0 + abs((counts[$1] - prior.concentration[$1 / groupCount]) * meanLogs[$1]) + sizeOfLogGamma(counts[$1])
    }
  }

  /// Σ_k α_gk of each group.
  private var totals: [Double] {
    var totals = [Double](repeating: 0, count: groupNames.count)
    for k in 0..<expertCount {
      for g in totals.indices { totals[g] += counts[k * totals.count + g] }
    }
    return totals
  }

  /// The number of each assignment's group; negative where there is none.
  private func groups(_ tile: Tile) -> [Int] {
    let (codes, count) = (tile.gateFeatures, groupNames.count)
    return (0..<tile.assignmentCount).map { codes[$0] < Double(count) ? Int(codes[$0]) : -1 }
  }

  /// Takes over prior and posteriors, with their moments and what they take from the ELBO:
  /// Σ_g [ln B⁻¹(α_g) − ln B⁻¹(μ) + Σ_k (α_gk − μ_k) E ln θ_gk].
  ///
  /// - Throws: `ArgumentError` unless all concentrations are positive and finite.
  mutating func set(prior: Dirichlet, counts: [Double]) throws {
    guard counts.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ArgumentError(
        Self.self, argument: "concentrations", value: "from \(counts.min() ?? 0) to \(counts.max() ?? 0)",
        need: "finite numbers above 0")
    }
    let (groupCount, isNew) = (groupNames.count, counts != self.counts)
    (self.prior, self.counts) = (prior, counts)
    let totals = totals
    if isNew || meanLogs.count != counts.count {
      meanLogs = counts
      for g in 0..<groupCount {
        let ofTotal = try digamma(totals[g])
        for k in 0..<expertCount { meanLogs[k * groupCount + g] = try digamma(counts[k * groupCount + g]) - ofTotal }
      }
    }
    divergence = 0
    for g in 0..<groupCount {
      var ofGroup = try logGamma(totals[g]) - prior.logNormalizer
      for k in 0..<expertCount {
        let count = counts[k * groupCount + g]
        ofGroup += try (count - prior.concentration[k]) * meanLogs[k * groupCount + g] - logGamma(count)
      }
      divergence += ofGroup
    }
  }
}

extension MembershipGate {
  private enum CodingKeys: CodingKey { case expertCount, concentration, prior, counts, groupNames, bounds }

  /// Decodes prior and posteriors; their moments follow.
  ///
  /// - Throws: `DecodingError` for values that are unfit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    expertCount = try container.decode(Int.self, forKey: .expertCount)
    concentration = try container.decode(DirichletGate.Concentration.self, forKey: .concentration)
    prior = try container.decode(Dirichlet.self, forKey: .prior)
    groupNames = try container.decode([String].self, forKey: .groupNames)
    bounds = try container.decodeIfPresent(ClosedRange<Double>.self, forKey: .bounds)
    counts = try container.decode([Double].self, forKey: .counts)
    try decoder.checking { try validate() }
    do { try set(prior: prior, counts: counts) } catch { throw DecodingError.unfit(error, in: container, forKey: .counts) }
  }
}
