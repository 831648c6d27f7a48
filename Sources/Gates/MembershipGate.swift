import ConjugateFamilies
import Foundation
import GSL
import MixtureCore

/// Weights of their own for each group g of rows, while each row has its own assignment: θ_g ~ Dir(μ), z_i ~ θ_g(i) (mixed
/// membership); q(θ_g) = Dir(μ + N_g), with N_gk = Σ r_ik over the group's rows.
///
/// The group of a row is a category that the gate sees, coded as the formula `y ~ x | group` codes it: a column of zeros and ones for
/// each level, or for each but the first. With few rows in each group, a learned symmetric μ says how alike the groups are.
///
/// A row of none of the groups, which a table cannot have because levels that the fit did not see are errors, is weighed by the prior.
public struct MembershipGate: Gate, Equatable {
  /// K; zero until a mixture says how many there are, unless μ does.
  public private(set) var expertCount: Int
  /// How μ is found.
  public private(set) var concentration: DirichletGate.Concentration
  /// The prior Dir(μ) of the weights of each group.
  public private(set) var prior: Dirichlet
  /// The posterior Dir(α_g) of the weights of each group, once the data are known.
  public private(set) var posteriors: [Dirichlet] = []
  /// The names of the groups' columns. Where the first group has no column, its name is ``baseName``.
  public private(set) var groupNames: [String] = []

  /// The name of the group that treatment coding leaves without a column.
  public static let baseName = "(first)"

  /// Between which values a learned μ is sought, once the data are known.
  private(set) var bounds: ClosedRange<Double>?
  /// E ln θ_gk and ln E θ_gk: a column for each expert, with a row for each group and one for the prior.
  private var meanLogs: [Double] = []
  private var logMeans: [Double] = []

  /// A gate with the given concentration, the same prior for all groups.
  ///
  /// - Throws: `GSLError` unless μ, or what bounds it, is positive and finite.
  public init(concentration: DirichletGate.Concentration = .same(1)) throws {
    try concentration.validate()
    self.concentration = concentration
    if case .each(let values) = concentration { expertCount = values.count } else { expertCount = 0 }
    prior = try concentration.law(of: Array(0..<max(expertCount, 1)))
    tabulate()
  }

  /// True.
  public var readsFeatures: Bool { true }

  /// Takes prior and posteriors to the experts that stay; a new one starts at its prior.
  ///
  /// - Throws: `MixtureError` where μ was given expert by expert, and a new one has none.
  public mutating func select(_ experts: [Int?]) throws {
    try concentration.select(experts)
    expertCount = experts.count
    let prior = try concentration.law(of: Array(experts.indices))
    let kept = try posteriors.map { posterior in
      try Dirichlet(
        concentration: experts.enumerated().map { k, old in
          old.map { posterior.concentration[$0] } ?? prior.concentration[k]
        })
    }
    set(prior: prior, posteriors: kept)
  }

  /// The weight of each expert in the mean over the groups, `mean weight`, and in each group, `weight(ann)`.
  public func parameters(_ data: DataSummary) -> [[ParameterEstimate]] {
    let laws = posteriors.map { (means: $0.mean, deviations: $0.standardDeviations) }
    guard !laws.isEmpty else { return [] }
    return (0..<expertCount).map { k in
      [ParameterEstimate("mean weight", laws.reduce(0) { $0 + $1.means[k] } / Double(laws.count))]
        + zip(groupNames, laws).map { name, law in
          ParameterEstimate("weight(\(name))", law.means[k], standardError: law.deviations[k])
        }
    }
  }

  /// A learned μ: `concentration`.
  public func commonParameters(_ data: DataSummary) -> [ParameterEstimate] { concentration.parameters(prior) }

  /// Finds the groups, and starts each at the prior; a learned μ starts at one or at the nearest bound.
  ///
  /// - Throws: `DataError` if the gate's features do not tell each row's group.
  public mutating func configure(for data: DataSummary) throws {
    try Self.refuseOtherFeatures(data)
    groupNames = (data.gateHasIntercept ? [Self.baseName] : []) + data.gateFeatures.map(\.name)
    bounds = concentration.bounds(assignmentCount: data.assignmentCount)
    let prior = try concentration.law(of: Array(0..<expertCount))
    set(prior: prior, posteriors: groupNames.map { _ in prior })
  }

