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
  /// Accepts all experts, for a type that has no wrong ones.
  public static func validate(_ experts: [Self], sharing shared: Shared) throws {}

  /// Compares experts and what they share with a copy that is configured anew.
  public static func validate(_ experts: [Self], sharing shared: Shared, for data: DataSummary) throws {
    var (fresh, freshShared) = (experts, shared)
    try configure(&fresh, sharing: &freshShared, for: data)
    try UnfitValue.at("experts") { try requireShape(of: experts, as: fresh) }
    try UnfitValue.at("shared") { try requireShape(of: shared, as: freshShared) }
    for (k, (expert, fresh)) in zip(experts, fresh).enumerated() {
      try UnfitValue.at("experts", "[\(k)]") {
        try UnfitValue.checkCount(
          nil, is: expert.statisticsCount, mustBe: fresh.statisticsCount, what: "the sums that the data need")
      }
    }
  }

  /// The default is nil: starts look at the response itself.
  public static func startingResponse(of experts: [Self]) -> StartingResponse? { nil }

  /// The default is false: there is no version with points.
  public static func becomePoints(_ experts: inout [Self], sharing shared: inout Shared) -> Bool { false }

  /// The default is false, so that an offset that nobody thought of is not ignored.
  public static var acceptsOffset: Bool { false }

  /// Looks for nothing.
  public static func examine(
    _ experts: inout [Self], sharing shared: Shared, from statistics: Span<Double>, resum: Resum<Block<Self>>
  ) throws {}

  /// The default is false.
  public static var stepsUnchecked: Bool { false }
  /// The default is false, so that successes among trials are not taken for counts.
  public static var acceptsTrials: Bool { false }

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
