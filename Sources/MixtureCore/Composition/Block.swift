/// A block of experts of one type, and what they share.
///
/// ```swift
/// Block(2, LinearExpert(noise: .perExpert))     // two experts, equal until a fit tells them apart
/// try Block([near, far], named: "line")         // two that differ from the start, line 1 and line 2
/// ```
public struct Block<Model: LocalModel>: Sendable, Codable {
  /// The experts.
  public var experts: [Model]
  /// What they own together.
  public var shared: Model.Shared
  /// The experts' names; one without a name goes by its number in the mixture.
  public var names: [String?]
  /// Whether a fit leaves the experts, and what they share, as they are.
  public var isFixed = false
  /// The columns that the experts see; nil for all.
  public var view: RowView?
  /// The units of all columns in a fit, of which experts with a view know some.
  private var unitsOfAll: ColumnUnits?

  /// A block of `experts` that share `shared`.
  ///
  /// - Parameters:
  ///   - experts: the experts, in order.
  ///   - shared: what they own together.
  ///   - name: what the expert is called; if there are several, they are numbered.
  public init(_ experts: [Model], shared: Model.Shared, named name: String? = nil) {
    self.experts = experts
    self.shared = shared
    names = experts.indices.map { k in name.map { experts.count == 1 ? $0 : "\($0) \(k + 1)" } }
  }

  /// A block of experts, which share what they all say; see ``init(_:shared:named:)``.
  ///
  /// - Throws: ``MixtureError`` if there is no expert, or one says otherwise than the first.
  public init(_ experts: [Model], named name: String? = nil) throws {
    var experts = experts
    let terms = experts.indices.map { experts[$0].makeShared() }
    guard let shared = terms.first else { throw MixtureError.noExperts }
    if let other = terms.firstIndex(where: { $0 != shared }) {
      throw MixtureError.differentTerms(
        model: Model.partName, expert: other + 1, terms: Model.terms(sharing: terms[other]),
        first: Model.terms(sharing: shared))
    }
    self.init(experts, shared: shared, named: name)
  }

  /// A block of `count` experts like `expert`; see ``init(_:shared:named:)``.
  public init(_ count: Int, _ expert: Model, named name: String? = nil) {
    var expert = expert
    let shared = expert.makeShared()
    self.init(Array(repeating: expert, count: count), shared: shared, named: name)
  }
}

extension Block {
  /// The same experts, which see only part of the columns.
  public func seeing(_ view: RowView) -> Block {
    var result = self
    result.view = view
    return result
  }

  private enum CodingKeys: String, CodingKey { case experts, shared, names, isFixed, view, unitsOfAll }

  /// Decodes the experts and what they share, and checks them: each by itself (``Validatable/validate()``), and then all together.
  ///
  /// - Throws: `DecodingError` for values that are unfit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    experts = try container.decode([Model].self, forKey: .experts)
    shared = try container.decode(Model.Shared.self, forKey: .shared)
    names = try container.decode([String?].self, forKey: .names)
    isFixed = try container.decode(Bool.self, forKey: .isFixed)
    view = try container.decodeIfPresent(RowView.self, forKey: .view)
    unitsOfAll = try container.decodeIfPresent(ColumnUnits.self, forKey: .unitsOfAll)
    try decoder.checking {
      try UnfitValue.at("view") { try view?.validate() }
      try UnfitValue.at("unitsOfAll") { try unitsOfAll?.validateNumbers() }
      try UnfitValue.at("experts") { try validateAll(experts) }
      try UnfitValue.at("shared") { try validateAll(shared) }
      try UnfitValue.checkCount("names", is: names.count, mustBe: experts.count, what: "one for each expert")
      try Model.validate(experts, sharing: shared)
    }
  }
}

