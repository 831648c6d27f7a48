/// What the densities of a response are relative to. Experts of one mixture must agree, for densities of different measures cannot be
/// compared.
public enum Measure: String, Sendable, Codable {
  /// Densities are per unit of the response, a real number.
  case lebesgue
  /// Densities are probabilities, of counts or of the codes of categories.
  case counting
}

extension Measure {
  /// This measure, once it is certain that experts have densities for the values of a response: for ``counting`` all must be whole and not
  /// negative, and so must numbers of trials, of which none may be less than the value; for both they must be numbers, and no categories.
  ///
  /// A type that explains one response says `try [Measure.counting.checked(on: responses[0], for: Self.self)]` in
  /// ``LocalModel/measures(of:for:)``, unless it takes other values.
  ///
  /// - Parameters:
  ///   - response: what is known of the response.
  ///   - model: the experts' type.
  /// - Throws: ``DataError`` that names the first row whose value is no count, or the levels.
  public func checked(on response: DataSummary.Response, for model: (some Part).Type) throws -> Measure {
    if let levels = response.levels {
      throw DataError(
        "\(response.name) has the \(levels.count == 1 ? "level" : "levels") \(levels.inWords), but a \(model.partName) explains "
          + "\(self == .counting ? "counts" : "numbers"): give it a column of numbers"
          + (levels.count == 2
            ? ", or take experts that explain two levels, such as a BernoulliExpert (--family bernoulli)" : "")
      )
    }
    if self == .counting {
      try response.requireCounts(for: model)
      try response.trials?.requireCounts(of: response.moments.name)
    }
    return self
  }
}

extension DataSummary.Response {
  /// Checks that all values are counts.
  ///
  /// - Throws: ``DataError`` that names the first row whose value is negative or not whole.
  fileprivate func requireCounts(for model: (some Part).Type) throws {
    let faults = [firstNegative, firstNotWhole].compactMap(\.self)
    guard let first = faults.min(by: { $0.row < $1.row }) else { return }
    let remedy =
      trials == nil
      ? "correct the row or leave it out, or take experts that explain numbers, such as a LinearExpert (--family normal)"
      : "give numbers of successes, not shares of the trials, and correct the row or leave it out"
    throw DataError(
      row: first.row,
      "\(moments.name) is \(first.text), which is \(first.noCount), but a \(model.partName) explains counts 0, 1, 2, …: \(remedy)"
    )
  }
}

extension DataSummary.Trials {
  /// Checks that all are counts, and none is less than the response.
  ///
  /// - Throws: ``DataError`` that names the first row.
  fileprivate func requireCounts(of name: String) throws {
    let noCount = { (place: DataSummary.RowValue) in
      (place.row, "the number of trials of \(name) is \(place.text), which is \(place.noCount)")
    }
    let exceeded = firstExceeded.map {
      ($0.row, "the number of successes, \(name), is more than the number of trials, \($0.text)")
    }
    let faults = [firstNegative.map(noCount), firstNotWhole.map(noCount), exceeded]
    guard let (row, fault) = faults.compactMap(\.self).min(by: { $0.0 < $1.0 }) else { return }
    throw DataError(row: row, fault + ": correct the row or leave it out")
  }
}

extension DataSummary.RowValue {
  /// Why it is no count.
  fileprivate var noCount: String {
    value > 0x1p53 ? "more than 2^53, up to which numbers tell counts apart" : "not a count"
  }
}

extension [String] {
  /// The first few of them, joined by commas and an "and".
  fileprivate var inWords: String {
    let shown = count > 6 ? prefix(5) + ["\(count - 5) more"] : self[...]
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
    return shown.dropLast().joined(separator: ", ") + " and " + last
  }
}
