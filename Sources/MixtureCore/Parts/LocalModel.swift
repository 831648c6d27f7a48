import GSL

/// What the experts of a ``LocalModel`` own together when they own nothing together.
public struct Unshared: Sendable, Codable, Equatable {
  /// The only value.
  public init() {}
}

/// A local model: one expert of a mixture, with its own part of the variational posterior.
///
/// The driver speaks to all experts of a block at once, so that one matrix product can serve them and they can share a
/// noise variance or a learned prior. An expert that shares nothing conforms to ``IndependentModel`` instead, and writes
/// four methods for itself alone.
///
/// ## Columns
/// Scores and responsibilities of a block are one column per expert, ``Tile/capacity`` numbers long; only the first
/// ``Tile/rowCount`` count. Responsibilities come multiplied by the row weights, and are zero beyond the last row.
public protocol LocalModel: Part {
  /// What all experts of the block own together.
  associatedtype Shared: Sendable & Codable & Equatable = Unshared
  /// What a pass over the data needs, computed once per pass; by default the experts themselves.
  associatedtype Prepared: Sendable = [Self]

  /// What kind of response the expert has a density for.
  static var responseSpace: ResponseSpace { get }

  /// Whether rows may have an offset (see ``Tile/offset``): the type adds it to what it predicts, in scores, sums, predictive
  /// distributions and starts from the data, or says deliberately that its distribution does not depend on it. Rows with an offset are refused otherwise.
  static var acceptsOffset: Bool { get }

  /// Whether the experts know that columns may be held in other units than those of the data (see ``Tile/units``): what they are told
  /// in the units of the data they take over into those, and what they tell they turn back. Columns keep their units otherwise, and
  /// numbers beyond 10^±150 are refused.
  static func acceptsUnits(sharing shared: Shared) -> Bool

  /// The units of the fit in which the experts hold what they know of the columns (see ``DataSummary/units``); nil before a fit, or for
  /// experts that know of none.
  static func units(of experts: [Self], sharing shared: Shared) -> ColumnUnits?

  /// What the experts and what they share take from the ELBO in the units of the data, less what they take in those of the fit: the
  /// logarithms of units by which densities of points differ. By default 0.
  static func divergenceOfUnits(of experts: [Self], sharing shared: Shared) -> Double

  /// Parts within what the experts share that have formulas of their own, such as a prior; none by default.
  static func components(of experts: [Self], sharing shared: Shared) -> [any Part]

  /// What the expert says that all experts of its block will share; it may be moved out of the expert. A block is of experts that
  /// say the same.
  mutating func makeShared() -> Shared

  /// Keeps the experts of the given numbers, in that order, and what they share is told so. By default nothing that is shared
  /// belongs to a single expert.
  static func select(_ kept: [Int], of experts: inout [Self], sharing shared: inout Shared)

  /// The expert's parameters in the units of the data, for tables and JSON.
  func parameters(for data: DataSummary) -> [ParameterEstimate]

  /// The priors of each expert's parameters as they are after a fit, in the units of the data, by the names of the parameters; none
  /// of those whose prior is flat, and none by default.
  static func priors(of experts: [Self], sharing shared: Shared, for data: DataSummary) throws -> [[ParameterPrior]]

  /// The terms on which the experts of a block are fitted, in words; none by default.
  static func terms(sharing shared: Shared) -> [PartTerm]

  /// How many sums over the rows the expert needs: the length of its slice of the buffer of statistics.
  var statisticsCount: Int { get }

  /// Makes of configured experts the same with points for distributions, for a start's first passes, and says that it has; by default there are
  /// no others. Experts that are as uncertain as a wide prior while they have few rows would never get more.
  static func becomePoints(_ experts: inout [Self], sharing shared: inout Shared) -> Bool

  /// Adapts scales, floors and starting values to the data, once before a fit.
  static func configure(_ experts: inout [Self], sharing shared: inout Shared, for data: DataSummary) throws

  /// Checks the experts of a block together with what they share; each has been checked by itself (``Validatable/validate()``). By
  /// default all is right.
  ///
  /// - Throws: ``UnfitValue``.
  static func validate(_ experts: [Self], sharing shared: Shared) throws

  /// Checks that fitted experts have the shape that they take from `data`. By default that is the shape of experts that are configured
  /// anew: lists are as long, and numbers finite where those are. Experts whose lists grow as they learn need a check of their own.
  ///
  /// - Throws: ``UnfitValue``, or what a part throws that cannot be fitted to such data.
  static func validate(_ experts: [Self], sharing shared: Shared, for data: DataSummary) throws

  /// What the passes over the data need of the experts as they are.
  static func prepare(_ experts: [Self], sharing shared: Shared) throws -> Prepared

