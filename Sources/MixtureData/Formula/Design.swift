import MixtureCore

/// A formula together with what it learned from the rows of a fit: the levels of categories, the coefficients of orthonormal
/// polynomials, the knots of splines, and the columns for which `.` stands. It makes the same features of new rows.
///
/// ```swift
/// let design = try Design(Formula("y ~ poly(x, 2) + g"), for: table)
/// let fit = try model.fit(design.observations(of: table))
/// let distributions = try fit.mixture.predict(design.predictors(of: newTable))
/// ```
///
/// As JSON it is the formula's text, the names of the columns for `.`, of weights and of groups, the labels, and what each variable
/// learned.
public struct Design: Sendable, Equatable {
  /// The formula.
  public let formula: Formula
  /// The columns for which `.` stands.
  public let others: [String]
  /// The column of numbers of trials, of which the response is the number of successes, if any.
  public let trials: String?
  /// The levels of responses of categories, by the column's name.
  let responseLevels: [String: [String]]
  /// The column of row weights, if any.
  public let rowWeights: String?
  /// Whether the weights are rescaled to a mean of one over the assignments of a table, so that only their ratios count.
  public let rescalesRowWeights: Bool
  /// The column whose equal values share one assignment, if any.
  public let groups: String?
  /// Whether the gate sees a category as one column of codes, instead of columns of zeros and ones.
  public let gateReadsCodes: Bool
  /// The column that says of some rows which expert's they are, with the labels that it had, if any.
  public let labels: RowLabels?
  /// The cells of the fit's table that were missing beside empty ones, if that was said (``Table/missingWords``): those of new rows are, too.
  public let missingWords: Set<String>?
  let variables: [String: DesignVariable]
  let experts: DesignColumns
  let gate: DesignColumns?

  /// Features without limit would fill the memory before anybody noticed.
  private static let greatestTermCount = 10_000

  /// Learns a formula's features from the rows of a fit.
  ///
  /// - Parameters:
  ///   - formula: the formula.
  ///   - table: the rows of the fit.
  ///   - trials: the column of numbers of trials, of which the response is the number of successes, if any.
  ///   - rowWeights: the column of row weights, if any.
  ///   - rescalesRowWeights: whether these are rescaled to a mean of one, so that only their ratios count.
  ///   - groups: the column whose equal values share one assignment, wherever they stand, if any.
  ///   - labels: the column that says of some rows which expert's they are, if any. Cells that are empty, `NA` or `?` say nothing.
  ///   - gateReadsCodes: whether the gate sees a category as one column of codes (see `Gate.readsCodes`).
  /// - Throws: `DataError` for no rows; a column that is not there or holds the wrong kind of values; a categorical variable
  ///   with one level; too few different values for a polynomial or a spline; a removed term that is not there; no label at all.
  ///   `MixtureError` for a column of labels that is also something else, and for a column of trials beside `cbind` or several responses.
  public init(
    _ formula: Formula, for table: Table, trials: String? = nil, rowWeights: String? = nil,
    rescalesRowWeights: Bool = false, groups: String? = nil, labels: String? = nil, gateReadsCodes: Bool = false
  ) throws {
    guard table.rowCount > 0 else { throw DataError("no rows of data") }
    try Self.check(trials: trials, beside: formula)
    let taken = Set(
      [trials, rowWeights, groups, labels].compactMap(\.self) + formula.responseColumns
        + formula.offsets.flatMap(\.columns))
    let terms = (formula.experts.terms + (formula.gate?.terms ?? [])).flatMap(\.columns)
    let used =
      terms + formula.responseColumns + formula.offsets.flatMap(\.columns)
      + [trials, rowWeights, groups].compactMap(\.self)
    if let labels, used.contains(labels) {
      throw MixtureError.refused(
        "column \"\(labels)\" holds the labels, so it cannot be a response, a term, an offset, trials, row weights or groups as well: new rows "
          + "have no labels, and an expert's rows have equal ones")
    }
    let labels = try labels.map { try RowLabels($0, in: table) }
    let others = table.columnNames.filter { !taken.contains($0) && !table.rowNames.contains($0) }
    var variables: [String: DesignVariable] = [:]
    // Of a category that only codes stand for there may be any number of levels: they make no columns.
    let ofExperts = try Set(Self.variables(of: [formula.experts], others: others).map(\.description))
    for variable in try Self.variables(of: [formula.experts, formula.gate ?? []], others: others)
    where variables[variable.description] == nil {
      let isOfGate = !ofExperts.contains(variable.description)
      variables[variable.description] = try DesignVariable(
        variable, in: table, isOfGate: isOfGate, isCode: gateReadsCodes && isOfGate)
    }
    let needsOthers = [formula.experts, formula.gate ?? []].contains { $0.terms.contains(where: \.mentionsOthers) }
    try self.init(
      formula, others: needsOthers ? others : [], trials: trials,
      responseLevels: Self.responseLevels(of: formula, in: table), rowWeights: rowWeights,
      rescalesRowWeights: rescalesRowWeights, groups: groups, labels: labels, gateReadsCodes: gateReadsCodes,
      missingWords: table.missingWords, variables: variables)
  }

