import MixtureCore

extension Design {
  /// Refuses numbers of trials that are given twice, or of several responses.
  ///
  /// - Throws: `MixtureError`.
  static func check(trials: String?, beside formula: Formula) throws {
    guard let trials else { return }
    guard formula.failures == nil else {
      throw MixtureError.refused(
        "both cbind(successes, failures) and the column \"\(trials)\" say how many trials there are: leave out one of them")
    }
    guard formula.response.count == 1 else {
      throw MixtureError.refused("the trials \"\(trials)\" are of one response, but there are \(formula.response.count)")
    }
  }

  /// The levels of the responses that are columns of categories, in the order of the table, without those that no row has.
  ///
  /// - Throws: `DataError` as `Table.column(_:)`.
  static func responseLevels(of formula: Formula, in table: Table) throws -> [String: [String]] {
    try formula.response.reduce(into: [:]) { result, expression in
      guard formula.failures == nil, case .column(let name) = expression else { return }
      result[name] = try table.responseLevels(name)
    }
  }

  /// The response columns. Text is a category, whose values are the codes of the levels in the fit.
  public var responseColumns: [ColumnSchema] {
    formula.response.map { expression in
      let name = expression.columnName
      return ColumnSchema(name, responseLevels[name].map { .category(levels: $0) } ?? .number)
    }
  }

  /// Of a response of two levels the one that is 1, of which experts such as `BernoulliExpert` tell the probability: the later one in the
  /// alphabet, as `yes` is beside `no`. Nil for other responses.
  public var successLevel: String? {
    guard responseColumns.count == 1, let levels = responseColumns[0].levels, levels.count == 2 else { return nil }
    return levels[1]
  }

  /// Which level of a response of two levels is 1 and which 0, in words; nil for other responses.
  package var codesInWords: String? {
    guard let successLevel, let failure = responseColumns[0].levels?.first else { return nil }
    return "\(responseColumns[0].name): \(successLevel) is 1 and \(failure) is 0, so probabilities are P(\(successLevel))"
  }

  /// What a fit has for response columns: these, and whether there are numbers of trials beside them.
  var responseSchemas: [ResponseColumn] {
    responseColumns.map { ResponseColumn($0, hasTrials: trials != nil || formula.failures != nil) }
  }

  /// The response: one column, or those of `mvbind`; of `cbind` the successes. Of categories the codes 0, 1, … of the levels.
  ///
  /// - Throws: `DataError` as ``features(of:)``.
  public func response(of table: Table) throws -> [(column: ColumnSchema, values: [Double])] {
    try zip(responseColumns, formula.response).map { column, expression in
      guard let levels = column.levels else { return (column, try expression.values(in: table)) }
      return (column, try table.codes(column.name, of: levels, knownTo: "the fit").map(Double.init))
    }
  }

  /// The columns that say of how many trials predictions are: of `cbind(y, n - y)` those of n. None where the response has no trials.
  package var trialColumns: [String] {
    trials.map { [$0] } ?? formula.total?.columns ?? (formula.failures == nil ? [] : formula.responseColumns)
  }

  /// The numbers of trials of the rows of a fit, by the name of the response; empty if it has none. What is no count the experts refuse, unless
  /// the row has no weight.
  ///
  /// - Throws: `DataError` as ``features(of:)``.
  package func trials(of table: Table) throws -> [String: [Double]] {
    let name = formula.response[0].columnName
    if let failures = formula.failures {
      let (values, weights) = (try failures.values(in: table), try rowWeights.map { try table.numbers($0) })
      let fault = values.indices.first { row in
        (values[row] < 0 || values[row] != values[row].rounded()) && weights.map { $0[row] > 0 } ?? true
      }
      if let fault {
        throw DataError(
          "\(table.rowName(fault)): the number of failures, \(failures), is \(FormulaText.number(values[fault])), which is not a count: correct "
            + "the row or leave it out")
      }
      return [name: zip(try formula.response[0].values(in: table), try failures.values(in: table)).map(+)]
    }
    return try trials.map { [name: try table.numbers($0)] } ?? [:]
  }

  /// The numbers of trials of rows that are scored.
  ///
  /// - Throws: `DataError` as ``features(of:)``, and for what is no count.
  func countedTrials(of table: Table) throws -> [String: [Double]] { try counted(trials(of: table), in: table) }

  /// The numbers of trials of rows that are predicted, whose response is not needed where it is not among ``trialColumns``.
  ///
  /// - Throws: `DataError` as ``features(of:)``, and for what is no count.
  func predictedTrials(of table: Table) throws -> [String: [Double]] {
    let name = formula.response[0].columnName
    if let missing = trialColumns.first(where: { !table.columnNames.contains($0) }) {
      let (what, one) =
        trialColumns.count == 1
        ? ("says of how many trials \(name) is", "1")
        : ("is needed for the number of trials of \(name), which is the sum of \(trialColumns.inSentence)", "0 and 1")
      throw DataError(
        "\(table.source): no column \"\(missing.withVisibleBlanks)\", which \(what), and so of how many the prediction is; there are "
          + "\(table.columnNames.map(\.withVisibleBlanks).joined(separator: ", ")): add it, or \(one) for the probability of one success"
      )
    }
    return try counted(uncountedTrials(of: table), in: table)
  }

  /// The same, whether they are counts or not.
  package func uncountedTrials(of table: Table) throws -> [String: [Double]] {
    try formula.total.map { [formula.response[0].columnName: try $0.values(in: table)] } ?? trials(of: table)
  }

  private func counted(_ trials: [String: [Double]], in table: Table) throws -> [String: [Double]] {
    for (name, values) in trials {
      guard let row = values.firstIndex(where: { $0 < 0 || $0 != $0.rounded() || $0 > 0x1p53 }) else { continue }
      throw DataError(
        "\(table.rowName(row)): the number of trials of \(name) is \(FormulaText.number(values[row])), which is not a count: correct the row or "
          + "leave it out")
    }
    return trials
  }
}

extension Table {
  /// The levels that the rows of a column of categories have; nil for numbers, and for text that was hardly meant as categories, since some of it
  /// are numbers or look like them.
  ///
  /// - Throws: `DataError` as ``column(_:)``.
  fileprivate func responseLevels(_ name: String) throws -> [String]? {
    let column = try stored(name)
    guard case .categories(let levels, let codes) = column.values, column.look == nil else { return nil }
    let cells = CellFormat(decimal: column.decimal)
    guard source == Self.sourceInMemory || !levels.contains(where: { CellKind.of($0, cells).kind == .number }) else {
      return nil
    }
    let present = Set(codes)
    return levels.indices.filter(present.contains).map { levels[$0] }
  }
}