  /// Writes E_q ln p(yᵢ | xᵢ, θ_k), or a lower bound of it, for all rows and experts: expert k into the column that starts
  /// at k · ``Tile/capacity``.
  static func expectedLogLikelihood(_ experts: Prepared, on tile: Tile, into scores: inout MutableSpan<Double>)

  /// Adds the rows' contributions, weighted by their responsibilities, to the statistics of all experts, whose slices
  /// follow one another.
  static func accumulate(
    _ experts: Prepared, on tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>
  )

  /// Maximises the ELBO, or at least does not lower it, over the experts' part of the posterior and what they share.
  static func update(
    _ experts: inout [Self], sharing shared: inout Shared, from statistics: Span<Double>, resum: Resum<Block<Self>>) throws

  /// Turns statistics gathered under `earlier` experts into those that `later` ones would have gathered under the same
  /// responsibilities. By default they stay as they are, which is right for sums that do not depend on the experts; sums
  /// about an expert's current values, such as its residuals, move with it. Needed by accelerated fits only.
  static func rebase(_ statistics: inout MutableSpan<Double>, from earlier: [Self], to later: [Self])

  /// Σ |t| over the terms t that cancel within the scores of a pass, such as the products behind a small residual, and within the
  /// divergence; by default 0. Rounding takes its share of them, not of what is left, so a fall of the ELBO by that much is no
  /// fault.
  static func cancellingTerms(of experts: [Self], sharing shared: Shared, in statistics: Span<Double>) -> Double

  /// How many free numbers of the experts and of what they share are at the maximum of the likelihood, for criteria such as AIC; nil, as by
  /// default, where some have a prior or a distribution.
  static func parameterCount(of experts: [Self], sharing shared: Shared) -> Int?

  /// The experts that have collapsed onto few rows, where their likelihood grows without bound.
  static func collapsedExperts(of experts: [Self], sharing shared: Shared) -> [Int]

  /// What a user should know about the experts as they are after a fit, in sentences without the part's name, in which expert k is called
  /// `names[k]`.
  static func warnings(of experts: [Self], sharing shared: Shared, names: [String]) -> [String]

  /// What the experts and what they share take from the ELBO: Σ_k KL(q(θ_k) ‖ p(θ_k)) and penalties.
  static func divergence(of experts: [Self], sharing shared: Shared) throws -> Double
}

/// A local model whose experts share nothing: four methods say all.
public protocol IndependentModel: LocalModel where Shared == Unshared, Prepared == [Self] {
  /// Writes E_q ln p(yᵢ | xᵢ, θ), or a lower bound of it, for each row of the tile.
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>)

  /// Adds the rows' contributions, weighted by their responsibilities, to the statistics.
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)

  /// Maximises the ELBO, or at least does not lower it, over the expert's part of the posterior.
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws

  /// What the expert takes from the ELBO: KL(q(θ) ‖ p(θ)).
  var divergence: Double { get }
}

/// Another pass over the data with the responsibilities frozen, for a part whose step has no closed form: the statistics
/// that `trial` would have accumulated in the pass just made.
public struct Resum<Trial> {
  /// Whether there are responsibilities for another pass. Behind extrapolated sums there are none, and a call throws; but then the
  /// driver takes back a step after which the ELBO is lower, so that a part need not look.
  public let isPossible: Bool
  private let pass: (Trial) throws -> [Double]

  /// Wraps the pass.
  public init(isPossible: Bool = true, _ pass: @escaping (Trial) throws -> [Double]) {
    self.isPossible = isPossible
    self.pass = pass
  }

  /// The trial's statistics over all rows. Costs a pass in which the part alone accumulates; the responsibilities, a number for each
  /// assignment and expert, are computed once and kept until the part is updated.
  public func callAsFunction(_ trial: Trial) throws -> [Double] { try pass(trial) }
}

/// What kind of response a local model has a density for. Experts of one mixture must agree: densities of different spaces
/// have no common measure.
public enum ResponseSpace: String, Sendable, Codable {
  /// A real number, with a density per unit of the response.
  case continuous
  /// A count 0, 1, 2, …
  case count
  /// 0 or 1.
  case binary
  /// One of a finite number of categories.
  case category
  /// Several real columns together.
  case columns
}

extension LocalModel {
  /// Leaves what is shared as it is.
  public static func select(_ kept: [Int], of experts: inout [Self], sharing shared: inout Shared) {
    experts = kept.map { experts[$0] }
  }

  /// A model has no parameters to tell, unless it says otherwise.
  public func parameters(for data: DataSummary) -> [ParameterEstimate] { [] }

  /// No parameter has a prior to tell.
  public static func priors(of experts: [Self], sharing shared: Shared, for data: DataSummary) throws -> [[ParameterPrior]]
  {
    experts.map { _ in [] }
  }

  /// A model is fitted on no terms worth a word, unless it says otherwise.
  public static func terms(sharing shared: Shared) -> [PartTerm] { [] }
}

