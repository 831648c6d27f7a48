/// The gate of a mixture: the prior probabilities π_k of its experts, constant or depending on the row.
///
/// Weights belong to assignments, of which a tile has ``Tile/assignmentCount``: one a row, or one a group of rows. What a gate
/// sees of them is in ``Tile/gateFeatures`` and ``Tile/gateDesign(_:)``. Columns are laid out as for ``LocalModel``.
public protocol Gate: Part {
  /// The number of experts, K.
  var expertCount: Int { get }

  /// Whether the weights depend on the row; false unless the gate says otherwise.
  var readsFeatures: Bool { get }

  /// Whether the gate knows that what it sees may be held in other units than those of the data (see ``Tile/units``); false by
  /// default. Its columns keep their units otherwise.
  var acceptsUnits: Bool { get }

  /// The units of the fit of what the gate sees, where it holds anything in them; nil by default.
  var featureUnits: [Double]? { get }

  /// Parts within the gate that have formulas of their own, such as another gate; none by default.
  var components: [any Part] { get }

  /// Those of the gate's features, by their numbers, whose density is in the weights: then the ELBO is per unit of them, too. None by
  /// default.
  var densityFeatures: [Int] { get }

  /// Σ |t| over the terms t that cancel within the gate's scores of a pass and within its divergence; by default 0. Rounding takes its
  /// share of them (see ``LocalModel/cancellingTerms(of:sharing:in:)``).
  func cancellingTerms(in statistics: Span<Double>) -> Double

  /// Turns statistics gathered under an earlier value of the gate into those that it would have gathered as it is, under the same
  /// responsibilities; by default they stay as they are (see ``LocalModel/rebase(_:from:to:)``).
  func rebase(_ statistics: inout MutableSpan<Double>, from earlier: Self)

  /// Whether it sees a category as one column of codes, the numbers of its levels (see ``RowShape/gateFeatures``), instead of columns of
  /// zeros and ones; false unless the gate says otherwise.
  var readsCodes: Bool { get }

  /// Weighs other experts: the new expert k is the old one of number `experts[k]`, or one that was not there where that is nil.
  ///
  /// A mixture calls it when it is composed, because a gate may be made before anybody knows how many experts there will be, and
  /// when experts come or go.
  mutating func select(_ experts: [Int?]) throws

  /// The gate's parameters of each expert, in the units of the data, for tables and JSON; empty if there are none.
  func parameters(for data: DataSummary) -> [[ParameterEstimate]]

  /// The gate's parameters that all experts have in common, likewise; none by default.
  func commonParameters(for data: DataSummary) -> [ParameterEstimate]

  /// The terms on which the gate is fitted, and what it says of all experts together, in words; none by default.
  var terms: [PartTerm] { get }

  /// The predictive weights, where they are the same for each assignment; nil, the default, where they may differ.
  var constantWeights: [Double]? { get }

  /// The gate of assignments of which nothing is known; the gate itself by default.
  var ofUnknown: any Gate { get }

  /// The length of the gate's slice of the buffer of statistics.
  var statisticsCount: Int { get }

  /// Writes E_q ln π_k for each assignment of the tile, expert k into the column that starts at k · ``Tile/capacity``.
  func expectedLogWeights(_ tile: Tile, into scores: inout MutableSpan<Double>)

  /// Adds the assignments' contributions, weighted by their responsibilities, to the statistics.
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)

  /// Maximises the ELBO, or at least does not lower it, over the gate's part of the posterior.
  mutating func update(from statistics: Span<Double>, resum: Resum<Self>) throws

  /// What the gate takes from the ELBO.
  var divergence: Double { get }

  /// What a user should know about the gate as it is after a fit, in sentences without the part's name; nothing by default.
  var warnings: [String] { get }

  /// How many free numbers of the gate are at the maximum of the likelihood, for criteria such as AIC; nil, as by default, where some have
  /// a prior or a distribution.
  var parameterCount: Int? { get }

  /// Those of the gate's features that say whose an assignment is, such as labels, by name; none by default. Starts from regions
  /// leave them out, and so do reports.
  var knownFeatures: [String] { get }

  /// Changes the responsibilities of a start, so that they agree with what is known of the tile's assignments; does nothing by
  /// default.
  func respectKnown(_ tile: Tile, in responsibilities: inout MutableSpan<Double>)

  /// Adapts bounds and starting values to the data, once before a fit.
  mutating func configure(for data: DataSummary) throws

  /// Checks that a fitted gate has the shape that it takes from `data`. By default that is the shape of one that is configured anew:
  /// lists are as long, and numbers finite where those are. A gate whose lists grow as it learns needs a check of its own.
  ///
  /// - Throws: ``UnfitValue``, or what the gate throws if it cannot be fitted to such data.
  func validate(for data: DataSummary) throws

  /// Writes ln of the predictive weights for each assignment: ln E_q π_k for a constant gate.
  func logPredictiveWeights(_ tile: Tile, into scores: inout MutableSpan<Double>)
}

extension Gate {
  /// A gate has no parameters of its experts to tell, unless it says otherwise.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] { [] }
  /// Experts have no parameters of a gate in common, unless it says otherwise.
  public func commonParameters(for data: DataSummary) -> [ParameterEstimate] { [] }
  /// A gate is fitted on no terms worth a word, unless it says otherwise.
  public var terms: [PartTerm] { [] }
  /// The weights may differ from row to row.
  public var constantWeights: [Double]? { nil }
  /// Rows of which nothing is known are weighed by the gate itself.
  public var ofUnknown: any Gate { self }
  /// The weights do not depend on the row.
  public var readsFeatures: Bool { false }
  /// A category is seen as columns of zeros and ones.
  public var readsCodes: Bool { false }
  /// A gate holds nothing in the units of its features.
  public var featureUnits: [Double]? { nil }
  /// A gate is made of no other parts.
  public var components: [any Part] { [] }
  /// Columns are handed over in the units of the data.
  public var acceptsUnits: Bool { false }
  /// The weights are no densities of features.
  public var densityFeatures: [Int] { [] }
  /// The default is zero, which is right where scores and divergence are sums of few terms of their own size.
  public func cancellingTerms(in statistics: Span<Double>) -> Double { 0 }
  /// Leaves them as they are.
  public func rebase(_ statistics: inout MutableSpan<Double>, from earlier: Self) {}
  /// There is nothing to warn of.
  public var warnings: [String] { [] }
  /// Nobody has counted them.
  public var parameterCount: Int? { nil }
  /// No feature says whose a row is.
  public var knownFeatures: [String] { [] }
  /// Moves sums from an earlier value of unknown type, which has to be the gate's own.
  package func rebase(_ statistics: inout MutableSpan<Double>, fromAny earlier: any Gate) {
    if let earlier = earlier as? Self { rebase(&statistics, from: earlier) }
  }

  /// Does nothing: nothing is known.
  public func respectKnown(_ tile: Tile, in responsibilities: inout MutableSpan<Double>) {}
  /// Does nothing: a gate without scales needs nothing from the data.
  public mutating func configure(for data: DataSummary) throws {}

  /// Compares the gate with a copy that is configured anew.
  public func validate(for data: DataSummary) throws {
    var fresh = self
    try fresh.configure(for: data)
    try requireShape(of: self, as: fresh)
    try UnfitValue.checkCount(nil, is: statisticsCount, mustBe: fresh.statisticsCount, what: "the sums that the data need")
  }
}
