import Foundation
import GSL
import Mixtures

@testable import MixtureCore

/// A gate, rows, and responsibilities that do not change.
struct KnownAssignments<G: Gate> {
  var gate: G
  let rows: Observations
  var responsibilities: [[Double]]

  init(_ gate: G, _ rows: Observations, _ responsibilities: [[Double]]) throws {
    (self.gate, self.rows, self.responsibilities) = (gate, rows, responsibilities)
    try self.gate.select(responsibilities[0].map { _ in nil })
    try self.gate.configure(for: DataSummary(rows))
  }

  func statistics() throws -> [Double] { try statistics(of: gate) }

  mutating func update(_ count: Int) throws {
    for _ in 0..<count {
      let sums = try statistics()
      let copy = self
      try gate.update(from: sums.span, resum: Resum { try copy.statistics(of: $0) })
    }
  }

  func scores() throws -> [[Double]] { try columns { $0.expectedLogWeights($1, into: &$2) } }

  func predictiveWeights() throws -> [[Double]] {
    try columns { $0.logPredictiveWeights($1, into: &$2) }.map { $0.map { exp($0) } }
  }

  private func columns(_ write: (G, Tile, inout MutableSpan<Double>) -> Void) throws -> [[Double]] {
    let tile = rows.makeTile()
    var result: [[Double]] = []
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      var scores = [Double](repeating: 0, count: gate.expertCount * tile.capacity)
      withMutableSpan(of: &scores) { write(gate, tile, &$0) }
      for i in 0..<tile.assignmentCount { result.append((0..<gate.expertCount).map { scores[$0 * tile.capacity + i] }) }
    }
    return result
  }

  private func statistics(of gate: G) throws -> [Double] {
    let tile = rows.makeTile()
    var sums = [Double](repeating: 0, count: gate.statisticsCount)
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      var columns = [Double](repeating: 0, count: gate.expertCount * tile.capacity)
      for i in 0..<tile.assignmentCount {
        for k in 0..<gate.expertCount {
          columns[k * tile.capacity + i] = tile.assignmentWeights[i] * responsibilities[tile.firstAssignment + i][k]
        }
      }
      withMutableSpan(of: &sums) { gate.accumulate(tile, weighedBy: columns.span, into: &$0) }
    }
    return sums
  }
}
