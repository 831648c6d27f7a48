import Foundation
import GSL
import Mixtures
import Testing

@testable import MixtureCore

/// What a gate sees of rows: features of its own, those of the experts, one row for a group.
@Suite struct GateFeatureTests {
  private let x = (0..<1000).map { Double($0 % 7) }
  private let z = (0..<1000).map { Double($0 / 4) }
  private var y: [Double] { x.map { 2 * $0 } }
  private let groups = (0..<1000).map { $0 / 4 }

  private func rows(own: Bool, grouped: Bool, features: [Double]? = nil) throws -> Observations {
    try Observations(
      features: [("x", features ?? x)],
      gateFeatures: own ? [(ColumnSchema("z"), z), (ColumnSchema("z²"), z.map { $0 * $0 })] : nil,
      responses: [("y", y)], groups: grouped ? groups : nil)
  }

  @Test(arguments: [false, true], [false, true])
  func tilesHaveAValueForEachAssignment(own: Bool, grouped: Bool) throws {
    let rows = try rows(own: own, grouped: grouped)
    let tile = rows.makeTile()
    var seen: [Double] = []
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      #expect(tile.gateFeatures.count == (own ? 2 : 1) * tile.capacity)
      seen += tile.gateFeatures.prefix(tile.assignmentCount)
      #expect(tile.gateFeatures[tile.assignmentCount..<tile.capacity].allSatisfy { $0 == 0 })
    }
    let values = own ? z : x
    #expect(seen == (grouped ? (0..<250).map { values[4 * $0] } : values))
  }

  @Test func aGateSharesTheExpertsDesign() throws {
    let data = try DataSummary(rows(own: false, grouped: false))
    let expert = Standardization(data, hasIntercept: true)
    var shared = expert
    shared.units = expert.units.map { 2 * $0 }
    for (own, grouped) in [(false, false), (true, false), (false, true)] {
      let rows = try rows(own: own, grouped: grouped)
      let tile = rows.makeTile()
      try rows.load(0, into: tile)
      let two = Standardization(centres: [0, 0], scales: [1, 1], hasIntercept: true)
      let first = tile.gateDesign(own ? two : shared)
      #expect((first === tile.design(expert)) == (!own && !grouped))
      // Sums of the intercept's column, weighed by one: the assignments.
      var sums = [Double](repeating: 0, count: first.dimension)
      let weights = tile.assignmentWeights
      withMutableSpan(of: &sums) {
        first.accumulate(weighedBy: weights.span, columns: 1, into: &$0, stride: first.dimension)
      }
      #expect(sums[0] == Double(tile.assignmentCount))
    }
  }

  /// A gate within a gate sees the assignments as rows, with some of the features, tile after tile.
  @Test(arguments: [false, true], [false, true])
  func aGateWithinAGateSeesSomeFeatures(own: Bool, grouped: Bool) throws {
    let weights = (0..<1000).map { Double($0 / 4 % 3) }
    let rows = try Observations(
      features: [("x", z), ("x²", z.map { $0 * $0 })],
      gateFeatures: own ? [(ColumnSchema("z"), z.map { -$0 }), (ColumnSchema("z²"), z.map { $0 * $0 })] : nil,
      responses: [("y", y)],
      rowWeights: weights,
      groups: grouped ? groups : nil)
    let tile = rows.makeTile()
    for index in 0..<rows.tileCount {
      try rows.load(index, into: tile)
      let inner = tile.gateTile([1])
      #expect(
        inner === tile.gateTile([1]) && inner.capacity == tile.capacity && inner.firstAssignment == tile.firstAssignment)
      #expect(
        inner.rowCount == tile.assignmentCount && inner.assignmentOfRow == nil
          && inner.assignmentWeights == tile.assignmentWeights)
      #expect(inner.gateFeatures == Array(tile.gateFeatures[tile.column(1)]))
      #expect(
        tile.gateTile([1, 0]).gateFeatures == Array(tile.gateFeatures[tile.column(1)] + tile.gateFeatures[tile.column(0)]))
    }
  }

  @Test(arguments: [false, true])
  func summariesKnowTheGatesFeatures(own: Bool) throws {
    let plain = try DataSummary(rows(own: own, grouped: false))
    #expect(plain.gateFeatures.map(\.name) == (own ? ["z", "z²"] : ["x"]))
    #expect(isClose(plain.gateFeatures[0].mean, (own ? z : x).reduce(0, +) / 1000, relative: 1e-12))
    #expect(plain.gateCovariance.rows == plain.gateFeatures.count && plain.assignmentWeight == 1000)
    let grouped = try DataSummary(rows(own: own, grouped: true))
    #expect(grouped.assignmentWeight == 250 && grouped.features == plain.features)
    #expect(grouped.featureVaryingInGroups == (own ? nil : "x"))
    #expect(plain.negativeGateFeatures == (own ? [] : nil))
    let constant = try DataSummary(rows(own: false, grouped: true, features: z))
    #expect(constant.featureVaryingInGroups == nil)
    #expect(isClose(constant.gateFeatures[0].mean, 124.5, relative: 1e-12))
  }

  @Test func ownFeaturesMustAgreeWithinGroups() throws {
    #expect(throws: DataError("column z, row 2: the gate sees a group as one, so its rows must agree")) {
      try Observations(
        features: [], gateFeatures: [("z", [1, 2, 3])], responses: [("y", [1, 2, 3])], groups: [0, 0, 1])
    }
  }
}