extension LocalModel where Shared == Unshared {
  /// Independent models share nothing.
  public func makeShared() -> Unshared { Unshared() }
}

extension LocalModel {
  /// Does nothing.
  public static func validate(_ experts: [Self], sharing shared: Shared) throws {}

  /// Compares experts and what they share with a copy that is configured anew.
  public static func validate(_ experts: [Self], sharing shared: Shared, for data: DataSummary) throws {
    var (fresh, freshShared) = (experts, shared)
    try configure(&fresh, sharing: &freshShared, for: data)
    try UnfitValue.at("experts") { try requireShape(of: experts, as: fresh) }
    try UnfitValue.at("shared") { try requireShape(of: shared, as: freshShared) }
    for (k, (expert, fresh)) in zip(experts, fresh).enumerated() {
      try UnfitValue.at("experts", "[\(k)]") {
        try UnfitValue.checkCount(nil, expert.statisticsCount, fresh.statisticsCount, "the sums that the data need")
      }
    }
  }

  /// The default is false: there is no version with points.
  public static func becomePoints(_ experts: inout [Self], sharing shared: inout Shared) -> Bool { false }

  /// The default is false, so that an offset that nobody thought of is not ignored.
  public static var acceptsOffset: Bool { false }

  /// Experts are made of no other parts.
  public static func components(of experts: [Self], sharing shared: Shared) -> [any Part] { [] }

  /// Experts hold nothing in units of their own.
  public static func units(of experts: [Self], sharing shared: Shared) -> ColumnUnits? { nil }

  /// The divergence is the same in all units.
  public static func divergenceOfUnits(of experts: [Self], sharing shared: Shared) -> Double { 0 }

  /// The default is false, so that units that nobody thought of are not confounded.
  public static func acceptsUnits(sharing shared: Shared) -> Bool { false }

  /// Does nothing: an expert without scales or floors needs nothing from the data.
  public static func configure(_ experts: inout [Self], sharing shared: inout Shared, for data: DataSummary) throws {}
}

extension LocalModel {
  /// Leaves them as they are.
  public static func rebase(_ statistics: inout MutableSpan<Double>, from earlier: [Self], to later: [Self]) {}
}

extension LocalModel {
  /// The default is zero, which is right where scores are sums of few terms of their own size.
  public static func cancellingTerms(of experts: [Self], sharing shared: Shared, in statistics: Span<Double>) -> Double {
    0
  }

  /// Nobody has counted them.
  public static func parameterCount(of experts: [Self], sharing shared: Shared) -> Int? { nil }

  /// No expert can collapse.
  public static func collapsedExperts(of experts: [Self], sharing shared: Shared) -> [Int] { [] }
  /// There is nothing to warn of.
  public static func warnings(of experts: [Self], sharing shared: Shared, names: [String]) -> [String] { [] }
}

extension LocalModel where Prepared == [Self] {
  /// The experts themselves, where a pass needs nothing precomputed.
  public static func prepare(_ experts: [Self], sharing shared: Shared) throws -> [Self] { experts }
}

extension IndependentModel {
  /// Lets each expert write its own column.
  public static func expectedLogLikelihood(_ experts: [Self], on tile: Tile, into scores: inout MutableSpan<Double>) {
    for (k, expert) in experts.enumerated() {
      scores.withElements(in: tile.column(k)) { expert.expectedLogLikelihood(tile, into: &$0) }
    }
  }

  /// Gives each expert its column of responsibilities and its slice of the statistics.
  public static func accumulate(
    _ experts: [Self], on tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>
  ) {
    var offset = 0
    for (k, expert) in experts.enumerated() {
      let slice = offset..<(offset + expert.statisticsCount)
      statistics.withElements(in: slice) {
        expert.accumulate(tile, weighedBy: responsibilities.extracting(tile.column(k)), into: &$0)
      }
      offset = slice.upperBound
    }
  }

  /// Updates expert after expert, each from its own slice; a `resum` of one holds the others as they are by then.
  public static func update(
    _ experts: inout [Self], sharing shared: inout Shared, from statistics: Span<Double>, resum: Resum<Block<Self>>
  ) throws {
    var offset = 0
    for k in experts.indices {
      let slice = offset..<(offset + experts[k].statisticsCount)
      let others = experts
      let resumOne = Resum<Self> { trial in
        var trials = others
        trials[k] = trial
        return Array(try resum(Block(trials, shared: Unshared()))[slice])
      }
      try experts[k].update(from: statistics.extracting(slice), resum: resumOne)
      offset = slice.upperBound
    }
  }

  /// Σ_k of the experts' own divergences.
  public static func divergence(of experts: [Self], sharing shared: Shared) throws -> Double {
    experts.reduce(0) { $0 + $1.divergence }
  }
}
