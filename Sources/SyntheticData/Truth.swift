import Foundation
import MixtureCore

/// What is true of a data set: the distribution it was drawn from, with all parameters, and how well anybody could do who knows it.
///
/// A file of it is JSON. Since rows depend on generator, seed and number alone, it is enough to draw the data again, their
/// assignments, and as many rows as one likes that nobody has seen.
public struct Truth: Sendable, Codable {
  /// The generator, by the name of its type, with its parameters.
  @CodedByName public private(set) var generator: any Generator
  /// The recipe that the generator was drawn by, if any.
  public var recipe: String?
  /// The seed of the rows.
  public var seed: UInt64
  /// The number of the first row.
  public var firstRow: Int
  /// The number of rows.
  public var rowCount: Int
  /// The columns that explain the response, which come first in the data, with their levels.
  public var features: [ColumnSchema]
  /// The columns of the response, likewise.
  public var response: [ColumnSchema]
  /// How many rows that follow one another share an assignment. If more than one, the last column of the data is `group`.
  public var rowsPerAssignment: Int
  /// The experts' parameters, called as a fit calls them.
  public var experts: [[ParameterEstimate]]
  /// The mean of each expert's weight over the rows.
  public var weights: [Double]
  /// How well anybody could do on these rows.
  public var bayes: BayesFigures
  /// The expert that each row was drawn from, if asked for.
  public var assignments: [Int]?

  /// The truth of a data set.
  ///
  /// - Complexity: draws the rows once.
  public init(_ data: SyntheticDataSet, recipe: String? = nil) throws {
    try self.init(data, recipe: recipe, sums: BayesSums(data))
  }

  /// The truth of a data set with the sums over its rows.
  package init(_ data: SyntheticDataSet, recipe: String?, sums: BayesSums) throws {
    _generator = CodedByName(wrappedValue: data.generator)
    self.recipe = recipe
    seed = data.seed
    firstRow = data.rows.lowerBound
    rowCount = data.rows.count
    (features, response) = (data.generator.features, data.generator.response)
    rowsPerAssignment = data.generator.rowsPerAssignment
    experts = (0..<data.generator.expertCount).map { data.generator.parameters(ofExpert: $0) }
    weights = sums.meanWeights
    bayes = sums.figures
  }

  /// The data set.
  ///
  /// - Throws: as `SyntheticDataSet`.
  public func data() throws -> SyntheticDataSet { try SyntheticDataSet(generator, rows: rows(), seed: seed) }

  /// As many rows of the same distribution as one likes, none of them among the data set's.
  ///
  /// - Throws: `ArgumentError` for less than one row, or more than there are numbers for.
  public func unseenRows(_ count: Int) throws -> SyntheticDataSet { try data().unseenRows(count) }

  private func rows() throws -> Range<Int> {
    let (end, overflows) = firstRow.addingReportingOverflow(rowCount)
    guard firstRow >= 0, rowCount > 0, !overflows else {
      throw SyntheticDataError("\(rowCount) rows from number \(firstRow): give at least one row, and no negative number")
    }
    return firstRow..<end
  }
}

extension Truth {
  private enum CodingKeys: String, CodingKey {
    case generator, recipe, seed, firstRow, rowCount, features, response, rowsPerAssignment, experts, weights, bayes,
      assignments
  }

  /// Decodes a truth, and checks that it is one.
  ///
  /// - Throws: `DecodingError` that says what is wrong, and where.
  public init(from decoder: any Decoder) throws {
    PartRegistry.registerSyntheticParts()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    _generator = try container.decode(CodedByName<any Generator>.self, forKey: .generator)
    recipe = try container.decodeIfPresent(String.self, forKey: .recipe)
    seed = try container.decode(UInt64.self, forKey: .seed)
    firstRow = try container.decode(Int.self, forKey: .firstRow)
    rowCount = try container.decode(Int.self, forKey: .rowCount)
    features = try container.decode([ColumnSchema].self, forKey: .features)
    response = try container.decode([ColumnSchema].self, forKey: .response)
    rowsPerAssignment = try container.decode(Int.self, forKey: .rowsPerAssignment)
    experts = try container.decode([[ParameterEstimate]].self, forKey: .experts)
    weights = try container.decode([Double].self, forKey: .weights)
    bayes = try container.decode(BayesFigures.self, forKey: .bayes)
    assignments = try container.decodeIfPresent([Int].self, forKey: .assignments)
    try decoder.checking { try validate() }
  }
}

extension Truth {
  /// Checks the generator, and that all else is said of it, since who changes the one in a file may forget the other.
  ///
  /// - Throws: what the generator throws; ``SyntheticDataError`` for what is said of it falsely.
  func validate() throws {
    let generator = try data().generator
    func check(_ key: String, _ isRight: Bool, _ need: @autoclosure () -> String) throws {
      guard isRight else { throw SyntheticDataError("\(key): not those of the generator, which has \(need())") }
    }
    try check("features", features == generator.features, generator.features.summary)
    try check("response", response == generator.response, generator.response.summary)
    try check(
      "rowsPerAssignment", rowsPerAssignment == generator.rowsPerAssignment, "\(generator.rowsPerAssignment)")
    try check(
      "experts", experts.count == generator.expertCount && weights.count == experts.count,
      "\(generator.expertCount), with a weight and a list of parameters each")
    for (k, parameters) in experts.enumerated() {
      let own = generator.parameters(ofExpert: k)
      try check(
        "experts › [\(k)]", parameters.count == own.count && zip(parameters, own).allSatisfy { $0.isAbout($1) },
        own.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
    }
    guard weights.allSatisfy({ $0 >= 0 }), abs(weights.reduce(0, +) - 1) <= 1e-6 else {
      throw SyntheticDataError("weights: \(weights) are not valid mean weights: give numbers from 0 to 1 that sum to 1")
    }
    try bayes.validate()
    guard let assignments else { return }
    guard assignments.count == rowCount else {
      throw SyntheticDataError("\(assignments.count) assignments of \(rowCount) rows")
    }
    if let row = assignments.firstIndex(where: { !experts.indices.contains($0) }) {
      throw SyntheticDataError(
        "assignments › [\(row)]: \(assignments[row]), but there are \(experts.count) experts, counted from 0")
    }
  }
}

extension [ColumnSchema] {
  fileprivate var summary: String {
    map { column in column.name + (column.levels.map { " of levels \($0.joined(separator: ", "))" } ?? "") }
      .joined(separator: ", ")
  }
}

extension ParameterEstimate {
  /// Whether it is another but for rounding, which is not that of every machine.
  fileprivate func isAbout(_ other: ParameterEstimate) -> Bool {
    name == other.name && !(abs(value - other.value) > 1e-9 * max(abs(value), abs(other.value)))
  }
}
