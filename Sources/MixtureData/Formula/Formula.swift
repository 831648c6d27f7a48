/// A response, the terms that explain it, and the terms on which the gate depends, in R's language.
///
/// ```swift
/// let formula = try Formula("y ~ x + log(z) + factor(g) + offset(log(e)) | z")
/// let same = try Formula(
///   response: ["y"], experts: ["x", .call(.log, "z"), .factor("g")], offsets: [.call(.log, "e")], gate: ["z"])
/// ```
///
/// Both are the same value. A ``Design`` makes features of it.
public struct Formula: Sendable, Equatable {
  /// The response, or the columns of `mvbind(a, b)`.
  public let response: [Expression]
  /// The failures of `cbind(successes, failures)`, whose successes are the response; nil for a response of one number a row.
  public let failures: Expression?
  /// The terms of the experts.
  public let experts: Terms
  /// The offsets, which add to each other.
  public let offsets: [Expression]
  /// The terms of the gate; nil if there is no `|`.
  public let gate: Terms?

  /// One side of the `|`: terms, and whether there is an intercept. An array literal is a side with an intercept.
  public struct Terms: Sendable, Equatable, ExpressibleByArrayLiteral {
    /// The terms, in order.
    public let terms: [Term]
    /// What is taken away from the columns for which `.` stands.
    public let removed: [Term]
    /// Whether there is an intercept.
    public let hasIntercept: Bool

    /// A side.
    public init(_ terms: [Term], removing removed: [Term] = [], hasIntercept: Bool = true) {
      self.terms = terms
      self.removed = removed
      self.hasIntercept = hasIntercept
    }

    /// The terms, with an intercept.
    public init(arrayLiteral terms: Term...) { self.init(terms) }
  }

  /// Reads a formula.
  ///
  /// - Throws: ``FormulaError``, which points at the character.
  public init(_ text: String) throws(FormulaError) {
    var parser = try FormulaParser(text)
    self = try parser.formula()
  }

  /// A formula from its parts. They are held to the rules of the text that they print: products are written out, repeated
  /// terms dropped.
  ///
  /// - Parameters:
  ///   - response: one expression, or the columns of `mvbind`.
  ///   - failures: of a response of successes, the failures beside them, as in `cbind(successes, failures)`.
  ///   - experts: the terms of the experts.
  ///   - offsets: what each row's prediction has added to it, with no coefficient.
  ///   - gate: the terms of the gate; nil for weights that are the same in each row.
  /// - Throws: ``FormulaError`` for parts that no text could give: no response, or the response among the terms.
  public init(
    response: [Expression], failures: Expression? = nil, experts: Terms, offsets: [Expression] = [], gate: Terms? = nil
  ) throws(FormulaError) {
    try self.init(
      Self(checkedResponse: response, failures: failures, experts: experts, offsets: offsets, gate: gate).description)
  }

  /// A formula whose parts the parser has checked.
  init(checkedResponse response: [Expression], failures: Expression?, experts: Terms, offsets: [Expression], gate: Terms?) {
    self.response = response
    self.failures = failures
    self.experts = experts
    self.offsets = offsets
    self.gate = gate
  }

  /// Whether the experts have an intercept.
  public var hasIntercept: Bool { experts.hasIntercept }

  /// The number of trials n of `cbind(y, n - y)`, which new rows can have without y; nil for failures of another kind.
  var total: Expression? {
    guard case .operation(.minus, let total, let successes)? = failures, successes == response[0],
      Set(total.columns).isDisjoint(with: successes.columns)
    else { return nil }
    return total
  }

  /// The columns of the response, and of failures beside it.
  var responseColumns: [String] { (response + [failures].compactMap(\.self)).flatMap(\.columns) }

  /// Those of the named columns of a table in which a fit of the formula needs every cell, in the table's order; `.` reads all but that
  /// of labels, which may be missing. Columns of trials, row weights and groups come last.
  public func columns(
    among names: [String], trials: String? = nil, rowWeights: String? = nil, groups: String? = nil, labels: String? = nil
  ) -> [String] {
    let others = [trials, rowWeights, groups].compactMap(\.self)
    let names = names.filter { !others.contains($0) && $0 != labels }
    let terms = experts.terms + (gate?.terms ?? [])
    guard !terms.contains(where: \.mentionsOthers) else { return names + others }
    let read = Set(responseColumns + offsets.flatMap(\.columns) + terms.flatMap(\.columns))
    return names.filter(read.contains) + others
  }
}

extension Formula: CustomStringConvertible {
  /// The formula with products written out; it reads back as the same formula.
  public var description: String {
    let columns = (response + [failures].compactMap(\.self)).map(\.description)
    let bound = columns.joined(separator: ", ")
    let left = failures != nil ? "cbind(\(bound))" : columns.count == 1 ? bound : "mvbind(\(bound))"
    let right = experts.text(offsets: offsets)
    return "\(left) ~ \(right)" + (gate.map { " | \($0.text(offsets: []))" } ?? "")
  }
}

extension Formula.Terms {
  /// The terms joined by plus signs, and what is removed from them.
  fileprivate func text(offsets: [Formula.Expression]) -> String {
    var text = terms.map(\.description) + offsets.map { "offset(\($0))" }
    if terms.isEmpty { text.insert(hasIntercept ? "1" : "0", at: 0) }
    let removals = removed.map { " - \($0)" } + (terms.isEmpty || hasIntercept ? [] : [" - 1"])
    return text.joined(separator: " + ") + removals.joined()
  }
}

extension Formula: Codable {
  /// Reads the text.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` for a text that is no formula.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do { try self.init(text) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.inOneLine)
    }
  }

  /// Writes the text.
  ///
  /// - Parameter encoder: where to write to.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
