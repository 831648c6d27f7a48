import Foundation
import GSL
import MixtureCore
import SyntheticData
import Testing

/// Rows depend on generator, seed and number alone.
@Suite struct DataSetTests {
  private func rows(_ data: SyntheticDataSet, threads: Int = 1) throws -> [[UInt64]] {
    var rows: [[UInt64]] = []
    try data.forEachBlock(threads: threads) { block in
      (0..<block.count).map { row in
        data.columns.indices.map { data.value(block, row: row, column: $0).bitPattern } + [UInt64(block.assignments[row])]
      }
    } consume: {
      rows += $0
    }
    return rows
  }

  @Test func whatIsDoneToFeaturesLeavesTheResponseAlone() throws {
    let plain = try SyntheticDataSet(Recipe("linear").generator(), rows: 2000).table()
    let more = try SyntheticDataSet(Recipe("linear+irrelevant:3").generator(), rows: 2000).table()
    for name in ["x1", "x2", "y"] { #expect(try plain.numbers(name) == more.numbers(name)) }
    #expect(more.columnNames == ["x1", "x2", "irrelevant1", "irrelevant2", "irrelevant3", "y"])
  }

  @Test func unseenRowsFollowThoseOfTheData() throws {
    let generator = try Recipe("linear").generator()
    let truth = try Truth(SyntheticDataSet(generator, rows: 100..<400, seed: 3))
    #expect(try rows(truth.unseenRows(50)) == rows(SyntheticDataSet(generator, rows: 400..<450, seed: 3)))
    #expect(try rows(truth.data()).count == 300)
  }
}