/// A block of experts of some type, as a mixture holds it.
public protocol AnyBlock: Sendable, Codable {
  /// The experts' type.
  var modelType: any LocalModel.Type { get }
  /// The columns that the experts see; nil for all.
  var view: RowView? { get }
  /// What the experts' densities are relative to, for each response column that they explain.
  func measures(of responses: [DataSummary.Response]) throws -> [Measure]
  /// Whether rows may have an offset.
  var acceptsOffset: Bool { get }
  /// Whether updates without another pass take steps that may lower the ELBO.
  var stepsUnchecked: Bool { get }
  /// Whether rows may have numbers of trials.
  var acceptsTrials: Bool { get }
  /// The experts' type, and parts with formulas of their own within what they share.
  var partTypes: [any Part.Type] { get }
  /// Whether columns may be held in other units than those of the data.
  var acceptsUnits: Bool { get }
  /// The units in which the experts hold what they know of the columns, if they know any.
  var units: ColumnUnits? { get }
  /// What units change of what the block takes from the ELBO.
  var divergenceOfUnits: Double { get }
  /// The same experts with points for distributions; nil where there are none.
  var asPoints: (any AnyBlock)? { get }
  /// What starts look at in a response; nil for the response itself, less any offset.
  var startingResponse: StartingResponse? { get }
  /// How many free numbers are at the maximum of the likelihood; nil where some have a prior or a distribution.
  var parameterCount: Int? { get }
  /// The number of experts.
  var count: Int { get }
  /// The experts' names; nil for one that goes by its number.
  var names: [String?] { get set }
  /// Whether a fit leaves the experts, and what they share, as they are.
  var isFixed: Bool { get set }
  /// Keeps the experts of the given numbers within the block, in that order.
  mutating func select(_ kept: [Int])
  /// The parameters of each expert.
  func parameters(for data: DataSummary) -> [[ParameterEstimate]]
  /// The priors of each expert's parameters.
  func priors(for data: DataSummary) throws -> [[ParameterPrior]]
  /// The terms on which the experts are fitted, in words.
  var terms: [PartTerm] { get }
  /// The length of the block's slice of the buffer of statistics.
  var statisticsCount: Int { get }
  /// What the block takes from the ELBO.
  func divergence() throws -> Double
  /// Adapts the experts to the data, once before a fit.
  mutating func configure(for data: DataSummary) throws
  /// Checks that fitted experts have the shape that they take from `data`.
  func validate(for data: DataSummary) throws
  /// What a pass over the data needs.
  func prepared() throws -> any PreparedBlock
  /// Updates the experts; `resum` gives the statistics of another value of the block under the same responsibilities, where there can be
  /// another pass.
  mutating func update(
    from statistics: Span<Double>, canResum: Bool, resum: @escaping (any AnyBlock) throws -> [Double]) throws
  /// Looks at the rows of a fit that is done, for what warnings should say; `resum` as in an update.
  mutating func examine(from statistics: Span<Double>, resum: @escaping (any AnyBlock) throws -> [Double]) throws
  /// Turns statistics gathered under an earlier value of the block into those that it would gather as it is.
  func rebase(_ statistics: inout MutableSpan<Double>, from earlier: any AnyBlock)
  /// The absolute values of the terms that cancel within the scores of a pass, summed over the rows.
  func cancellingTerms(in statistics: Span<Double>) -> Double
  /// The experts that have collapsed onto few rows, numbered within the block.
  var collapsedExperts: [Int] { get }
  /// What a user should know about the experts as they are after a fit; `names` has what each is called.
  func warnings(names: [String]) -> [String]
  /// The experts' predictive side, if their type has one.
  var predictive: [any Predictive]? { get }
}

extension AnyBlock {
  /// The ``Part/partName`` of the experts' type.
  public var modelName: String { modelType.partName }
}

/// Experts ready for a pass over the data.
public protocol PreparedBlock: Sendable {
  /// Writes the scores of all experts; see ``LocalModel``.
  func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>)
  /// Adds to the statistics of all experts; see ``LocalModel``.
  func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>)
}

extension Block: AnyBlock {
  /// The model.
  public var modelType: any LocalModel.Type { Model.self }
  /// Whether the type adds an offset to what it predicts, or needs none.
  public var acceptsOffset: Bool { Model.acceptsOffset }
  /// What the model says.
  public var stepsUnchecked: Bool { Model.stepsUnchecked }
  /// Whether the type reads numbers of trials.
  public var acceptsTrials: Bool { Model.acceptsTrials }
  /// The model, and the types of its components.
  public var partTypes: [any Part.Type] {
    [Model.self] + Model.components(of: experts, sharing: shared).map { type(of: $0) }
  }
  /// What the model says of what these experts share.
  public var acceptsUnits: Bool { Model.acceptsUnits(sharing: shared) }
  /// What the model says of its experts, or of all columns where they see some of them.
  public var units: ColumnUnits? {
    let known = Model.units(of: experts, sharing: shared)
    return view == nil ? known : known.flatMap { _ in unitsOfAll }
  }
  /// What the model makes of its experts.
  public var asPoints: (any AnyBlock)? {
    var result = self
    return Model.becomePoints(&result.experts, sharing: &result.shared) ? result : nil
  }
  /// What the model says of its experts.
  public var startingResponse: StartingResponse? { Model.startingResponse(of: experts) }
  /// What the model says of its experts.
  public var parameterCount: Int? { Model.parameterCount(of: experts, sharing: shared) }
  /// What the model says of the units of these experts and of what they share.
  public var divergenceOfUnits: Double { Model.divergenceOfUnits(of: experts, sharing: shared) }
  /// The number of experts in the block.
  public var count: Int { experts.count }
  /// The sum of the experts' own counts: their slices follow one another.
  public var statisticsCount: Int { experts.reduce(0) { $0 + $1.statisticsCount } }
  /// What the type says has collapsed.
  public var collapsedExperts: [Int] { Model.collapsedExperts(of: experts, sharing: shared) }
  /// What the type says of its experts.
  public func warnings(names: [String]) -> [String] { Model.warnings(of: experts, sharing: shared, names: names) }
  /// The experts themselves if their type is ``Predictive``, nil otherwise.
  public var predictive: [any Predictive]? { experts as? [any Predictive] }

