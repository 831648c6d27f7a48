import Foundation
import GSL
import MixtureCore

/// A generator with one more expert, which has a share of the rows: its responses are uniform over a box, whatever the features.
public struct Contamination: GeneratorModifier {
  /// The generator of the other rows.
  @CodedByName public private(set) var base: any Generator
  /// The weight of the further expert, between 0 and 1.
  public let share: Double
  /// The box: the least and the greatest value of each column of the response.
  public let box: [ClosedRange<Double>]

  /// A generator of whose rows a share is contaminated.
  ///
  /// - Parameters:
  ///   - base: the generator of the other rows, whose response is of numbers.
  ///   - share: the probability of the further expert in each row.
  ///   - box: the range of each column; of a column of counts, the whole numbers in it.
  /// - Throws: as ``validate()``.
  public init(_ base: any Generator, share: Double, box: [ClosedRange<Double>]) throws {
    _base = CodedByName(wrappedValue: base)
    self.share = share
    self.box = box
    try validate()
  }

  /// A generator of whose rows a share is contaminated, over the box of the responses of its first thousand rows.
  ///
  /// - Parameters:
  ///   - base: the generator of the other rows, whose response is of numbers.
  ///   - share: the probability of the further expert in each row.
  ///   - seed: the seed of the thousand rows.
  /// - Throws: ``SyntheticDataError`` for a response with a category, or one that does not vary.
  public init(_ base: any Generator, share: Double, seed: UInt64) throws {
    let shared = base.rowsPerAssignment
    let pilot = try SyntheticDataSet(base, rows: (1000 + shared - 1) / shared * shared, seed: seed)
    var ranges = base.response.map { _ in (least: Double.infinity, greatest: -Double.infinity) }
    try pilot.forEachBlock(threads: 1, { $0.response }) { response in
      for row in 0..<response.rows {
        for j in ranges.indices {
          ranges[j] = (min(ranges[j].least, response[row, j]), max(ranges[j].greatest, response[row, j]))
        }
      }
    }
    guard ranges.allSatisfy({ $0.least <= $0.greatest }) else {
      throw SyntheticDataError("contamination is of numbers, but the responses are none")
    }
    try self.init(base, share: share, box: ranges.map { $0.least...$0.greatest })
  }

  /// - Throws: ``SyntheticDataError`` for a response with a category; `ArgumentError` for a share that is not between 0 and 1, a box of
  ///   another dimension or with an empty side, or negative counts in it; what the base throws.
  public func validate() throws {
    try base.validate()
    let response = base.response
    if let category = response.first(where: { $0.levels != nil }) {
      throw SyntheticDataError("contamination is of numbers, but \"\(category.name)\" is a category")
    }
    try Self.require(share > 0 && share < 1, argument: "share", value: share, need: "between 0 and 1")
    try Self.require(
      box.count == response.count && zip(box, response).allSatisfy { Self.measure($0, $1) > 0 }, argument: "box",
      value: box,
      need: "a range with something in it for each of \(response.map(\.name).joined(separator: ", "))")
    try Self.requireFinite(box.flatMap { [$0.lowerBound, $0.upperBound] }, argument: "box")
    for (range, column) in zip(box, response) where column.kind == .count {
      try Self.require(
        range.lowerBound > -1 && range.upperBound < Self.largestCount, argument: "the box of \(column.name)", value: range,
        need: "within 0 to 2⁵³, for these are counts")
    }
  }

  /// Up to here doubles tell whole numbers apart.
  private static let largestCount = 0x1p53

  /// One more than the base has.
  public var expertCount: Int { base.expertCount + 1 }

  /// Writes the weights of the base, less the share, and the share.
  public func logWeights(_ block: RowBlock, into terms: inout Matrix) {
    base.logWeights(block, into: &terms)
    let (rest, own) = (log1p(-share), log(share))
    for row in 0..<block.count {
      for k in 0..<base.expertCount { terms[row, k] += rest }
      terms[row, base.expertCount] = own
    }
  }

  /// Lets the base draw all rows, those of the further expert as if they were its first one's, and then draws these anew.
  public func drawResponse(_ block: inout RowBlock) {
    let own = base.expertCount
    let rows = (0..<block.count).filter { block.assignments[$0] == own }
    for row in rows { block.assignments[row] = 0 }
    base.drawResponse(&block)
    for row in rows {
      block.assignments[row] = own
      for j in box.indices { block.response[row, j] = value(j, using: &block.sources[row]) }
    }
  }

  /// Writes the densities of the base, and −ln |box| in the box.
  public func logDensities(_ block: RowBlock, into terms: inout Matrix) {
    base.logDensities(block, into: &terms)
    let logDensity = zip(box, response).reduce(0) { $0 - log(Self.measure($1.0, $1.1)) }
    for row in 0..<block.count {
      let isInside = box.indices.allSatisfy { box[$0].contains(block.response[row, $0]) }
      terms[row, base.expertCount] = isInside ? logDensity : -.infinity
    }
  }

  /// Writes the means of the base, and the middle of the box.
  public func means(_ block: RowBlock, into means: inout Matrix) {
    base.means(block, into: &means)
    let middle = Self.middle(box[0], response[0])
    for row in 0..<block.count { means[row, base.expertCount] = middle }
  }

  /// Those of the base's experts; of the further one `mean` and `sd`, where the response is one column.
  public func parameters(ofExpert expert: Int) -> [ParameterEstimate] {
    guard expert == base.expertCount else { return base.parameters(ofExpert: expert) }
    guard let range = box.first, box.count == 1 else { return [] }
    let width = Self.measure(range, response[0])
    // Of n whole numbers the variance is (n² − 1) / 12, of an interval w² / 12.
    let variance = (width * width - (response[0].kind == .count ? 1 : 0)) / 12
    return [
      ParameterEstimate("mean", value: Self.middle(range, response[0])),
      ParameterEstimate("sd", value: variance.squareRoot()),
    ]
  }
}

extension Contamination {
  /// The length of a range, or how many whole numbers are in it.
  private static func measure(_ range: ClosedRange<Double>, _ column: ColumnSchema) -> Double {
    column.kind == .count
      ? range.upperBound.rounded(.down) - range.lowerBound.rounded(.up) + 1 : range.upperBound - range.lowerBound
  }

  private static func middle(_ range: ClosedRange<Double>, _ column: ColumnSchema) -> Double {
    column.kind == .count
      ? 0.5 * (range.upperBound.rounded(.down) + range.lowerBound.rounded(.up))
      : 0.5 * (range.lowerBound + range.upperBound)
  }

  private func value(_ column: Int, using source: inout RandomSource) -> Double {
    let range = box[column]
    guard response[column].kind == .count else {
      return range.lowerBound + (range.upperBound - range.lowerBound) * source.uniform()
    }
    return range.lowerBound.rounded(.up) + Double(source.integer(below: Int(Self.measure(range, response[column]))))
  }
}
