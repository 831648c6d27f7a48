import Foundation
import GSL
import Mixtures
import Testing

@testable import Gates
@testable import MixtureCore

/// One softmax against independent computations of its objective and of the maximum.
@Suite struct SoftmaxNodeTests {
  /// At any coefficients that sum to zero, to 1e-7 of the largest entry: central differences with two step sizes, extrapolated.
  @Test(arguments: [0.0, 1, 20], [1, 2] as [UInt64])
  func gradientIsThatOfFiniteDifferences(penalty: Double, seed: UInt64) throws {
    let data = try SoftmaxRows(seed: seed)
    var source = RandomSource(seed: seed + 10)
    var node = SoftmaxNode(childCount: 3, dimension: 3, penalty: penalty)
    let random = (0..<6).map { _ in source.gaussian() }
    node.coefficients = random + (0..<3).map { -random[$0] - random[3 + $0] }
    let statistics = try data.statistics(node)
    let sums = node.sums(statistics.span)
    let gradient = zip(sums.sums, sums.curvature(penalty: penalty) * node.coefficients).map(-)
    let scale = gradient.map(abs).max() ?? 0
    for j in 0..<9 {
      func difference(_ step: Double) -> Double {
        let values = [1, -1].map { sign in
          var moved = node.coefficients
          moved[j] += sign * step
          return data.objective(moved, penalty: penalty)
        }
        return (values[0] - values[1]) / (2 * step)
      }
      #expect(abs(gradient[j] - (4 * difference(1e-3) - difference(2e-3)) / 3) < 1e-7 * scale)
    }
  }

  /// Updates do not lower the objective, and come to the maximum that Newton's method finds.
  @Test(arguments: [0.5, 1, 20])
  func updatesFindTheMaximum(penalty: Double) throws {
    let data = try SoftmaxRows(seed: 3)
    var nodes = [SoftmaxNode(childCount: 3, dimension: 3, penalty: penalty)]
    var before = data.objective(nodes[0].coefficients, penalty: penalty)
    for _ in 0..<12 {
      let sums = try data.statistics(nodes[0])
      try nodes.update(from: sums.span, resum: Resum { try data.statistics($0[0]) })
      let after = data.objective(nodes[0].coefficients, penalty: penalty)
      #expect(after >= before - 1e-12 * abs(before))
      before = after
    }
    #expect(zip(nodes[0].coefficients, try data.maximum(penalty: penalty)).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// A tree of one branch is that softmax: the same maximum under the same responsibilities, whatever the units of the data.
  @Test func oneBranchIsASoftmax() throws {
    let data = try SoftmaxRows(seed: 4)
    var gate = try HierarchicalGate(ExpertTree("3"), penalty: 0)
    try gate.configure(for: DataSummary(data.rows))
    let tile = data.rows.makeTile()
    try data.rows.load(0, into: tile)
    var columns = [Double](repeating: 0, count: 3 * tile.capacity)
    for (i, row) in data.responsibilities.enumerated() { for j in 0..<3 { columns[j * tile.capacity + i] = row[j] } }
    func statistics(_ gate: HierarchicalGate) -> [Double] {
      var sums = [Double](repeating: 0, count: gate.statisticsCount)
      withMutableSpan(of: &sums) { gate.accumulate(tile, weighedBy: columns.span, into: &$0) }
      return sums
    }
    for _ in 0..<12 { try gate.update(from: statistics(gate).span, resum: Resum { statistics($0) }) }
    // Without penalty only differences of coefficients are determined: a whisper of one makes Newton's equations regular.
    let best = try data.maximum(penalty: 1e-9)
    let found = gate.branches[0].coefficients
    for child in 1..<3 {
      for j in 0..<3 { #expect(abs(found[child][j] - found[0][j] - (best[3 * child + j] - best[j])) < 1e-7) }
    }
  }
}

/// 150 rows of two features and any weights, which the responsibilities of three children sum to.
private struct SoftmaxRows {
  var rows: Observations
  var design: [[Double]]
  var responsibilities: [[Double]] = []

  init(seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    var design: [[Double]] = []
    for _ in 0..<150 {
      let x = [1, source.gaussian(), source.gaussian()]
      let shares = source.dirichlet(concentration: [1, 1, 1])
      let weight = source.uniform()
      design.append(x)
      responsibilities.append(zip(shares, [1, exp(x[1]), exp(x[2] - x[1])]).map { weight * $0 * $1 })
    }
    self.design = design
    let columns = (1...2).map { j in (column: ColumnSchema("z\(j)"), values: design.map { $0[j] }) }
    rows = try Observations(
      features: columns, responses: [("y", Array(repeating: 0, count: 150))],
      rowWeights: responsibilities.map { $0.reduce(0, +) })
  }

  /// The node's sums of all rows.
  func statistics(_ node: SoftmaxNode) throws -> [Double] {
    let tile = rows.makeTile()
    try rows.load(0, into: tile)
    let design = tile.gateDesign(
      Standardization(centres: [0, 0], scales: [1, 1], hasIntercept: true))
    var columns = [Double](repeating: 0, count: 3 * tile.capacity)
    for (i, row) in responsibilities.enumerated() { for j in 0..<3 { columns[j * tile.capacity + i] = row[j] } }
    var sums = [Double](repeating: 0, count: node.statisticsCount)
    withMutableSpan(of: &sums) {
      node.accumulate(tile, design: design, weighedBy: columns.span, weights: tile.assignmentWeights, into: &$0)
    }
    return sums
  }

  func weights(_ coefficients: [Double], _ row: Int) -> [Double] {
    let odds = (0..<3).map { exp(dot(Array(coefficients[(3 * $0)..<(3 * $0 + 3)]), design[row])) }
    return odds.map { $0 / odds.reduce(0, +) }
  }

  /// G(M), written out.
  func objective(_ coefficients: [Double], penalty: Double) -> Double {
    var value = -0.5 * penalty * dot(coefficients, coefficients)
    for i in design.indices {
      for (r, weight) in zip(responsibilities[i], weights(coefficients, i)) { value += r * log(weight) }
    }
    return value
  }

  /// The maximum by Newton's steps in all nine coefficients.
  func maximum(penalty: Double) throws -> [Double] {
    var coefficients = [Double](repeating: 0, count: 9)
    for _ in 0..<30 {
      var gradient = coefficients.map { -penalty * $0 }
      var hessian = Matrix.identity(9, scale: penalty)
      for i in design.indices {
        let (p, r, x) = (weights(coefficients, i), responsibilities[i], design[i])
        let total = r.reduce(0, +)
        for a in 0..<9 {
          gradient[a] += (r[a / 3] - total * p[a / 3]) * x[a % 3]
          for b in 0..<9 {
            hessian[a, b] += total * p[a / 3] * ((a / 3 == b / 3 ? 1 : 0) - p[b / 3]) * x[a % 3] * x[b % 3]
          }
        }
      }
      for (a, step) in try hessian.solving(gradient).enumerated() { coefficients[a] += step }
    }
    return coefficients
  }
}