  /// What the model says of its experts.
  public func measures(of responses: [DataSummary.Response]) throws -> [Measure] {
    try Model.measures(of: view?.responses.map { $0.map { responses[$0] } } ?? responses, for: experts)
  }

  /// What each expert tells of itself.
  public func parameters(for data: DataSummary) -> [[ParameterEstimate]] {
    let seen = seen(of: data)
    return experts.map { $0.parameters(for: seen) }
  }

  /// What the model says of its experts' priors.
  public func priors(for data: DataSummary) throws -> [[ParameterPrior]] {
    try Model.priors(of: experts, sharing: shared, for: seen(of: data))
  }

  /// What the model says of what its experts share.
  public var terms: [PartTerm] { Model.terms(sharing: shared) }

  /// Lets the model keep what belongs to the experts that stay.
  public mutating func select(_ kept: [Int]) {
    Model.select(kept, of: &experts, sharing: &shared)
    names = kept.map { names[$0] }
  }

  /// Σ_k KL(q(θ_k) ‖ p(θ_k)) and what the model adds for its shared part, in nats.
  public func divergence() throws -> Double { try Model.divergence(of: experts, sharing: shared) }

  /// Lets the model adapt all experts and what they share in one call.
  public mutating func configure(for data: DataSummary) throws {
    try Model.configure(&experts, sharing: &shared, for: seen(of: data))
    unitsOfAll = view.map { _ in data.units }
  }

  /// Lets the model check all experts and what they share in one call.
  public func validate(for data: DataSummary) throws {
    try UnfitValue.check(
      "unitsOfAll", that: unitsOfAll == (view == nil ? nil : data.units),
      need: "must be those of the data for experts with a view")
    try Model.validate(experts, sharing: shared, for: seen(of: data))
  }

  /// The model's ``LocalModel/Prepared`` with its static type hidden, so that the driver can hold blocks of any model.
  public func prepared() throws -> any PreparedBlock {
    Prepared(experts: try Model.prepare(experts, sharing: shared), view: view)
  }

  /// Passes the statistics of all experts on to the model's update.
  public mutating func update(
    from statistics: Span<Double>, canResum: Bool, resum: @escaping (any AnyBlock) throws -> [Double]
  ) throws {
    try Model.update(
      &experts, sharing: &shared, from: statistics, resum: trials(isPossible: canResum, resum))
  }

  /// Lets the model look at the rows of a fit that is done.
  public mutating func examine(
    from statistics: Span<Double>, resum: @escaping (any AnyBlock) throws -> [Double]
  ) throws {
    try Model.examine(&experts, sharing: shared, from: statistics, resum: trials(isPossible: true, resum))
  }

  /// Lets the model move them from the experts of the earlier value to these; both are of one type.
  public func rebase(_ statistics: inout MutableSpan<Double>, from earlier: any AnyBlock) {
    guard let earlier = earlier as? Block<Model> else { return }
    Model.rebase(&statistics, from: earlier.experts, to: experts)
  }

  /// What the model says of its experts.
  public func cancellingTerms(in statistics: Span<Double>) -> Double {
    Model.cancellingTerms(of: experts, sharing: shared, in: statistics)
  }

  /// Another pass for trials of the model, which know no more than experts and what they share.
  private func trials(
    isPossible: Bool, _ resum: @escaping (any AnyBlock) throws -> [Double]
  ) -> Resum<Block<Model>> {
    Resum(isPossible: isPossible) { [view] in try resum(view.map($0.seeing) ?? $0) }
  }

  private func seen(of data: DataSummary) -> DataSummary { view.map(data.seen) ?? data }

  private struct Prepared: PreparedBlock {
    let experts: Model.Prepared
    let view: RowView?

    func expectedLogLikelihood(_ tile: Tile, into scores: inout MutableSpan<Double>) {
      Model.expectedLogLikelihood(experts, on: view.map(tile.seen) ?? tile, into: &scores)
    }

    func accumulate(_ tile: Tile, weighedBy responsibilities: Span<Double>, into statistics: inout MutableSpan<Double>) {
      Model.accumulate(
        experts, on: view.map(tile.seen) ?? tile, weighedBy: responsibilities, into: &statistics)
    }
  }
}
