import Foundation
import GSL
import MixtureCore
import MixtureData

/// Rows of a generator: those of given numbers out of a sequence without end, which a seed determines.
///
/// Every row depends on the generator, the seed and its own number alone, so any part of the sequence can be drawn by itself, on any
/// number of threads. Rows that nobody fitted to, for tests, are those of other numbers.
public struct SyntheticDataSet: Sendable {
  /// What the rows are drawn from.
  public let generator: any Generator
  /// The seed of the rows.
  public let seed: UInt64
  /// The numbers of the rows.
  public let rows: Range<Int>

  /// Rows of a generator.
  ///
  /// - Throws: what the generator's `validate()` throws; `ArgumentError` for no rows, negative numbers, or numbers that cut through rows
  ///   that share an assignment; ``SyntheticDataError`` for two columns of one name.
  public init(_ generator: any Generator, rows: Range<Int>, seed: UInt64 = 1) throws {
    try generator.validate()
    let shared = generator.rowsPerAssignment
    guard shared > 0 else { throw SyntheticDataError("\(shared) rows share an assignment: give at least one") }
    func require(_ isRight: Bool, _ need: String) throws {
      guard isRight else { throw ArgumentError(Self.self, argument: "rows", value: rows, need: need) }
    }
    try require(rows.lowerBound >= 0 && !rows.isEmpty, "one row at least, and no negative number")
    try require(
      rows.lowerBound % shared == 0 && rows.upperBound % shared == 0,
      "from a multiple of \(shared) to another, for so many rows share an assignment")
    self.generator = generator
    self.seed = seed
    self.rows = rows
    if let twice = columns.map(\.name).firstRepeated {
      throw SyntheticDataError("two columns are called \"\(twice)\"")
    }
  }

  /// The first `count` rows of a generator.
  ///
  /// - Throws: as ``init(_:rows:seed:)-(_,Range<Int>,_)``.
  public init(_ generator: any Generator, rows count: Int, seed: UInt64 = 1) throws {
    guard count > 0 else { throw ArgumentError(Self.self, argument: "rows", value: count, need: "at least 1") }
    try self.init(generator, rows: 0..<count, seed: seed)
  }

  /// As many further rows of the same distribution as one likes, rounded up to whole assignments.
  ///
  /// - Throws: `ArgumentError` for less than one row, or more than there are numbers for.
  public func unseenRows(_ count: Int) throws -> SyntheticDataSet {
    let shared = generator.rowsPerAssignment
    let most = Int.max - rows.upperBound - shared
    guard (1...most).contains(count) else {
      throw ArgumentError(Self.self, argument: "the number of unseen rows", value: count, need: "from 1 to \(most)")
    }
    let whole = (count + shared - 1) / shared * shared
    return try SyntheticDataSet(generator, rows: rows.upperBound..<(rows.upperBound + whole), seed: seed)
  }

  /// The columns of the data: features, response and, where rows share assignments, `group`, the number of the assignment.
  public var columns: [ColumnSchema] {
    generator.features + generator.response + (generator.rowsPerAssignment > 1 ? [.group] : [])
  }

  /// Draws all rows, block by block.
  ///
  /// - Parameters:
  ///   - threads: the number of threads; it does not change the rows.
  ///   - transform: called with each block, by several threads at once.
  ///   - consume: called with what `transform` returned, in the order of the rows, on the calling thread.
  /// - Throws: what `transform` or `consume` throws; ``SyntheticDataError`` for a row with weights that are no probabilities;
  ///   `CancellationError` if the task is cancelled.
  /// - Complexity: a few blocks a thread are in memory at a time.
  public func forEachBlock<Result: Sendable>(
    threads: Int = ProcessInfo.processInfo.activeProcessorCount, _ transform: @Sendable (RowBlock) throws -> Result,
    consume: (Result) throws -> Void
  ) throws {
    try forEachInOrder(blockCount, threads: threads, { try transform(block($0)) }, consume: consume)
  }