  /// E ln θ_gk = ψ(α_gk) − ψ(Σα_g).
  public func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) { fill(&scores, tile, meanLogs) }

  /// ln E θ_gk.
  public func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>) { fill(&scores, tile, logMeans) }

  /// G · K: N_gk, group after group for each expert.
  public var statisticsCount: Int { posteriors.count * expertCount }

  /// Adds N_gk = Σ r_ik over the rows of group g.
  public func accumulate(_ tile: Tile, _ responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
    let groups = groups(tile)
    for k in 0..<expertCount {
      let (column, slice) = (k * tile.capacity, k * posteriors.count)
      for (i, group) in groups.enumerated() where group < posteriors.count {
        statistics[slice + group] += responsibilities[column + i]
      }
    }
  }

  /// q(θ_g) = Dir(μ + N_g) for each group, then a learned μ given them.
  public mutating func update(_ statistics: Span<Double>, resum: Resum<MembershipGate>) throws {
    let groupCount = posteriors.count
    let laws = try (0..<groupCount).map { g in
      try Dirichlet(concentration: (0..<expertCount).map { prior.concentration[$0] + statistics[$0 * groupCount + g] })
    }
    var common = prior
    if let bounds, expertCount > 1 {
      let meanLog = laws.reduce(0) { $0 + $1.meanLog.reduce(0, +) } / Double(groupCount * expertCount)
      common = try .symmetric(dimension: expertCount, fittingMeanLog: meanLog, within: bounds)
    }
    set(prior: common, posteriors: laws)
  }

  /// Σ_g KL(q(θ_g) ‖ Dir(μ)).
  public var divergence: Double { posteriors.reduce(0) { $0 + $1.divergence(from: prior) } }
}

extension MembershipGate {
  /// A column of zeros and ones has the variance m (1 − m), and two that are never one in the same row the covariance −m_a m_b.
  private static func refuseOtherFeatures(_ data: DataSummary) throws {
    let (features, covariance) = (data.gateFeatures, data.gateCovariance)
    for a in features.indices {
      for b in 0...a {
        let (meanA, meanB) = (features[a].mean, features[b].mean)
        let square = covariance[a, b] + meanA * meanB
        guard abs(square - (a == b ? meanA : 0)) <= 1e-9 else {
          throw DataError(
            "feature \(features[a].name) does not tell the group of a row: after | a MembershipGate needs one category, "
              + "the groups, and nothing else")
        }
      }
    }
    guard data.gateHasIntercept || abs(features.reduce(-1) { $0 + $1.mean }) <= 1e-9 else {
      throw DataError("some rows are of none of the groups \(features.map(\.name).joined(separator: ", "))")
    }
  }

  /// The number of each assignment's group, by one product: the columns' numbers from one, times zeros and ones. Where there is no
  /// group, the number after the last.
  private func groups(_ tile: Tile) -> [Int] {
    let first = groupNames.first == Self.baseName ? 0 : 1
    let numbers = (0..<(groupNames.count - 1 + first)).map { Double($0 + 1) }
    var codes = [Double](repeating: 0, count: tile.capacity)
    if !numbers.isEmpty {
      let features = tile.gateFeatures
      multiply(
        features.span, rows: tile.capacity, stride: tile.capacity, transposed: false, numbers.span, columns: 1,
        stride: numbers.count, inner: numbers.count, into: &codes, stride: tile.capacity)
    }
    return codes.prefix(tile.assignmentCount).map { code in
      let group = (code - Double(first)).rounded()
      return group >= 0 && group < Double(posteriors.count) ? Int(group) : posteriors.count
    }
  }

  mutating func set(prior: Dirichlet, posteriors: [Dirichlet]) {
    (self.prior, self.posteriors) = (prior, posteriors)
    tabulate()
  }

  private mutating func tabulate() {
    let laws = posteriors + [prior]
    meanLogs = (0..<expertCount).flatMap { k in laws.map { $0.meanLog[k] } }
    let means = laws.map(\.mean)
    logMeans = (0..<expertCount).flatMap { k in means.map { log($0[k]) } }
  }

  private func fill(_ scores: inout MutableSpan<Double>, _ tile: Tile, _ values: [Double]) {
    let groups = groups(tile)
    for k in 0..<expertCount {
      let (column, start) = (k * tile.capacity, k * (posteriors.count + 1))
      for (i, group) in groups.enumerated() { scores[column + i] = values[start + group] }
      for i in groups.count..<tile.capacity { scores[column + i] = 0 }
    }
  }
}

extension MembershipGate {
  private enum CodingKeys: CodingKey { case expertCount, concentration, prior, posteriors, groupNames, bounds }

  /// Decodes prior and posteriors; their moments follow.
  ///
  /// - Throws: `DecodingError` for values that are unfit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    expertCount = try container.decode(Int.self, forKey: .expertCount)
    concentration = try container.decode(DirichletGate.Concentration.self, forKey: .concentration)
    prior = try container.decode(Dirichlet.self, forKey: .prior)
    posteriors = try container.decode([Dirichlet].self, forKey: .posteriors)
    groupNames = try container.decode([String].self, forKey: .groupNames)
    bounds = try container.decodeIfPresent(ClosedRange<Double>.self, forKey: .bounds)
    try decoder.checking { try validate() }
    tabulate()
  }
}
