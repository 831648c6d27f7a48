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
  /// negative, for both they must be numbers, and no categories.
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
          + "\(self == .counting ? "counts" : "numbers"): give it a column of numbers, or take experts that explain categories"
      )
    }
    if self == .counting { try response.requireCounts(for: model) }
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
    throw DataError(
      row: first.row,
      "\(moments.name) is \(first.text), which is no count, but a \(model.partName) explains counts 0, 1, 2, …: correct the row or leave it out, "
        + "or take experts that explain numbers, such as a LinearExpert")
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
