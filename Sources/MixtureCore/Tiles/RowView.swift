import GSL

/// The columns of the data that a block sees, where it does not see all of them.
///
/// ```swift
/// Block(1, LinearExpert()).seeing(RowView(features: [0]))       // its slopes are those of the first feature
/// ```
///
/// A block takes what it sees for all there is: its features are numbered anew from zero, and so are its responses. Gates are no
/// matter of blocks, and a view shows nothing of what they see.
public struct RowView: Sendable, Codable, Equatable {
  /// The numbers of the features, in the order in which they are seen; nil for all.
  public var features: [Int]?
  /// The numbers of the responses, in ascending order; nil for all. The offset is that of the first response, and is seen with it.
  public var responses: [Int]?

  /// A view of features and responses of the given numbers; nil for all of them.
  public init(features: [Int]? = nil, responses: [Int]? = nil) {
    (self.features, self.responses) = (features, responses)
  }
}

extension RowView: Validatable {
  /// Checks that columns are counted from zero, each once, and that a response is among them.
  ///
  /// - Throws: ``UnfitValue``.
  public func validate() throws {
    for (key, numbers) in [("features", features ?? []), ("responses", responses ?? [])] {
      try UnfitValue.check(key, that: numbers.allSatisfy { $0 >= 0 }, need: "columns are counted from 0")
      if let twice = numbers.firstRepeated { try UnfitValue.check(key, that: false, need: "\(twice) is there twice") }
    }
    let ordered = responses ?? [0]
    try UnfitValue.check("responses", that: !ordered.isEmpty, need: "there must be one at least")
    try UnfitValue.check("responses", that: zip(ordered, ordered.dropFirst()).allSatisfy { $0 < $1 }, need: "must ascend")
  }

  /// Checks that there are such columns.
  ///
  /// - Throws: ``MixtureError/refused(_:)`` for `expert`, of which it is the view.
  func check(in data: DataSummary, for expert: String) throws {
    do { try validate() } catch let error as UnfitValue {
      throw MixtureError.refused("what expert \(expert) sees is not to be had: \(error)")
    }
    for (what, numbers, count) in [
      ("feature", features ?? [], data.features.count), ("response", responses ?? [], data.responses.count),
    ] {
      if let beyond = numbers.first(where: { $0 >= count }) {
        throw MixtureError.refused(
          "expert \(expert) is to see \(what) \(beyond), but the data have \(count) of them, counted from 0")
      }
    }
  }

  fileprivate var showsOffset: Bool { responses.map { $0.first == 0 } ?? true }
}

extension RowShape {
  /// What a block sees of it.
  public func seen(through view: RowView) -> RowShape {
    RowShape(
      features: features.restricted(to: view.features), gateFeatures: [],
      responses: responses.restricted(to: view.responses), hasIntercept: hasIntercept, gateHasIntercept: false,
      hasOffset: hasOffset && view.showsOffset)
  }
}

extension ColumnUnits {
  /// What a block sees of them.
  func seen(through view: RowView) -> ColumnUnits {
    ColumnUnits(
      features: features.restricted(to: view.features), ownGateFeatures: [], gateNames: [],
      responses: responses.restricted(to: view.responses))
  }
}

extension DataSummary {
  /// What a block sees of it: the summary of the same rows without the other columns.
  ///
  /// - Precondition: the view is of columns that there are.
  public func seen(through view: RowView) -> DataSummary {
    let ofFeatures = view.features ?? Array(features.indices)
    let ofResponses = view.responses ?? Array(responses.indices)
    var seen = self
    seen.units = units.seen(through: view)
    seen.features = features.restricted(to: view.features)
    seen.responses = responses.restricted(to: view.responses)
    if !view.showsOffset { (seen.responseLessOffset, seen.offset) = (nil, nil) }
    seen.quartiles = ofResponses.flatMap { quartiles[(3 * $0)..<(3 * $0 + 3)] }
    seen.covariance = covariance.restricted(to: ofFeatures + ofResponses.map { features.count + $0 })
    (seen.gateFeatures, seen.gateCovariance, seen.gateHasIntercept) = ([], Matrix(rows: 0, columns: 0), false)
    (seen.featureVaryingInGroups, seen.negativeGateFeatures) = (nil, nil)
    return seen
  }
}

extension Array {
  /// The elements of the given numbers; all where there are none given.
  fileprivate func restricted(to numbers: [Int]?) -> [Element] { numbers.map { $0.map { self[$0] } } ?? self }
}
