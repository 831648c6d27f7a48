import Foundation
import MixtureCore

/// What is true of a data set: the law it was drawn from, with all parameters, and how well anybody could do who knows it.
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
  public var features: [SyntheticColumn]
  /// The columns of the response, likewise.
  public var response: [SyntheticColumn]
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
  /// - Complexity: draws the rows once, unless their sums are given.
  public init(_ data: SyntheticDataSet, recipe: String? = nil, sums: BayesSums? = nil) throws {
    _generator = CodedByName(wrappedValue: data.generator)
    self.recipe = recipe
    seed = data.seed
    firstRow = data.rows.lowerBound
    rowCount = data.rows.count
    (features, response) = (data.generator.features, data.generator.response)
    rowsPerAssignment = data.generator.rowsPerAssignment
    experts = (0..<data.generator.expertCount).map { data.generator.parameters(ofExpert: $0) }
    let sums = try sums ?? BayesSums(data)
    weights = sums.meanWeights
    bayes = sums.figures
  }

  /// The data set.
  ///
  /// - Throws: ``SyntheticDataError`` if the numbers of the rows make no sense.
  public func data() throws -> SyntheticDataSet {
    try SyntheticDataSet(generator, rows: firstRow..<(firstRow + max(0, rowCount)), seed: seed)
  }

  /// As many rows of the same law as one likes, none of them among the data set's.
  ///
  /// - Throws: ``SyntheticDataError`` for less than one row, or more than there are numbers for.
  public func unseenRows(_ count: Int) throws -> SyntheticDataSet { try data().unseenRows(count) }
}