  init(
    _ formula: Formula, others: [String], trials: String?, responseLevels: [String: [String]], rowWeights: String?,
    rescalesRowWeights: Bool, groups: String?, labels: RowLabels?, gateReadsCodes: Bool, missingWords: Set<String>?,
    variables: [String: DesignVariable]
  ) throws {
    func columns(_ side: Formula.Terms, asCodes: Bool = false) throws -> DesignColumns {
      let terms = try Self.terms(of: side, others: others)
      return try DesignColumns(terms, hasIntercept: side.hasIntercept, asCodes: asCodes, variables: variables)
    }
    self.formula = formula
    self.others = others
    (self.trials, self.responseLevels) = (trials, responseLevels)
    (self.rowWeights, self.groups, self.labels) = (rowWeights, groups, labels)
    self.rescalesRowWeights = rescalesRowWeights
    self.missingWords = missingWords
    self.variables = variables
    experts = try columns(formula.experts)
    self.gateReadsCodes = gateReadsCodes
    gate = try formula.gate.map { try columns($0, asCodes: gateReadsCodes) }
    if let twice = labels?.featureNames.first(where: { gate?.names.contains($0) == true }) {
      throw DataError("two features of the gate are called \(twice), one of them a label")
    }
  }

  /// The names of the experts' features, as in R: `x`, `gb`, `x:gb`, `poly(x, 2)1`, `I(x^2)`.
  public var featureNames: [String] { experts.names }

  /// The names of the gate's features, labels not among them; nil if the formula has no gate.
  public var gateFeatureNames: [String]? { gate?.names }

  /// The categories among the gate's features that are columns of zeros and ones.
  package var gateCategories: [DesignColumns.Category] { gate?.categories ?? (labels == nil ? experts.categories : []) }

  /// What should be known of the features of a table's rows: that splines go on beyond the rows of the fit.
  ///
  /// - Throws: `DataError` as ``features(of:)``.
  package func warnings(for table: Table) throws -> [String] {
    try Self.variables(of: [formula.experts, formula.gate ?? []], others: others).reduce(into: []) { warnings, term in
      guard let warning = try variables[term.description]?.warning(of: term, in: table), !warnings.contains(warning)
      else { return }
      warnings.append(warning)
    }
  }

  /// Whether the experts have an intercept. It is not among the features.
  public var hasIntercept: Bool { formula.hasIntercept }

  /// Features, response and offset of a table's rows, of the fit or of others, with weights, groups and labels; rows of a group next to
  /// one another. A table need not have the column of labels.
  ///
  /// - Parameters:
  ///   - table: the rows.
  ///   - heldOut: whether the rows are to be scored, not fitted: then neither their weights nor their labels are needed or read.
  /// - Throws: `DataError` as ``features(of:)``, ``response(of:)`` and ``offset(of:)``, and for unusable weights, groups or labels.
  public func observations(of table: Table, heldOut: Bool = false) throws -> Observations {
    let gathered = try groups.map { try table.gatheringGroups(of: $0) }
    let groups = gathered?.groups.sorted()
    let table = gathered?.table ?? table
    let known =
      heldOut ? labels?.unknown(rowCount: table.rowCount) : try labels?.features(of: table, groups: groups)
    return try Observations(
      features: features(of: table), gateFeatures: gateFeatures(of: table, beside: known),
      responses: response(of: table), trials: heldOut ? countedTrials(of: table) : trials(of: table),
      offset: offset(of: table),
      rowWeights: heldOut ? nil : rowWeights.map { try table.weights($0, groups: groups, areRescaled: rescalesRowWeights) },
      groups: groups,
      hasIntercept: hasIntercept,
      gateHasIntercept: formula.gate?.hasIntercept ?? true)
  }

  /// The number that the assignment of each row of a table has among the ``observations(of:heldOut:)``; nil if each has its own.
  ///
  /// - Throws: `DataError` if the column of groups is missing or unfit.
  public func assignments(of table: Table) throws -> [Int]? {
    try groups.map { try table.gatheringGroups(of: $0).groups }
  }

