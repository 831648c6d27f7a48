import GSL

/// The matching of two sets of labels, one to one, that costs least: which fitted expert is which true one.
///
/// It is the assignment problem (Kuhn 1955, Munkres 1957), solved by shortest augmenting paths (Jonker & Volgenant 1987): the labels of
/// the smaller set are matched one after another, each by the cheapest chain of changes to those before it. Where the sets differ in size
/// some labels of the larger stay without a partner.
package struct LabelMatching: Sendable, Equatable {
  /// The partner of each row of the costs; nil for one that has none.
  package let columns: [Int?]
  /// The sum of the costs of the pairs.
  package let cost: Double

  /// The partner of each of `count` columns; nil for one that has none.
  package func rows(ofColumns count: Int) -> [Int?] {
    var rows = [Int?](repeating: nil, count: count)
    for (row, column) in columns.enumerated() { if let column { rows[column] = row } }
    return rows
  }

  /// The matching of the rows of a matrix of finite costs with its columns.
  ///
  /// - Complexity: O(m² n) for m the smaller and n the larger number of labels.
  package init(costs: Matrix) {
    precondition(costs.elements.allSatisfy(\.isFinite), "costs must be finite")
    let isWide = costs.rows <= costs.columns
    var search = ShortestPaths(costs: isWide ? costs : costs.transposed)
    for row in 0..<min(costs.rows, costs.columns) { search.match(row) }
    var columns = [Int?](repeating: nil, count: costs.rows)
    for (column, row) in search.partners.enumerated() {
      if let row { columns[isWide ? row : column] = isWide ? column : row }
    }
    self.columns = columns
    cost = columns.enumerated().reduce(0) { sum, pair in sum + (pair.element.map { costs[pair.offset, $0] } ?? 0) }
  }
}

/// A matching of some rows that costs least, and prices that prove it: no cost is below the sum of its row's and its column's price, and
/// that of a pair is equal to it.
private struct ShortestPaths {
  let costs: Matrix
  /// The row with which each column is matched.
  private(set) var partners: [Int?]
  private var rowPrices: [Double]
  private var columnPrices: [Double]

  init(costs: Matrix) {
    self.costs = costs
    partners = Array(repeating: nil, count: costs.columns)
    rowPrices = Array(repeating: 0, count: costs.rows)
    columnPrices = Array(repeating: 0, count: costs.columns)
  }

  /// Matches a further row: by Dijkstra's algorithm over costs less prices, which are not negative, to the nearest column without partner.
  mutating func match(_ newRow: Int) {
    var distances = [Double](repeating: .infinity, count: costs.columns)
    var previousRow = [Int](repeating: newRow, count: costs.columns)
    var isOpen = [Bool](repeating: true, count: costs.columns)
    var (row, reached) = (newRow, 0.0)
    while true {
      var nearest: Int?
      for column in 0..<costs.columns where isOpen[column] {
        let distance = reached + costs[row, column] - rowPrices[row] - columnPrices[column]
        if distance < distances[column] { (distances[column], previousRow[column]) = (distance, row) }
        if distances[column] < nearest.map({ distances[$0] }) ?? .infinity { nearest = column }
      }
      guard let column = nearest else { return }
      (reached, isOpen[column]) = (distances[column], false)
      if let next = partners[column] {
        row = next
      } else {
        settle(distances, isOpen, reached, newRow)
        return exchange(from: column, to: newRow, previousRow)
      }
    }
  }

  /// Changes the prices so that those of the path's pairs are equal to their costs, and none is above.
  private mutating func settle(_ distances: [Double], _ isOpen: [Bool], _ reached: Double, _ newRow: Int) {
    rowPrices[newRow] += reached
    for column in 0..<costs.columns where !isOpen[column] {
      columnPrices[column] -= reached - distances[column]
      if let row = partners[column] { rowPrices[row] += reached - distances[column] }
    }
  }

  /// Gives each column on the path to the row before it.
  private mutating func exchange(from last: Int, to newRow: Int, _ previousRow: [Int]) {
    var column = last
    while true {
      let row = previousRow[column]
      let freed = partners.firstIndex(of: row)
      partners[column] = row
      guard row != newRow, let freed else { return }
      column = freed
    }
  }
}
