import Foundation
import GSL
import MixtureCore
import MixtureData
import MixtureTestKit
import SyntheticData
import Testing

/// Rows depend on generator, seed and number alone.
@Suite struct DataSetTests {
  @Test func whatIsDoneToFeaturesLeavesTheResponseAlone() throws {
    let plain = try SyntheticDataSet(Recipe("linear").generator(), rows: 2000).table()
    let more = try SyntheticDataSet(Recipe("linear+irrelevant:3").generator(), rows: 2000).table()
    for name in ["x1", "x2", "y"] { #expect(try plain.numbers(name) == more.numbers(name)) }
    #expect(more.columnNames == ["x1", "x2", "irrelevant1", "irrelevant2", "irrelevant3", "y"])
  }

  /// A sequence may be as long as numbers are; a table may not, and says so before it draws a row.
  @Test(arguments: [1 << 40, 1 << 52, Int.max / 16])
  func moreRowsThanMemoryHoldsAreNoTable(rows: Int) throws {
    let data = try SyntheticDataSet(Recipe("linear").generator(), rows: rows)
    #expect(throws: MemoryError.self) { try data.table(threads: 1) }
  }

  @Test func unseenRowsFollowThoseOfTheData() throws {
    let generator = try Recipe("linear").generator()
    let truth = try Truth(SyntheticDataSet(generator, rows: 100..<400, seed: 3))
    #expect(try truth.unseenRows(50).bits() == SyntheticDataSet(generator, rows: 400..<450, seed: 3).bits())
    #expect(try truth.data().bits().count == 300)
    #expect(throws: ArgumentError.self) { try truth.unseenRows(0) }
    #expect(throws: ArgumentError.self) { try truth.unseenRows(.max) }
  }
}
