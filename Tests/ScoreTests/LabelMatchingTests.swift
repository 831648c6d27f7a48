import GSL
import MixtureDiagnostics
import References
import Testing

/// Matchings of least cost, against all permutations and against another program.
@Suite struct LabelMatchingTests {
  private struct Content: Decodable {
    struct Matching: Decodable {
      var rows: Int
      var columns: Int
      var costs: [Double]
      var cost: Double
    }
    struct Partition: Decodable {
      var first: [Int]
      var second: [Int]
      var index: Double
    }
    var matchings: [Matching]
    var partitions: [Partition]
  }

  /// The least cost over all ways to give each of the rows from `row` on one of the columns left, or none where there are too few.
  private func leastCost(_ costs: Matrix, row: Int = 0, left: Set<Int>, idle: Int) -> Double {
    guard row < costs.rows else { return 0 }
    let used = left.map { costs[row, $0] + leastCost(costs, row: row + 1, left: left.subtracting([$0]), idle: idle) }
    let unused = idle > 0 ? leastCost(costs, row: row + 1, left: left, idle: idle - 1) : .infinity
    return min(used.min() ?? .infinity, unused)
  }

  private func isOneToOne(_ matching: LabelMatching, _ costs: Matrix) -> Bool {
    let pairs = matching.columns.compactMap(\.self)
    let sum = matching.columns.enumerated().reduce(0) { sum, pair in
      sum + (pair.element.map { costs[pair.offset, $0] } ?? 0)
    }
    return matching.columns.count == costs.rows && pairs.count == min(costs.rows, costs.columns)
      && Set(pairs).count == pairs.count && abs(sum - matching.cost) < 1e-12
      && matching.rows(ofColumns: costs.columns).enumerated().allSatisfy { column, row in
        row.map { matching.columns[$0] == column } ?? !pairs.contains(column)
      }
  }

  @Test(arguments: 1...6, 1...6)
  func costsLeastOfAllPermutations(rows: Int, columns: Int) {
    var source = RandomSource(seed: UInt64(10 * rows + columns))
    for isInteger in [false, true] {
      for _ in 0..<5 {
        let costs = Matrix(
          rows: rows, columns: columns,
          elements: (0..<(rows * columns)).map { _ in isInteger ? Double(source.integer(below: 4)) : source.gaussian() })
        let matching = LabelMatching(costs: costs)
        let least = leastCost(costs, left: Set(0..<columns), idle: max(0, rows - columns))
        #expect(isOneToOne(matching, costs) && abs(matching.cost - least) < 1e-12)
      }
    }
  }

  @Test func agreesWithScipy() throws {
    for one in try Reference.load("matching", as: Content.self).matchings {
      let costs = Matrix(rows: one.rows, columns: one.columns, elements: one.costs)
      let matching = LabelMatching(costs: costs)
      #expect(isOneToOne(matching, costs) && matching.cost == one.cost, "\(one.rows) × \(one.columns)")
    }
  }

  @Test func nothingToMatch() {
    #expect(LabelMatching(costs: Matrix(rows: 2, columns: 0)).columns == [nil, nil])
    #expect(LabelMatching(costs: Matrix(rows: 0, columns: 2)).columns.isEmpty)
  }

  @Test func adjustedRandIndexAgreesWithScikitLearn() throws {
    for one in try Reference.load("matching", as: Content.self).partitions {
      #expect(abs(adjustedRandIndex(of: one.first, and: one.second) - one.index) < 1e-14)
      #expect(adjustedRandIndex(of: one.second, and: one.first) == adjustedRandIndex(of: one.first, and: one.second))
    }
  }

  @Test func adjustedRandIndexAtItsEdges() {
    let labels = [0, 0, 1, 2, 2, 2]
    #expect(adjustedRandIndex(of: labels, and: labels.map { ["c", "a", "b"][$0] }) == 1)
    #expect(adjustedRandIndex(of: [0, 0, 0], and: [7, 7, 7]) == 1)
    #expect(adjustedRandIndex(of: [0, 1, 2], and: [2, 0, 1]) == 1)
    #expect(adjustedRandIndex(of: [0, 0, 0], and: [0, 1, 2]) == 0)
    #expect(adjustedRandIndex(of: [0, 0, 0], and: [0, 1, 1]) == 0)
    #expect(adjustedRandIndex(of: [5], and: [6]) == 1 && adjustedRandIndex(of: [Int](), and: [Int]()) == 1)
    // Hubert & Arabie 1985: less than by chance is negative. 4 objects in pairs, crossed: (0 − ⅔) / (2 − ⅔) = −½.
    #expect(abs(adjustedRandIndex(of: [0, 0, 1, 1], and: [0, 1, 0, 1]) + 0.5) < 1e-15)
  }
}
