import GSL

/// What the experts of a ``LocalModel`` own together when they own nothing together.
public struct Unshared: Sendable, Codable, Equatable {
  /// The only value.
  public init() {}
}

/// What a start looks at in a row's response: called with the number of the row in a tile, and the tile.
public typealias StartingResponse = @Sendable (_ row: Int, _ tile: Tile) -> Double

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

  /// What the experts' densities are relative to, for each response column that they explain; called when they are adapted to data, before
  /// anything else. Types that explain one column check it by ``Measure/checked(on:for:)``.
  ///
  /// - Parameters:
  ///   - responses: what is known of the response columns, of which there is one at least.
  ///   - experts: the experts of a block.
  /// - Throws: ``DataError`` for values that the experts have no density for: it names the row and the value, and says what to do.
  static func measures(of responses: [DataSummary.Response], for experts: [Self]) throws -> [Measure]

  /// Whether rows may have an offset (see ``Tile/offset``): the type adds it to what it predicts, in scores, sums, predictive
  /// distributions and starts from the data, or says deliberately that its distribution does not depend on it. Rows with an offset are refused otherwise.
  static var acceptsOffset: Bool { get }

  /// Whether rows may have a number of trials, of which the response is the number of successes (see ``Tile/trials``): the type reads it in
  /// scores, sums and predictive distributions. Rows with trials are refused otherwise.
  static var acceptsTrials: Bool { get }

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

  /// Makes of configured experts the same with points for distributions, for a start's warm-up iterations, and says that it has; by default there are
  /// no others. Experts that are as uncertain as a wide prior while they have few rows would never get more.
  static func becomePoints(_ experts: inout [Self], sharing shared: inout Shared) -> Bool

  /// What starts look at in a response, whose rows they divide by planes through it and by distances: for example the logarithm of a count,
  /// less any offset, which features explain by a plane. It must be finite in every row, also in one of weight zero. Nil, as by default,
  /// for the response itself, less any offset.
  static func startingResponse(of experts: [Self]) -> StartingResponse?

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

  /// Whether an update that cannot have another pass (``Resum/isPossible``) takes a step of which nobody knows whether it raises the ELBO. The
  /// driver then tries such steps first, which cost no pass of their own, and takes back those that lower the ELBO. By default updates know.
  static var stepsUnchecked: Bool { get }

  /// Maximises the ELBO, or at least does not lower it, over the experts' part of the posterior and what they share.
  static func update(
    _ experts: inout [Self], sharing shared: inout Shared, from statistics: Span<Double>, resum: Resum<Block<Self>>) throws

  /// Looks once more at the rows of a fit that is done, for what ``warnings(of:sharing:names:)`` should say. By default there is nothing to look
  /// for.
  ///
  /// - Parameters:
  ///   - experts: the experts as fitted. What a look finds they note; what they are they stay.
  ///   - shared: what they own together.
  ///   - statistics: the sums over the rows under their own responsibilities.
  ///   - resum: gives the sums of other values of the block under these responsibilities, at the cost of a pass.
  /// - Throws: what `resum` throws.
  static func examine(
    _ experts: inout [Self], sharing shared: Shared, from statistics: Span<Double>, resum: Resum<Block<Self>>) throws

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