  /// Features, offset and numbers of trials of a table's rows, whose response is neither needed nor read: the observations' response is zero.
  /// Nor are labels: a prediction is of rows of which nothing is known.
  ///
  /// - Parameters:
  ///   - table: the rows.
  ///   - withTrials: whether numbers of trials are needed, of which weights know nothing.
  /// - Throws: `DataError` as ``features(of:)``.
  public func predictors(of table: Table, withTrials: Bool = true) throws -> Observations {
    let zeros = [Double](repeating: 0, count: table.rowCount)
    return try Observations(
      features: features(of: table),
      gateFeatures: gateFeatures(of: table, beside: labels?.unknown(rowCount: table.rowCount)),
      responses: responseColumns.map { ($0, zeros) }, trials: withTrials ? predictedTrials(of: table) : [:],
      offset: offset(of: table),
      hasIntercept: hasIntercept, gateHasIntercept: formula.gate?.hasIntercept ?? true)
  }

  /// The experts' features, named columns of a value for each row, without the intercept.
  ///
  /// - Throws: `DataError` for a column that is not there or holds the wrong kind of values, a level unknown to the fit, or
  ///   a function that has no value in some row.
  public func features(of table: Table) throws -> [(column: ColumnSchema, values: [Double])] {
    try experts.values(in: table, variables: variables)
  }

  /// The gate's features, without an intercept; nil if the formula has no gate.
  ///
  /// - Throws: `DataError` as ``features(of:)``.
  public func gateFeatures(of table: Table) throws -> [(column: ColumnSchema, values: [Double])]? {
    try gate?.values(in: table, variables: variables)
  }

  /// The gate's features and then what is known of the rows; nil if there is neither.
  private func gateFeatures(
    of table: Table, beside known: [(column: ColumnSchema, values: [Double])]?
  ) throws -> [(column: ColumnSchema, values: [Double])]? {
    let own = try gateFeatures(of: table)
    return known.map { (own ?? []) + $0 } ?? own
  }

  /// The sum of the offsets, a value for each row; nil if the formula has none.
  ///
  /// - Throws: `DataError` as ``features(of:)``.
  public func offset(of table: Table) throws -> [Double]? {
    try formula.offsets.map { try $0.values(in: table) }.reduce(nil) { sum, offset in
      sum.map { zip($0, offset).map(+) } ?? offset
    }
  }

  static func variables(of sides: [Formula.Terms], others: [String]) throws -> [Formula.Term] {
    try sides.flatMap { try terms(of: $0, others: others) }.flatMap(\.variables)
  }

  /// The terms of a side with `.` written out, those of fewer variables first.
  private static func terms(of side: Formula.Terms, others: [String]) throws -> [Formula.Term] {
    var sum = FormulaSum()
    for term in side.terms {
      for product in try term.expanded(others: others, limit: greatestTermCount) { sum.add(product) }
      guard sum.terms.count <= greatestTermCount else { throw tooManyTerms(term) }
    }
    for term in side.removed where !sum.subtract(term, isNested: false) {
      throw DataError("there is no term \(term) to take away")
    }
    guard !sum.terms.isEmpty || side.hasIntercept else { throw DataError("there is neither a term nor an intercept") }
    let degrees = sum.terms.map(\.variables.count)
    return sum.terms.indices.sorted { (degrees[$0], $0) < (degrees[$1], $1) }.map { sum.terms[$0] }
  }
}

extension Design: CustomStringConvertible {
  /// The formula, what `.` stands for, the columns of trials, weights and groups, and the labels.
  public var description: String {
    let dot = others.isEmpty ? "" : " (. is \(others.joined(separator: " + ")))"
    let known = labels.map { ", labels \($0.column) (\($0.levels.joined(separator: ", ")))" } ?? ""
    return "\(formula)\(dot)" + (trials.map { ", trials \($0)" } ?? "") + (rowWeights.map { ", row weights \($0)" } ?? "")
      + (rescalesRowWeights ? " (rescaled to a mean of one)" : "") + (groups.map { ", groups \($0)" } ?? "") + known
  }
}

private func tooManyTerms(_ term: Formula.Term) -> DataError { DataError("\(term) stands for too many products") }

extension Formula.Term {
  /// The products for which the term stands once each `.` in it is one of `others`.
  fileprivate func expanded(others: [String], limit: Int) throws -> [Formula.Term] {
    var products = FormulaSum([.interaction([])])
    for variable in variables {
      let choices = variable == .others ? others.map { .column($0) } : [variable]
      guard products.terms.count * choices.count <= 20 * limit else { throw tooManyTerms(self) }
      products = FormulaSum(
        products.terms.flatMap { product in
          choices.map { Formula.Term(productOf: product.variables + [$0]) }
        })
    }
    return products.terms
  }
}
