import Foundation
import Mixtures
import Testing

@testable import MixtureCore

/// What the summary of the data says of responses beside their moments.
@Suite struct ResponseSummaryTests {
  private typealias RowValue = DataSummary.RowValue

  private func response(_ values: [Double], weights: [Double]? = nil, threads: Int = 1) throws -> DataSummary.Response {
    try DataSummary(
      Observations(features: [], responses: [("y", values)], rowWeights: weights), threads: threads
    ).responses[0]
  }

  /// R: y <- c(0, 3, 1, 12, 7); w <- c(1, 2, 1, 3, 1); l <- log(y + .5); m <- sum(w * l) / sum(w); c(m, sqrt(sum(w * (l - m)^2) / sum(w)))
  @Test func logarithmsOfCounts() throws {
    let counts = try response([0, 3, 1, 12, 7], weights: [1, 2, 1, 3, 1])
    let logarithm = try #require(counts.logarithm)
    #expect(counts.isWhole && counts.firstNegative == nil && counts.least == 0 && counts.greatest == 12)
    let logs = [0.5, 3.5, 3.5, 1.5, 12.5, 12.5, 12.5, 7.5].map { log($0) }
    let mean = logs.reduce(0, +) / 8
    let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 8
    #expect(abs(logarithm.mean - mean) < 1e-14 && abs(logarithm.standardDeviation - variance.squareRoot()) < 1e-14)
  }

  @Test func theFirstRowsThatAreNoCounts() throws {
    let mixed = try response([2, 1.5, -3, 0.25, -0.5])
    #expect(mixed.firstNotWhole == RowValue(row: 1, value: 1.5) && mixed.firstNegative == RowValue(row: 2, value: -3))
    #expect(!mixed.isWhole && mixed.logarithm == nil)
    // Rows of weight zero do not count.
    let weighted = try response([2, 1.5, -3, 0.25, -0.5], weights: [1, 0, 0, 1, 1])
    #expect(weighted.firstNotWhole == RowValue(row: 3, value: 0.25))
    #expect(weighted.firstNegative == RowValue(row: 4, value: -0.5))
    #expect(try response([2, -3, 4], weights: [1, 0, 1]).logarithm != nil)
    #expect(try response([2, 3.5, 4]).logarithm == nil)
  }

  /// Across tiles, on any number of threads, and whatever the units.
  @Test func threadsAndUnitsChangeNothing() throws {
    var values = (0..<20_000).map { Double($0 % 37) }
    values[15_000] = -1
    values[19_000] = 0.5
    let rows = try Observations(features: [], responses: [("y", values)])
    let one = try DataSummary(rows, threads: 1)
    #expect(one.responses[0].firstNegative == RowValue(row: 15_000, value: -1))
    #expect(one.responses[0].firstNotWhole == RowValue(row: 19_000, value: 0.5))
    for threads in [2, 5] { #expect(try DataSummary(rows, threads: threads) == one) }
    var units = ColumnUnits.ofData(rows.shape)
    units.responses = [0x1p20]
    let other = try DataSummary(rows, in: units, threads: 3).responses[0]
    #expect(other.firstNegative == one.responses[0].firstNegative && other.mean == one.responses[0].mean * 0x1p-20)
    #expect(other.firstNotWhole == one.responses[0].firstNotWhole)
    let counts = try Observations(features: [], responses: [("y", values.map { abs($0.rounded()) })])
    let logarithm = try DataSummary(counts, threads: 1).responses[0].logarithm
    #expect(try logarithm != nil && DataSummary(counts, threads: 4).responses[0].logarithm == logarithm)
    #expect(try DataSummary(counts, in: units, threads: 1).responses[0].logarithm == logarithm)
  }

  @Test func aFileKeepsIt() throws {
    for values in [[2, 1.5, -3], [0, 4, 2.0]] {
      let one = try response(values)
      let read = try JSONDecoder().decode(DataSummary.Response.self, from: JSONEncoder().encode(one))
      #expect(read == one)
    }
  }
}