  /// The rows as a table in memory.
  ///
  /// - Throws: `DataError` for a number that is not finite; `MemoryError` for more rows than can be held; what
  ///   ``forEachBlock(threads:_:consume:)`` throws.
  public func table(threads: Int = ProcessInfo.processInfo.activeProcessorCount) throws -> Table {
    // Twice, for what is gathered becomes columns; and once more for whoever works on them.
    let (bytes, isMore) = rows.count.multipliedReportingOverflow(by: 3 * columns.count * MemoryLayout<Double>.size)
    try Memory.require(isMore ? Int.max : bytes, for: "a table of \(rows.count) rows and \(columns.count) columns")
    var gathered = [[Double]](repeating: [], count: columns.count)
    for index in gathered.indices { gathered[index].reserveCapacity(rows.count) }
    try forEachBlock(threads: threads) { block in
      let numbers = values(block)
      return (0..<numbers.columns).map { column in (0..<numbers.rows).map { numbers[$0, column] } }
    } consume: {
      for (index, column) in $0.enumerated() { gathered[index] += column }
    }
    return try Table(
      zip(columns, gathered).map { column, values in
        (column.name, column.levels.map { .categories(levels: $0, codes: values.map { Int($0) }) } ?? .numbers(values))
      })
  }

  /// The expert that each row is drawn from.
  public func assignments(threads: Int = ProcessInfo.processInfo.activeProcessorCount) throws -> [Int] {
    var assignments: [Int] = []
    try forEachBlock(threads: threads, { $0.assignments }, consume: { assignments += $0 })
    return assignments
  }

  /// The numbers of a block: a row for each row, a column for each of ``columns``, categories being the numbers of their levels.
  public func values(_ block: RowBlock) -> Matrix {
    let (features, response, shared) = (block.features, block.response, generator.rowsPerAssignment)
    let count = features.columns + response.columns + (shared > 1 ? 1 : 0)
    var numbers: [Double] = []
    numbers.reserveCapacity(block.count * count)
    for row in 0..<block.count {
      numbers += features.elements[(row * features.columns)..<((row + 1) * features.columns)]
      numbers += response.elements[(row * response.columns)..<((row + 1) * response.columns)]
      if shared > 1 { numbers.append(Double((block.rows.lowerBound + row) / shared)) }
    }
    return Matrix(rows: block.count, columns: count, elements: numbers)
  }
}

extension SyntheticDataSet {
  /// What is drawn, for sources of random numbers that are independent.
  private enum Stream: UInt64 { case features, assignments, response }

  private var rowsPerBlock: Int { RowBlock.capacity(sharing: generator.rowsPerAssignment) }

  private var blockCount: Int { (rows.count - 1) / rowsPerBlock + 1 }

  private func block(_ index: Int) throws -> RowBlock {
    let start = rows.lowerBound + index * rowsPerBlock
    let numbers = start..<(start + min(rowsPerBlock, rows.upperBound - start))
    var block = RowBlock(rows: numbers, of: generator, sources: sources(of: .features, numbers))
    generator.drawFeatures(&block)
    try assign(&block)
    block.sources = sources(of: .response, numbers)
    generator.drawResponse(&block)
    return block
  }

  private func sources(of stream: Stream, _ numbers: Range<Int>) -> [RandomSource] {
    let source = RandomSource(seed: seed).split(stream.rawValue)
    return numbers.map { source.split(UInt64($0)) }
  }

  /// Draws an expert for the first row of each assignment, by its weights there.
  private func assign(_ block: inout RowBlock) throws {
    var terms = Matrix(rows: block.count, columns: generator.expertCount)
    generator.logWeights(block, into: &terms)
    let source = RandomSource(seed: seed).split(Stream.assignments.rawValue)
    let shared = generator.rowsPerAssignment
    var weights = [Double](repeating: 0, count: terms.columns)
    for first in stride(from: 0, to: block.count, by: shared) {
      var own = source.split(UInt64(block.rows.lowerBound + first))
      for k in weights.indices { weights[k] = exp(terms[first, k]) }
      // Of features that the weights were not made for, or by a fault of somebody's own generator.
      guard weights.allSatisfy({ $0 >= 0 && $0 < .infinity }), weights.contains(where: { $0 > 0 }) else {
        throw SyntheticDataError(
          "row \(block.rows.lowerBound + first): the weights of the experts are \(weights), which are no probabilities")
      }
      let expert = own.categorical(weights: weights)
      for row in first..<(first + shared) { block.assignments[row] = expert }
    }
  }
}
